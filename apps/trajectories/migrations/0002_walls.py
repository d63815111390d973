from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("trajectories", "0001_initial"),
        ("tenants", "0002_walls"),
    ]
    operations = [
        TenantWall(["Session", "Blob", "Turn", "TurnSkill", "Score"]),
    ]
