"""Many rows with one statement: the values arrive as they were, and the walls hold."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError

from apps.core.bulk import rows_insert
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.trajectories.models import Piece


def piece(tenant_id: UUID, **fields: Any) -> dict[str, Any]:
    wanted = {
        "id": uuid7(),
        "tenant_id": tenant_id,
        "created_at": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
        "content": bytes(range(32)),
    }
    return wanted | fields


def job(tenant_id: UUID, payload: Any) -> dict[str, Any]:
    row = Job(tenant_id=tenant_id, kind="test", dedupe_key="ü 'quoted' \\ %s \u2028")
    row.payload = payload
    row.created_at = row.updated_at = row.run_after = datetime(2026, 1, 2, tzinfo=UTC)
    return {field.column: getattr(row, field.attname) for field in Job._meta.concrete_fields}


def pieces(tenant) -> list[Piece]:
    with tenant_tx(tenant.id):
        return list(Piece.objects.for_tenant(tenant.id).order_by("id"))


def payload_after(tenant, payload: Any) -> Any:
    with tenant_tx(tenant.id):
        rows_insert(Job, [job(tenant.id, payload)])
        found = Job.objects.for_tenant(tenant.id).get()
    assert found.dedupe_key == "ü 'quoted' \\ %s \u2028"
    return found.payload


def test_bytes_and_times_arrive_as_they_were(tenant):
    rows = [piece(tenant.id), piece(tenant.id, content=b"\x00%s\\x")]

    with tenant_tx(tenant.id):
        rows_insert(Piece, rows)

    found = {one.id: one for one in pieces(tenant)}
    for wanted in rows:
        one = found[wanted["id"]]
        assert (bytes(one.content), one.created_at) == (wanted["content"], wanted["created_at"])


@pytest.mark.parametrize(
    "payload",
    [
        {"n": 12345678901234567890123},
        ["%s", "%%"],
        "\\x00",
        "a literal \\u0000",
        0,
        {"text": "ü \u2028 'quoted' \\ %s", "list": [1.5, None, True]},
    ],
)
def test_json_arrives_as_it_was(tenant, payload):
    assert payload_after(tenant, payload) == payload


@pytest.mark.parametrize(
    "payload, kept",
    [
        ({"a\0": ["b\0", 2]}, {"a\ufffd": ["b\ufffd", 2]}),
        ("half \ud83d", "half ?"),
        ([float("inf"), "\0"], ["inf", "\ufffd"]),
    ],
)
def test_what_postgres_cannot_hold_is_replaced_by_a_mark(tenant, payload, kept):
    assert payload_after(tenant, payload) == kept


def test_rows_that_are_there_are_skipped_only_when_asked(tenant):
    rows = [piece(tenant.id)]

    with tenant_tx(tenant.id):
        rows_insert(Piece, [])
        rows_insert(Piece, rows)
        rows_insert(Piece, rows, skip_existing=True)
    with pytest.raises(DatabaseError, match="duplicate key"), tenant_tx(tenant.id):
        rows_insert(Piece, rows)

    assert len(pieces(tenant)) == 1


def test_a_row_of_another_workspace_is_refused(tenant, other_tenant):
    with pytest.raises(DatabaseError, match="row-level security"), tenant_tx(tenant.id):
        rows_insert(Piece, [piece(other_tenant.id)])
