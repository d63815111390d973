from django.db import migrations

# As for live versions: what is on trial is the exact text that was approved, whoever writes it.
APPROVED_ONLY = """
CREATE FUNCTION skill_trial_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.trial_version_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM skills_skillversion v
    JOIN evolution_proposal p ON p.tenant_id = v.tenant_id AND p.slug = NEW.slug
    JOIN evolution_review r ON r.tenant_id = p.tenant_id AND r.proposal_id = p.id
    WHERE v.tenant_id = NEW.tenant_id AND v.id = NEW.trial_version_id AND p.status = 'approved'
      AND r.decision = 'approved' AND r.sha256 = p.sha256
      AND v.sha256 IN (r.sha256, r.guidance_sha256)
  ) THEN
    RAISE EXCEPTION 'nobody approved the text of % that is on trial', NEW.slug
      USING ERRCODE = 'check_violation', CONSTRAINT = 'skills_trial_is_approved';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER skills_trial_is_approved
  BEFORE INSERT OR UPDATE OF trial_version_id ON skills_skill
  FOR EACH ROW EXECUTE FUNCTION skill_trial_is_approved();
"""
ANYTHING = """
DROP TRIGGER skills_trial_is_approved ON skills_skill;
DROP FUNCTION skill_trial_is_approved();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evolution", "0011_review_walls"),
        ("skills", "0006_trials"),
    ]
    operations = [migrations.RunSQL(APPROVED_ONLY, ANYTHING)]
