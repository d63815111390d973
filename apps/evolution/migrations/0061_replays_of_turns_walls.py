from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("evolution", "0060_replays_of_turns"),
        ("skills", "0031_value_walls"),
    ]
    operations = [
        TenantWall(["Replay", "ReplayCase"]),
    ]
