from django.db import migrations

# After a transaction that used set_config(..., true) the setting is the empty string, not
# NULL: hence NULLIF. Tables are made by mc_owner; the roles that use them get their rights
# from default privileges, so that no later table can forget them.
SETUP = """
DO $$
BEGIN
  IF (SELECT count(*) FROM pg_roles WHERE rolname IN ('mc_app', 'mc_ops')) < 2 THEN
    RAISE EXCEPTION 'The roles mc_app and mc_ops do not exist: see docs/running.md';
  END IF;
END $$;
CREATE EXTENSION IF NOT EXISTS vector;
CREATE OR REPLACE FUNCTION app_tenant() RETURNS uuid STABLE LANGUAGE sql
  AS $$ SELECT NULLIF(current_setting('app.tenant', true), '')::uuid $$;
GRANT USAGE ON SCHEMA public TO mc_app, mc_ops;
GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO mc_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO mc_app;
GRANT SELECT ON ALL TABLES IN SCHEMA public TO mc_ops;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO mc_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE ON SEQUENCES TO mc_app;
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO mc_ops;
"""


class Migration(migrations.Migration):
    dependencies = []
    operations = [migrations.RunSQL(SETUP, migrations.RunSQL.noop)]
