from django.db import migrations

from apps.core.walls import TenantWall


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0030_value"),
    ]
    operations = [
        TenantWall(["SkillStanding"]),
    ]
