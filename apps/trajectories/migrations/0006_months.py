from django.db import migrations

from apps.core.walls import TenantWall
from apps.trajectories.partitions import CutTurnsByMonth


class Migration(migrations.Migration):
    dependencies = [
        ("trajectories", "0005_tags"),
        # Months are dropped by what workspaces keep.
        ("tenants", "0004_retention"),
    ]
    operations = [
        CutTurnsByMonth(),
        TenantWall(["Turn", "TurnSkill", "Score"]),
    ]
