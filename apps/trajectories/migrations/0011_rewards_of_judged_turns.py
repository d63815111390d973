from django.db import migrations

# The owner is under the wall, too. For this statement, and in this transaction only, it is not.
_FILL = """
SET CONSTRAINTS ALL IMMEDIATE;
ALTER TABLE trajectories_turn NO FORCE ROW LEVEL SECURITY;
UPDATE trajectories_turn SET reward = score, reward_source = 'judge' WHERE score IS NOT NULL;
ALTER TABLE trajectories_turn FORCE ROW LEVEL SECURITY;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("trajectories", "0010_scores"),
    ]
    operations = [
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
    ]
