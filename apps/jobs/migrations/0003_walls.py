from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0002_initial"),
        ("tenants", "0002_walls"),
    ]
    operations = [
        TenantWall(["Job"]),
    ]
