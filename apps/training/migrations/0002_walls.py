"""Support and query apart (P6), whoever writes the rows.

One function says whether a turn may train; readers ask it, and the trigger on batches obeys it.
A turn in a batch is marked in its own row, where a check keeps the two marks from ever being
there together: that is what an evolution that runs at the same moment meets.
"""

from django.db import migrations

from apps.core.walls import TenantWall

REFUSAL = """
CREATE FUNCTION training_refusal(whose uuid, which uuid) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce((
    SELECT CASE
      WHEN t.is_support THEN 'support'
      WHEN t.is_trained THEN 'trained'
      WHEN t.status <> 'complete' THEN 'not_complete'
      WHEN t.reward IS NULL THEN 'unscored'
      WHEN EXISTS (
        SELECT 1 FROM trajectories_turnskill u
        WHERE u.tenant_id = whose AND u.turn_id = which AND NOT EXISTS (
          SELECT 1 FROM skills_skill s
          WHERE s.tenant_id = whose AND s.slug = u.slug AND s.status = 'live'
            AND u.version_id = s.live_version_id
        )
      ) THEN 'older_skills'
      ELSE ''
    END
    FROM trajectories_turn t WHERE t.tenant_id = whose AND t.id = which
  ), 'gone')
$$;
"""
ONLY_QUERY = """
CREATE FUNCTION training_only_query() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE refusal text;
BEGIN
  -- Whoever makes it evidence right now is waited for, and then waits for us.
  PERFORM 1 FROM trajectories_turn WHERE tenant_id = NEW.tenant_id AND id = NEW.turn_id FOR UPDATE;
  refusal := training_refusal(NEW.tenant_id, NEW.turn_id);
  IF refusal = '' AND NOT EXISTS (
    SELECT 1 FROM training_sample s
    WHERE s.tenant_id = NEW.tenant_id AND s.id = NEW.sample_id AND s.turn_id = NEW.turn_id
  ) THEN
    refusal := 'of another turn';
  END IF;
  IF refusal <> '' THEN
    RAISE EXCEPTION 'a sample of turn % may not train: %', NEW.turn_id, refusal
      USING ERRCODE = 'check_violation', CONSTRAINT = 'training_only_query';
  END IF;
  UPDATE trajectories_turn SET is_trained = true
  WHERE tenant_id = NEW.tenant_id AND id = NEW.turn_id;
  RETURN NEW;
END $$;
CREATE TRIGGER training_only_query BEFORE INSERT ON training_batchsample
  FOR EACH ROW EXECUTE FUNCTION training_only_query();

CREATE FUNCTION training_marks_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.is_support AND NOT NEW.is_support THEN
    RAISE EXCEPTION 'turn % taught a skill, and that stays', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'training_support_stays';
  END IF;
  IF OLD.is_trained AND NOT NEW.is_trained AND EXISTS (
    SELECT 1 FROM training_batchsample b WHERE b.tenant_id = OLD.tenant_id AND b.turn_id = OLD.id
  ) THEN
    RAISE EXCEPTION 'turn % is in a batch', OLD.id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'training_marks_stay';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER training_marks_stay BEFORE UPDATE OF is_support, is_trained ON trajectories_turn
  FOR EACH ROW WHEN (OLD.is_support OR OLD.is_trained) EXECUTE FUNCTION training_marks_stay();

ALTER TABLE training_sample ADD CONSTRAINT training_a_logprob_each
  CHECK (octet_length(tokens) = octet_length(logprobs) AND octet_length(tokens) >= 4
         AND octet_length(tokens) % 4 = 0 AND octet_length(prompt_tokens) % 4 = 0);
-- What a policy said, and what it was worth when a batch was formed, is not said again.
REVOKE UPDATE, TRUNCATE ON training_sample, training_batchsample FROM mc_app;
"""
ANYTHING = """
DROP TRIGGER training_marks_stay ON trajectories_turn;
DROP FUNCTION training_marks_stay();
DROP TRIGGER training_only_query ON training_batchsample;
DROP FUNCTION training_only_query();
DROP FUNCTION training_refusal(uuid, uuid);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("training", "0001_initial"),
        ("trajectories", "0070_trained"),
        ("skills", "0031_value_walls"),
    ]
    operations = [
        TenantWall(["Sample", "Batch", "BatchSample"]),
        migrations.RunSQL(REFUSAL + ONLY_QUERY, ANYTHING),
    ]
