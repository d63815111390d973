from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0001_initial"),
        ("tenants", "0002_walls"),
    ]
    operations = [
        TenantWall(["Limit", "PriceOverride", "UsageEntry", "UsageDay"]),
    ]
