from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [("training", "0050_windows")]
    operations = [TenantWall(["CalendarConnection", "Presence", "Window", "WindowRules"])]
