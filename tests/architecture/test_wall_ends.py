"""The wall ends with the transaction: what a pooled connection carries on, with real commits."""

from django.db import connection

from apps.core.tenancy import tenant_tx
from apps.trajectories.models import Turn
from tests.architecture.world import make_workspace


def test_the_tenant_does_not_outlive_its_transaction(committed_db):
    """A pooled connection must not carry it into the next request."""
    workspace = make_workspace("committed")

    with tenant_tx(workspace.tenant.id):
        inside = Turn.unscoped.count()
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true), app_tenant(), current_user")
        setting, tenant_id, role = cursor.fetchone()

    assert (inside, Turn.unscoped.count()) == (2, 0)
    assert (setting or "", tenant_id, role) == ("", None, "mc_app")


def test_a_commit_that_comes_too_early_takes_the_tenant_with_it(committed_db):
    """The setting belongs to the transaction, not to the connection and to tidying up."""
    workspace = make_workspace("committed")

    with tenant_tx(workspace.tenant.id), connection.cursor() as cursor:
        cursor.execute("COMMIT")
        cursor.execute("SELECT app_tenant()")
        left_over = cursor.fetchone()

    assert left_over == (None,)
