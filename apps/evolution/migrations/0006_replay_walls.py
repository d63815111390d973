from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("evolution", "0005_replays"),
    ]
    operations = [
        TenantWall(["Replay", "ReplayCase"]),
    ]
