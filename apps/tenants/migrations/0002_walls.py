from django.db import migrations

from apps.core.walls import TenantWall

# The application role cannot change or delete what was noted; the trigger holds for owners too.
APPEND_ONLY = """
REVOKE UPDATE, DELETE, TRUNCATE ON tenants_auditevent FROM mc_app;
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'audit events are append-only'; END $$;
CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON tenants_auditevent
  FOR EACH ROW EXECUTE FUNCTION audit_refuse_change();
CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON tenants_auditevent
  FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tenants", "0001_initial"),
        ("core", "0001_walls"),
    ]
    operations = [
        TenantWall(["Membership", "ApiKey", "AuditEvent"]),
        migrations.RunSQL(APPEND_ONLY, migrations.RunSQL.noop),
    ]
