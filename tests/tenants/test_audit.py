"""The audit log: numbered without gaps, chained, and every row that is not what was written named.

Rows are tampered with by the tables' owner with the trigger off: the application cannot.
"""

import hashlib
import io
import json
import threading
import time
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections, transaction

from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.tenants.audit_chain import START, Head, Link, digest_of
from apps.tenants.models import AuditEvent, AuditHead, Tenant
from apps.tenants.selectors import audit_verify
from apps.tenants.services import audit_record
from apps.tenants.types import SYSTEM, Actor
from tests import database
from tests.factories import TenantFactory

MANY = 100_000


@pytest.fixture
def log(committed_db) -> Tenant:
    """A workspace with ten events."""
    tenant = TenantFactory()
    for number in range(10):
        audit_record(tenant_id=tenant.id, actor=SYSTEM, action="test.done", subject=f"no {number}")
    return tenant


def tamper(tenant: Tenant, *statements: str) -> None:
    with database.owner_of_test_database() as owner:
        owner.execute("SELECT set_config('app.tenant', %s, false)", [str(tenant.id)])
        owner.execute("ALTER TABLE tenants_auditevent DISABLE TRIGGER audit_append_only")
        try:
            for statement in statements:
                owner.execute(statement)
        finally:
            owner.execute("ALTER TABLE tenants_auditevent ENABLE TRIGGER audit_append_only")


def faults(tenant: Tenant, known: Head | None = None) -> list[tuple[str, int, int]]:
    report = audit_verify(tenant_id=tenant.id, known=known)
    assert report.is_intact == (not report.breaks)
    return [(one.fault, one.sequence, one.last) for one in report.breaks]


def events(tenant: Tenant) -> list[AuditEvent]:
    with tenant_tx(tenant.id):
        return list(AuditEvent.objects.for_tenant(tenant.id).order_by("sequence"))


def test_events_are_numbered_and_each_digest_covers_the_one_before(log):
    rows = events(log)
    previous = "0" * 64
    for number, row in enumerate(rows, 1):
        # Made here anew, from what the documentation says.
        fields = {
            "action": "test.done",
            "actor_id": "",
            "actor_kind": "system",
            "actor_label": "MetaClaw",
            "created_at": row.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
            "detail": "",
            "id": str(row.id),
            "sequence": number,
            "subject": f"no {number - 1}",
            "tenant_id": str(log.id),
        }
        text = previous + json.dumps(fields, separators=(",", ":"))
        assert row.digest == hashlib.sha256(text.encode()).hexdigest()
        previous = row.digest
    assert len(rows) == 10


def test_a_log_that_nobody_touched_is_intact(log):
    report = audit_verify(tenant_id=log.id)

    assert report.is_intact
    assert report.checked == 10
    assert report.head == Head(10, events(log)[-1].digest)


def test_a_workspace_without_events_is_intact(tenant):
    report = audit_verify(tenant_id=tenant.id)

    assert report.is_intact
    assert report.head == Head(0, START)


@pytest.mark.parametrize(
    "column, value",
    [
        ("actor_label", "'somebody else'"),
        ("actor_kind", "'user'"),
        ("actor_id", "'7'"),
        ("action", "'test.undone'"),
        ("subject", "'other'"),
        ("detail", "'more'"),
        ("created_at", "created_at + interval '1 microsecond'"),
        ("id", "gen_random_uuid()"),
        ("digest", "repeat('0', 64)"),
    ],
)
def test_a_change_of_any_column_is_named(log, column, value):
    tamper(log, f"UPDATE tenants_auditevent SET {column} = {value} WHERE sequence = 4")

    found = faults(log)

    # The digest is part of the next row's, so that a changed one breaks both.
    expected = [("changed", 4, 4), ("changed", 5, 5)] if column == "digest" else [("changed", 4, 4)]
    assert found == expected


def test_every_broken_row_is_named_and_the_first_one_first(log):
    tamper(log, "UPDATE tenants_auditevent SET detail = 'x' WHERE sequence IN (3, 7, 8)")

    report = audit_verify(tenant_id=log.id)

    assert [one.sequence for one in report.breaks] == [3, 7, 8]
    assert report.first is not None
    assert report.first.about == "MetaClaw test.done no 2"
    assert report.first.id == events(log)[2].id
    assert report.broken == 3


@pytest.mark.parametrize(
    "removed, expected",
    [
        ("sequence = 1", ("missing", 1, 1)),
        ("sequence BETWEEN 4 AND 6", ("missing", 4, 6)),
        ("sequence > 8", ("missing", 9, 10)),
        ("true", ("missing", 1, 10)),
    ],
)
def test_rows_that_are_gone_are_named(log, removed, expected):
    tamper(log, f"DELETE FROM tenants_auditevent WHERE {removed}")

    assert faults(log) == [expected]


def test_a_row_behind_the_last_one_written_was_put_there(log):
    rows = events(log)
    link = Link(11, "", uuid7(), rows[-1].created_at, "user", "", "Eve", "key.created", "", "")
    digest = digest_of(rows[-1].digest, log.id, link)
    with tenant_tx(log.id):
        AuditEvent.objects.create(tenant_id=log.id, **link._asdict() | {"digest": digest})

    report = audit_verify(tenant_id=log.id)

    assert [(one.fault, one.sequence, one.about) for one in report.breaks] == [
        ("inserted", 11, "Eve key.created")
    ]


def test_a_row_between_others_was_put_there(log):
    tamper(
        log,
        "ALTER TABLE tenants_auditevent DROP CONSTRAINT tenants_audit_gapless",
        "INSERT INTO tenants_auditevent SELECT (jsonb_populate_record(t, jsonb_build_object("
        "'id', 'ffffffff-ffff-7fff-bfff-ffffffffffff', 'action', 'x.y'))).*"
        " FROM tenants_auditevent t WHERE sequence = 5",
    )
    try:
        assert faults(log) == [("inserted", 5, 5)]
    finally:
        tamper(
            log,
            "DELETE FROM tenants_auditevent WHERE action = 'x.y'",
            "ALTER TABLE tenants_auditevent ADD CONSTRAINT tenants_audit_gapless"
            " UNIQUE (tenant_id, sequence)",
        )


def test_a_chain_made_anew_does_not_fit_the_end_that_was_noted(log):
    rows = events(log)
    noted = Head(rows[-1].sequence, rows[-1].digest)
    rewritten, previous = [], START
    for row in rows:
        row.subject = "nothing to see"
        link = Link(*(getattr(row, name) for name in Link._fields))
        previous = digest_of(previous, log.id, link)
        rewritten.append(
            f"UPDATE tenants_auditevent SET subject = '{row.subject}', digest = '{previous}'"
            f" WHERE sequence = {row.sequence}"
        )
    tamper(log, *rewritten)

    # The head in the database still has the old end; whoever owns the tables can change it too.
    assert faults(log) == [("changed", 10, 10)]
    tamper(
        log,
        "ALTER TABLE tenants_audithead DISABLE TRIGGER audit_head_moves_on",
        f"UPDATE tenants_audithead SET digest = '{previous}'",
        "ALTER TABLE tenants_audithead ENABLE TRIGGER audit_head_moves_on",
    )
    assert faults(log) == []
    assert faults(log, known=noted) == [("changed", 10, 10)]


def test_rows_of_another_workspace_prove_nothing_here(log):
    other = TenantFactory()
    audit_record(tenant_id=other.id, actor=SYSTEM, action="test.done", subject="no 0")

    assert events(other)[0].sequence == 1
    assert faults(other) == faults(log) == []
    first, theirs = events(log)[0], events(other)[0]
    link = Link(*(getattr(theirs, name) for name in Link._fields))
    assert digest_of(START, first.tenant_id, link) != theirs.digest


@pytest.mark.parametrize(
    "statement, refusal",
    [
        ("UPDATE tenants_audithead SET sequence = 3", "moves on by one"),
        ("UPDATE tenants_audithead SET digest = ''", "moves on by one"),
        ("DELETE FROM tenants_audithead", "permission denied"),
        ("UPDATE tenants_auditevent SET sequence = 99", "permission denied"),
    ],
)
def test_the_application_cannot_shorten_the_log(log, statement, refusal):
    with (
        tenant_tx(log.id),
        pytest.raises(DatabaseError, match=refusal),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_what_is_rolled_back_leaves_no_gap(log):
    with suppress(ZeroDivisionError), tenant_tx(log.id):
        audit_record(tenant_id=log.id, actor=SYSTEM, action="test.failed")
        1 / 0  # noqa: B018  # whatever came after the note and went wrong
    audit_record(tenant_id=log.id, actor=SYSTEM, action="test.done")

    assert [row.sequence for row in events(log)] == list(range(1, 12))
    assert faults(log) == []


def test_writers_at_the_same_time_leave_no_gap_and_no_fork(committed_db):
    tenant = TenantFactory()
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        try:
            for number in range(25):
                with tenant_tx(tenant.id):
                    subject = f"{writer}.{number}"
                    audit_record(
                        tenant_id=tenant.id, actor=SYSTEM, action="test.done", subject=subject
                    )
                    # Others come while the transaction is open.
                    time.sleep(0.001)
        except BaseException as exc:
            failures.append(exc)
        finally:
            connections.close_all()

    writers = [threading.Thread(target=write, args=(number,)) for number in range(6)]
    for thread in writers:
        thread.start()
    while any(thread.is_alive() for thread in writers):
        # A log that is being written is intact at any moment.
        assert faults(tenant) == []
    for thread in writers:
        thread.join()

    assert failures == []
    rows = events(tenant)
    assert [row.sequence for row in rows] == list(range(1, 151))
    assert len({row.subject for row in rows}) == 150
    assert faults(tenant) == []


def test_one_row_changed_in_a_hundred_thousand_is_found_and_named(committed_db):
    tenant = TenantFactory()
    _fill(tenant, MANY)
    began = time.perf_counter()
    assert faults(tenant) == []
    seconds = time.perf_counter() - began

    tamper(tenant, "UPDATE tenants_auditevent SET subject = 'no 0' WHERE sequence = 71234")

    assert faults(tenant) == [("changed", 71234, 71234)]
    assert seconds < 30  # about 2 on a quiet machine; what is meant is: not minutes


def _fill(tenant: Tenant, count: int) -> None:
    """Rows as the service would have written them, copied in by the tables' owner."""
    at, previous = datetime(2026, 1, 1, tzinfo=UTC), START
    columns = ", ".join(["tenant_id", *Link._fields])
    with database.owner_of_test_database() as owner:
        # COPY FROM is not for tables behind a wall.
        owner.execute("ALTER TABLE tenants_auditevent NO FORCE ROW LEVEL SECURITY")
        with (
            owner.cursor() as cursor,
            cursor.copy(f"COPY tenants_auditevent ({columns}) FROM STDIN") as copy,
        ):
            for number in range(1, count + 1):
                at += timedelta(seconds=1)
                subject = f"no {number}"
                link = Link(
                    number, "", uuid7(), at, "user", "7", "Ann", "test.done", subject, "détail"
                )
                previous = digest_of(previous, tenant.id, link)
                copy.write_row([tenant.id, *link._replace(digest=previous)])
        owner.execute("ALTER TABLE tenants_auditevent FORCE ROW LEVEL SECURITY")
    with tenant_tx(tenant.id):
        AuditHead.objects.create(tenant_id=tenant.id, sequence=count, digest=previous)


def test_the_command_checks_every_workspace_and_names_what_is_broken(log):
    TenantFactory(slug="quiet")
    out = io.StringIO()
    call_command("verify_audit", stdout=out)
    assert f"{log.slug}: 10 events, intact, end 10:" in out.getvalue()
    assert f"quiet: 0 events, intact, end 0:{START}" in out.getvalue()

    tamper(log, "UPDATE tenants_auditevent SET subject = 'x' WHERE sequence = 2")
    out = io.StringIO()
    with pytest.raises(CommandError, match="not what was written"):
        call_command("verify_audit", log.slug, stdout=out)

    assert f"changed: 2, {events(log)[1].id}: MetaClaw test.done x" in out.getvalue()


def test_the_command_takes_an_end_that_was_noted(log):
    with pytest.raises(CommandError, match="not what was written"):
        call_command("verify_audit", log.slug, f"--known=3:{'a' * 64}", stdout=io.StringIO())
    with pytest.raises(CommandError, match="no workspace called nowhere"):
        call_command("verify_audit", "nowhere")
    with pytest.raises(CommandError, match="name the workspace"):
        call_command("verify_audit", f"--known=3:{'a' * 64}")


def test_the_list_is_newest_first_filtered_and_in_pages(tenant, admin_client):
    ann = Actor("user", "11", "Ann")
    for actor, action, subject in [
        (ann, "skill.published", "dates"),
        (SYSTEM, "skills.imported", "40 skills"),
        (ann, "skill.retired", "dates"),
        (ann, "key.created", "ci"),
    ]:
        audit_record(tenant_id=tenant.id, actor=actor, action=action, subject=subject)
    address = f"/api/v1/t/{tenant.slug}/audit/"

    def found(**query: str) -> list[str]:
        return [row["action"] for row in admin_client.get(address, query).json()["results"]]

    assert found() == ["key.created", "skill.retired", "skills.imported", "skill.published"]
    assert found(action="skill") == ["skill.retired", "skill.published"]
    assert found(action="skill.retired") == ["skill.retired"]
    assert found(actor="metac") == ["skills.imported"]
    assert found(actor="11", q="DATES") == ["skill.retired", "skill.published"]
    assert found(until="2020-01-01T00:00:00Z") == []
    assert len(found(since="2020-01-01T00:00:00Z")) == 4

    page = admin_client.get(address, {"limit": 3}).json()
    rest = admin_client.get(address, {"limit": 3, "cursor": page["next"]}).json()
    assert [row["sequence"] for row in page["results"] + rest["results"]] == [4, 3, 2, 1]
    assert rest["next"] is None
    assert page["results"][0]["digest"] == events(tenant)[-1].digest


def test_the_check_over_rest(tenant, admin_client, reviewer_client):
    audit_record(tenant_id=tenant.id, actor=SYSTEM, action="test.done")
    address = f"/api/v1/t/{tenant.slug}/audit/verify/"

    (row,) = events(tenant)
    assert admin_client.get(address).json() == {
        "is_intact": True,
        "checked": 1,
        "sequence": 1,
        "digest": row.digest,
        "broken": 0,
        "breaks": [],
    }
    known = {"sequence": 1, "digest": "a" * 64}
    other = admin_client.get(address, known).json()
    assert not other["is_intact"]
    assert other["breaks"][0] == {
        "fault": "changed",
        "sequence": 1,
        "last": 1,
        "id": str(row.id),
        "about": "MetaClaw test.done",
    }
    assert admin_client.get(address, {"sequence": 1}).status_code == 400
    assert reviewer_client.get(address).status_code == 403


def test_the_trigger_keeps_the_owner_of_the_table_out(log):
    with database.owner_of_test_database() as owner:
        owner.execute("SELECT set_config('app.tenant', %s, false)", [str(log.id)])
        with pytest.raises(psycopg.errors.RaiseException, match="one event at a time"):
            owner.execute("UPDATE tenants_audithead SET sequence = 2")
