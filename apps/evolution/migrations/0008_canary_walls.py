from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("evolution", "0007_canaries"),
    ]
    operations = [
        TenantWall(["Canary", "CanarySession"]),
    ]
