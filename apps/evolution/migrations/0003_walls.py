from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("evolution", "0002_initial"),
        ("skills", "0003_walls"),
        ("trajectories", "0002_walls"),
    ]
    operations = [
        TenantWall(["EvolutionRun", "Proposal", "Evidence", "Review"]),
    ]
