"""Everything a workspace owns goes into its export, or is on the list that says why not."""

from datetime import datetime
from uuid import UUID

from apps.exports.container.checking import verify
from apps.exports.tables import LEFT_OUT, WORKSPACE
from apps.tenants.audit_chain import START, Link, digest_of
from apps.tenants.services import key_create
from apps.tenants.types import SYSTEM
from tests.architecture.world import TENANT_MODELS, make_workspace, rows_of
from tests.conftest import member_of
from tests.exports.reading import finished, lines_of, manifest_of, path_of
from tests.factories import make_export, make_upstream

SECRET = "sk-provider-secret-0001"


def test_every_table_is_exported_or_it_is_said_why_not():
    exported = [table.label for table in WORKSPACE]
    all_tables = {model._meta.label_lower for model in TENANT_MODELS}

    assert len(set(exported)) == len(exported)
    assert not set(exported) & set(LEFT_OUT)
    assert set(exported) | set(LEFT_OUT) == all_tables
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


def test_every_row_of_every_exported_table_is_in_it(db):
    workspace = make_workspace("ours")
    make_workspace("theirs")
    member_of(workspace.tenant, "owner")
    export = finished(make_export(workspace.tenant.id, kind="workspace", redaction="none"))
    path, rows = path_of(export), rows_of(workspace.tenant.id)

    assert export.status == "ready", export.reason
    assert verify(path).is_whole
    for model in TENANT_MODELS:
        label = model._meta.label_lower
        if label in LEFT_OUT:
            assert label not in manifest_of(path)["counts"]
            continue
        # What was written because of the export itself came after it.
        ours = rows[model._meta.label]
        there = {str(row["id"]) for row in ours if row["created_at"] <= export.as_of}
        assert {line["id"] for line in lines_of(path, label)} == there, label
        # The rest would prove nothing about a table without rows.
        assert there or label in {"skills.skillstat", "evolution.review", "training.batchsample"}


def test_no_secret_is_in_it(tenant):
    make_upstream(tenant.id, api_key=SECRET)
    key_create(tenant_id=tenant.id, actor=SYSTEM, name="ci", scopes=["read"])
    export = finished(make_export(tenant.id, kind="workspace", redaction="none"))

    (line,) = lines_of(path_of(export), "upstreams.upstream")

    assert line["name"] == "provider"
    assert "sealed_key" not in line
    for table in WORKSPACE:
        for row in lines_of(path_of(export), table.label):
            assert not [name for name in row if "sealed" in name], table.label
            assert SECRET not in str(row)
    assert all("digest" not in row for row in lines_of(path_of(export), "tenants.apikey"))


def test_the_audit_log_can_be_checked_from_the_export_alone(db):
    workspace = make_workspace("ours")
    export = finished(make_export(workspace.tenant.id, kind="workspace", redaction="none"))
    events = sorted(lines_of(path_of(export), "tenants.auditevent"), key=lambda e: e["sequence"])

    previous = START
    for event in events:
        values = {name: event[name] for name in Link._fields}
        values |= {
            "id": UUID(event["id"]),
            "created_at": datetime.fromisoformat(event["created_at"]),
        }
        assert digest_of(previous, workspace.tenant.id, Link(**values)) == event["digest"]
        previous = event["digest"]
    assert len(events) > 5
