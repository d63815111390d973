"""Examples to imitate have no log-probabilities, and only a batch without rewards takes them."""

from django.db import migrations

LOGPROBS = """
ALTER TABLE training_sample DROP CONSTRAINT training_a_logprob_each;
ALTER TABLE training_sample ADD CONSTRAINT training_a_logprob_each
  CHECK (octet_length(logprobs) = CASE WHEN origin = 'expert' THEN 0 ELSE octet_length(tokens) END
         AND octet_length(tokens) >= 4
         AND octet_length(tokens) % 4 = 0 AND octet_length(prompt_tokens) % 4 = 0);
"""
EACH = """
ALTER TABLE training_sample DROP CONSTRAINT training_a_logprob_each;
ALTER TABLE training_sample ADD CONSTRAINT training_a_logprob_each
  CHECK (octet_length(tokens) = octet_length(logprobs) AND octet_length(tokens) >= 4
         AND octet_length(tokens) % 4 = 0 AND octet_length(prompt_tokens) % 4 = 0);
"""
IMITATED = """
CREATE FUNCTION training_only_imitated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT 1 FROM training_sample s
    JOIN training_batch b ON b.tenant_id = s.tenant_id AND b.id = NEW.batch_id
    WHERE s.tenant_id = NEW.tenant_id AND s.id = NEW.sample_id
      AND s.origin = 'expert' AND b.needs_reward
  ) THEN
    RAISE EXCEPTION 'nobody sampled the answer of turn %: it can only be imitated', NEW.turn_id
      USING ERRCODE = 'check_violation', CONSTRAINT = 'training_only_imitated';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER training_only_imitated BEFORE INSERT ON training_batchsample
  FOR EACH ROW EXECUTE FUNCTION training_only_imitated();
"""
ANYTHING = """
DROP TRIGGER training_only_imitated ON training_batchsample;
DROP FUNCTION training_only_imitated();
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0054_experts")]
    operations = [
        migrations.RunSQL(LOGPROBS, EACH),
        migrations.RunSQL(IMITATED, ANYTHING),
    ]
