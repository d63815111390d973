"""Many rows with one statement: the values arrive as they were, and the walls hold."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError

from apps.core.bulk import rows_insert
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.trajectories.models import Blob


def row(tenant_id, **fields):
    wanted = {
        "id": uuid7(),
        "tenant_id": tenant_id,
        "created_at": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        "sha256": bytes(range(32)),
        "content": {"text": "ü \u2028 'quoted' \\ %s", "list": [1.5, None, True]},
    }
    return wanted | fields


def stored(tenant) -> list[Blob]:
    with tenant_tx(tenant.id):
        return list(Blob.objects.for_tenant(tenant.id).order_by("id"))


@pytest.mark.parametrize("content", [{"n": 12345678901234567890123}, ["%s", "%%"], "\\x00", 0])
def test_values_arrive_as_they_were(tenant, content):
    rows = [row(tenant.id), row(tenant.id, sha256=b"\x00%s\\x", content=content)]

    with tenant_tx(tenant.id):
        rows_insert(Blob, rows)

    found = {blob.id: blob for blob in stored(tenant)}
    for wanted in rows:
        blob = found[wanted["id"]]
        assert (bytes(blob.sha256), blob.content) == (wanted["sha256"], wanted["content"])
        assert blob.created_at == wanted["created_at"]


def test_rows_that_are_there_are_skipped_only_when_asked(tenant):
    rows = [row(tenant.id)]

    with tenant_tx(tenant.id):
        rows_insert(Blob, [])
        rows_insert(Blob, rows)
        rows_insert(Blob, rows, skip_existing=True)
    with pytest.raises(DatabaseError, match="duplicate key"), tenant_tx(tenant.id):
        rows_insert(Blob, rows)

    assert len(stored(tenant)) == 1


def test_a_row_of_another_workspace_is_refused(tenant, other_tenant):
    with pytest.raises(DatabaseError, match="row-level security"), tenant_tx(tenant.id):
        rows_insert(Blob, [row(other_tenant.id)])
