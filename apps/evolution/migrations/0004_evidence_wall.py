from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    """Evidence points at turns, whose table was made anew."""

    dependencies = [
        ("evolution", "0003_walls"),
        ("trajectories", "0006_months"),
    ]
    operations = [TenantWall(["Evidence"])]
