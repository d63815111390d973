from django.db import migrations

# What is append-only stays so, but for a workspace that goes as a whole: then all of it goes.
# The application can neither delete these rows itself nor bring back a workspace once one of
# them is gone. clock_timestamp: the moment counts, not when the transaction began.
LETTING_GO = """
CREATE OR REPLACE FUNCTION workspace_is_going(workspace uuid) RETURNS boolean
STABLE LANGUAGE sql SET search_path = public, pg_temp AS $$
  SELECT EXISTS (SELECT FROM tenants_tenant WHERE id = workspace AND deleting_since IS NOT NULL)
$$;

CREATE OR REPLACE FUNCTION workspace_let_go(kept text, most integer) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
  gone bigint;
BEGIN
  IF kept NOT IN ('tenants_auditevent', 'tenants_audithead', 'skills_skillversion') THEN
    RAISE EXCEPTION '% is not kept', kept;
  END IF;
  IF NOT workspace_is_going(app_tenant()) THEN
    RAISE EXCEPTION 'the workspace is not going';
  END IF;
  EXECUTE format('DELETE FROM %1$I WHERE tenant_id = app_tenant() AND id IN'
                 ' (SELECT id FROM %1$I WHERE tenant_id = app_tenant() ORDER BY id LIMIT %2$s)',
                 kept, most);
  GET DIAGNOSTICS gone = ROW_COUNT;
  RETURN gone;
END $$;
REVOKE ALL ON FUNCTION workspace_let_go(text, integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION workspace_let_go(text, integer) TO mc_app;

CREATE OR REPLACE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    IF workspace_is_going(OLD.tenant_id) THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'audit events are append-only';
END $$;

CREATE OR REPLACE FUNCTION workspace_goes_one_way() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.deleting_since IS NOT NULL AND (NEW.deleting_since IS DISTINCT FROM OLD.deleting_since
      OR NEW.delete_after IS DISTINCT FROM OLD.delete_after) THEN
    RAISE EXCEPTION 'a workspace that is going is not brought back';
  END IF;
  IF OLD.deleting_since IS NULL AND NEW.deleting_since IS NOT NULL
      AND (OLD.delete_after IS NULL OR OLD.delete_after > clock_timestamp()) THEN
    RAISE EXCEPTION 'the time of the workspace has not come';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER workspace_goes_one_way BEFORE UPDATE ON tenants_tenant
  FOR EACH ROW EXECUTE FUNCTION workspace_goes_one_way();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("exports", "0002_walls"),
        ("tenants", "0040_deletion"),
        ("skills", "0004_versions_stay"),
    ]
    operations = [migrations.RunSQL(LETTING_GO, migrations.RunSQL.noop)]
