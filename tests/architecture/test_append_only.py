"""What was noted stays noted, and what was approved stays that text: by SQL, as the application."""

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from apps.core.tenancy import tenant_tx
from apps.skills.models import SkillVersion
from apps.tenants.models import AuditEvent
from tests import database
from tests.factories import TenantFactory, make_skill


@pytest.fixture
def skill(tenant):
    return make_skill(tenant.id)


@pytest.mark.parametrize("table", ["tenants_auditevent", "skills_skillversion"])
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE {} SET created_at = now()",
        "DELETE FROM {}",
        "TRUNCATE {} CASCADE",
        "ALTER TABLE {} DISABLE TRIGGER ALL",
        "DROP TABLE {} CASCADE",
    ],
)
def test_the_application_can_neither_change_nor_remove_them(tenant, skill, table, statement):
    with tenant_tx(tenant.id):
        with (
            pytest.raises(DatabaseError, match=r"permission denied|must be owner"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

        assert AuditEvent.objects.for_tenant(tenant.id).count() == 1
        assert SkillVersion.objects.for_tenant(tenant.id).count() == 1


@pytest.mark.parametrize("verb", ["UPDATE {} SET created_at = now()", "DELETE FROM {}"])
def test_not_even_the_owner_of_the_table_can_rewrite_the_audit_log(committed_db, verb):
    tenant = TenantFactory()
    make_skill(tenant.id)

    with database.owner_of_test_database() as owner:
        # For the whole connection: an owner is under row level security as well.
        owner.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant.id)])
        with pytest.raises(psycopg.errors.RaiseException, match="append-only"):
            owner.execute(verb.format("tenants_auditevent"))
