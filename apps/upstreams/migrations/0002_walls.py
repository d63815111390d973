from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("upstreams", "0001_initial"),
        ("tenants", "0002_walls"),
    ]
    operations = [
        TenantWall(["Upstream"]),
    ]
