from django.db import migrations

from apps.core.walls import TenantWall

# A decision that was made stays as it was made.
KEPT = "REVOKE UPDATE, TRUNCATE ON evolution_review FROM mc_app"

# What was learned becomes live, or goes on trial, only as the exact text that was approved (P4), whoever writes the
# row: the approved proposal and a review of that very hash are looked for.
APPROVED_ONLY = """
CREATE FUNCTION skill_learned_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM skills_skillversion v
    WHERE v.tenant_id = NEW.tenant_id AND v.source = 'evolved'
      AND (v.id = NEW.trial_version_id OR NEW.status = 'live' AND v.id = NEW.live_version_id)
      AND NOT EXISTS (
        SELECT 1 FROM evolution_proposal p
        JOIN evolution_review r ON r.tenant_id = p.tenant_id AND r.proposal_id = p.id
        WHERE p.tenant_id = NEW.tenant_id AND p.slug = NEW.slug AND p.status = 'approved'
          AND r.decision = 'approved' AND r.sha256 = p.sha256
          AND v.sha256 IN (r.sha256, r.guidance_sha256)
      )
  ) THEN
    RAISE EXCEPTION 'nobody approved this text of %', NEW.slug
      USING ERRCODE = 'check_violation', CONSTRAINT = 'skills_learned_is_approved';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER skills_learned_is_approved
  BEFORE INSERT OR UPDATE OF live_version_id, trial_version_id, status ON skills_skill
  FOR EACH ROW EXECUTE FUNCTION skill_learned_is_approved();
"""
ANYTHING = """
DROP TRIGGER skills_learned_is_approved ON skills_skill;
DROP FUNCTION skill_learned_is_approved();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("evolution", "0010_review"),
        ("skills", "0006_trials"),
    ]
    operations = [
        TenantWall(["ReviewPolicy", "ReviewLease"]),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RunSQL(APPROVED_ONLY, ANYTHING),
    ]
