from django.db import migrations

from apps.core.walls import TenantWall

# The terms are read by their index only: out of the row, so that going through what matches
# is going through rows of a hundred bytes.
NARROW = "ALTER TABLE trajectories_turntext SET (toast_tuple_target = 128)"


class Migration(migrations.Migration):
    dependencies = [
        ("trajectories", "0020_search"),
    ]
    operations = [
        TenantWall(["TurnText", "TurnVector"]),
        migrations.RunSQL(NARROW, migrations.RunSQL.noop),
    ]
