"""What Postgres itself says about the walls: asked of its catalogue, not of the models."""

import pytest
from django.db import connection

# Tables whose rows belong to no workspace. A new table is either here on purpose, or fenced.
SHARED_TABLES = {
    "account_emailaddress",
    "account_emailconfirmation",
    "auth_group",
    "auth_group_permissions",
    "auth_permission",
    "django_content_type",
    "django_migrations",
    "django_session",
    "exports_deletioncertificate",
    "exports_signingkey",
    "mfa_authenticator",
    "socialaccount_socialaccount",
    "socialaccount_socialapp",
    "socialaccount_socialtoken",
    "tenants_tenant",
    "tenants_user",
    "tenants_user_groups",
    "tenants_user_user_permissions",
    "usersessions_usersession",
}

pytestmark = pytest.mark.django_db


def rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def tables() -> set[str]:
    return {name for (name,) in rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def fenced_tables() -> set[str]:
    return {
        name
        for (name,) in rows(
            # Not the information schema, which shows a role what that may use: nobody may use
            # the parts of a partitioned table.
            "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
            " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
            " AND attname = 'tenant_id'"
        )
    }


def test_every_table_either_has_a_tenant_or_is_known_to_need_none():
    assert tables() - fenced_tables() == SHARED_TABLES


def test_every_tenant_column_is_required():
    nullable = rows(
        "SELECT relname FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid"
        " WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        " AND attname = 'tenant_id' AND NOT attnotnull"
    )

    assert nullable == []


def test_row_level_security_is_on_and_binds_the_owner_too():
    walled = rows(
        "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
        " AND relkind IN ('r', 'p') AND relrowsecurity AND relforcerowsecurity"
    )

    assert {name for (name,) in walled} == fenced_tables()


def test_the_only_policy_of_a_table_is_for_reading_and_writing():
    policies = rows(
        "SELECT tablename, permissive, roles::text[], cmd, qual, with_check FROM pg_policies"
        " WHERE schemaname = 'public'"
    )

    assert sorted(name for name, *_ in policies) == sorted(fenced_tables())
    for name, permissive, roles, command, using, check in policies:
        assert (permissive, roles, command) == ("PERMISSIVE", ["public"], "ALL"), name
        assert using == check, name
        assert "tenant_id = " in using, name
        assert "app_tenant()" in using, name


def test_every_row_can_be_pointed_at_together_with_its_tenant():
    unique = rows(
        "SELECT conrelid::regclass::text FROM pg_constraint c WHERE contype = 'u' AND"
        " (SELECT array_agg(attname::text ORDER BY attname) FROM pg_attribute"
        "  WHERE attrelid = c.conrelid AND attnum = ANY (c.conkey)) = ARRAY['id', 'tenant_id']"
    )

    assert {name for (name,) in unique} == fenced_tables()


def test_foreign_keys_between_tenant_owned_rows_carry_the_tenant():
    """A plain foreign key is not subject to row level security: it would take any row."""
    keys = rows(
        "SELECT conname, confrelid::regclass::text, conrelid::regclass::text,"
        " (SELECT array_agg(attname::text) FROM pg_attribute"
        "  WHERE attrelid = c.conrelid AND attnum = ANY (c.conkey))"
        " FROM pg_constraint c WHERE contype = 'f'"
    )
    fenced = fenced_tables()

    bare = [
        name
        for name, target, source, columns in keys
        if target in fenced and not (source in fenced and "tenant_id" in columns)
    ]

    assert bare == []
    assert sum(target in fenced for _, target, *_ in keys) >= 12


def test_uniqueness_is_per_tenant_so_that_nobody_learns_what_others_have():
    """Random ids aside: a global unique name would answer "taken" across the wall."""
    unique = rows(
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
        " AND indexdef LIKE 'CREATE UNIQUE%'"
    )
    fenced = fenced_tables()

    shared = {
        name
        for table, name, definition in unique
        if table in fenced and "tenant_id" not in definition and not name.endswith("_pkey")
    }

    assert shared == {"tenants_apikey_public_id_key", "tenants_invitation_public_id_key"}


def test_the_application_role_is_under_the_walls():
    (role,) = rows(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole,"
        " pg_has_role(rolname, tableowner, 'member')"
        " FROM pg_roles, pg_tables WHERE rolname = current_user AND tablename = 'tenants_apikey'"
    )

    assert role == ("mc_app", False, False, False, False)


def test_the_role_of_the_directory_may_read_and_nothing_else():
    granted = rows(
        "SELECT DISTINCT privilege FROM pg_tables,"
        " unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER']) privilege"
        " WHERE schemaname = 'public'"
        " AND has_table_privilege('mc_ops', quote_ident(tablename), privilege)"
    )

    assert granted == [("SELECT",)]


def test_the_parts_of_a_table_can_be_reached_through_the_whole_only():
    """A policy of the whole is not asked when a part is named."""
    parts = rows(
        "SELECT inhrelid::regclass::text,"
        " has_table_privilege('mc_app', inhrelid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE'),"
        " has_table_privilege('mc_ops', inhrelid, 'SELECT')"
        " FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid WHERE relkind = 'r'"
    )

    assert len(parts) >= 4
    assert {(is_app, is_ops) for _, is_app, is_ops in parts} == {(False, False)}


def test_functions_that_act_as_their_owner_are_few_and_look_up_nothing_elsewhere():
    definers = rows(
        "SELECT proname, proconfig::text[], proacl::text FROM pg_proc"
        " WHERE pronamespace = 'public'::regnamespace AND prosecdef"
    )

    known = {"turns_month_make", "turns_month_drop", "workspace_let_go"}
    assert {name for name, *_ in definers} == known
    for name, config, grants in definers:
        assert "search_path=public, pg_temp" in config, name
        # Nobody but the owner and the application: no grant to everybody ("=X").
        assert "{=X" not in grants, name
        assert ",=X" not in grants, name
