from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("exports", "0001_initial")]
    operations = [
        TenantWall(["Export", "ExportFile", "Deletion"]),
    ]
