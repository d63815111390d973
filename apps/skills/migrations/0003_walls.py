from django.db import migrations

from apps.core.walls import TenantWall

# What was approved by its hash stays that text.
IMMUTABLE = """
REVOKE UPDATE ON skills_skillversion FROM mc_app;
CREATE FUNCTION skillversion_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'skill versions never change'; END $$;
CREATE TRIGGER skillversion_immutable BEFORE UPDATE ON skills_skillversion
  FOR EACH ROW EXECUTE FUNCTION skillversion_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("skills", "0002_initial"),
        ("tenants", "0002_walls"),
    ]
    operations = [
        TenantWall(["Skill", "SkillVersion", "SkillEmbedding", "LibraryGeneration", "SkillStat"]),
        migrations.RunSQL(IMMUTABLE, migrations.RunSQL.noop),
    ]
