from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0020_library"),
    ]
    operations = [
        TenantWall(["Pack"]),
    ]
