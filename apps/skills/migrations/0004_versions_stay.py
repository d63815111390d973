from django.db import migrations

# A version that was in prompts stays readable: turns and reviews point at it.
STAY = "REVOKE DELETE, TRUNCATE ON skills_skillversion FROM mc_app"


class Migration(migrations.Migration):
    dependencies = [("skills", "0003_walls")]
    operations = [migrations.RunSQL(STAY, migrations.RunSQL.noop)]
