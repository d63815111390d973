"""A workspace that is deleted leaves nothing behind but the word that it is gone."""

import json
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from typer.testing import CliRunner

from apps.core.bell import redis_client
from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.exports.models import Deletion, DeletionCertificate
from apps.exports.selectors import signing_keys
from apps.exports.services import deletion_undo, deletions_sweep
from apps.exports.services.deleting import running
from apps.exports.services.deleting.certifying import workspace_digest
from apps.exports.services.deleting.order import tables_in_order, targets_of
from apps.exports.services.disk import folder_of
from apps.jobs.models import Job
from apps.proxy.recorder.storing import Work, records_store
from apps.tenants.errors import DeletionBegun
from apps.tenants.keys import parse
from apps.tenants.models import AuditEvent, Tenant
from apps.tenants.selectors import audit_verify, key_grant_find, key_grants, key_holder_find
from apps.tenants.services import deletion_begin, key_create, tenant_mark_demo
from apps.tenants.types import SYSTEM
from apps.training.services.checkpoints import LetGo
from apps.trajectories.models import Turn
from metaclaw_web.cli.app import app
from tests.architecture.world import TENANT_MODELS, make_workspace, rows_of
from tests.conftest import member_of
from tests.exports.deleting import OWNER, ask, let_time_pass, tables_with, work
from tests.exports.reading import finished
from tests.factories import make_export, make_fact, make_record, make_turn


@pytest.fixture
def ours(db):
    workspace = make_workspace("ours")
    member_of(workspace.tenant, "owner")
    finished(make_export(workspace.tenant.id))
    return workspace


def redis_names(tenant_id: UUID) -> list[bytes]:
    with redis_client() as client:
        return [
            key
            for name in (tenant_id.hex, str(tenant_id))
            for key in client.scan_iter(match=f"*{name}*", count=1000)
        ]


def certificate() -> dict:
    return json.loads(DeletionCertificate.objects.get().document)


def test_nothing_of_it_is_left_in_any_table_in_redis_or_on_disk(ours):
    tenant, theirs = ours.tenant, make_workspace("theirs")
    before = rows_of(tenant.id)
    untouched = rows_of(theirs.tenant.id)
    with redis_client() as client:
        client.set(f"metaclaw:pins:{tenant.id.hex}:x", "1", ex=60)
        client.set(f"t:{tenant.id}:live", "1", ex=60)
        client.set(f"metaclaw:pins:{theirs.tenant.id.hex}:x", "1", ex=60)
    ask(tenant)
    let_time_pass(tenant)
    assert len(tables_with(str(tenant.id))) > 25  # so the look below would find something

    while work(tenant.id):
        pass

    assert tables_with(str(tenant.id)) == tables_with(tenant.id.hex) == {}
    assert redis_names(tenant.id) == []
    assert redis_names(theirs.tenant.id) != []
    assert not folder_of(tenant.id).exists()
    assert rows_of(theirs.tenant.id) == untouched
    counted = certificate()["rows"]
    for model in TENANT_MODELS:
        # More where the deletion itself was noted.
        assert counted.get(model._meta.label_lower, 0) >= len(before[model._meta.label])


def test_every_table_is_emptied_before_what_it_points_at(db):
    groups = tables_in_order()
    place = {model: number for number, group in enumerate(groups) for model in group}

    assert set(place) == set(TENANT_MODELS)
    for model in place:
        for target in targets_of(model):
            assert place[model] <= place[target], f"{model._meta.label}, {target._meta.label}"
    circles = {model._meta.label for group in groups if len(group) > 1 for model in group}
    assert {"skills.Skill", "skills.SkillVersion"} <= circles
    # These are large and go piece by piece.
    assert not circles & {"trajectories.Turn", "tenants.AuditEvent", "trajectories.Session"}


def test_the_certificate_says_what_went_and_is_signed(ours, tmp_path):
    ask(ours.tenant)
    let_time_pass(ours.tenant)
    while work(ours.tenant.id):
        pass

    row, said = DeletionCertificate.objects.get(), certificate()
    path, keys = tmp_path / "certificate.json", tmp_path / "keys.pem"
    path.write_text(json.dumps({"document": row.document, "signature": row.signature}))
    keys.write_text("".join(key["pem"] for key in signing_keys()))
    good = CliRunner().invoke(app, ["verify-export", str(path), "--key", str(keys)])
    path.write_text(path.read_text().replace("Olga", "Otto"))
    changed = CliRunner().invoke(app, ["verify-export", str(path), "--key", str(keys)])

    assert (said["workspace"], said["asked_by"]) == ("ours", "Olga")
    assert said["workspace_id_sha256"] == workspace_digest(ours.tenant.id)
    assert said["rows"]["tenants.tenant"] == 1
    assert said["files"] == 1
    assert (good.exit_code, changed.exit_code) == (0, 3), good.output
    assert "ours: gone at" in good.stdout


def test_its_keys_stop_at_once_and_work_again_when_it_is_undone(tenant):
    _, text = key_create(tenant_id=tenant.id, actor=SYSTEM, name="k", scopes=["gateway", "read"])
    key = parse(text)

    def usable() -> tuple[bool, bool, bool]:
        with tenant_tx(tenant.id):
            grants = key_grants(tenant_id=tenant.id, at=now())
        found = key_holder_find(public_id=key.public_id, at=now())
        return bool(grants), bool(found), bool(key_grant_find(key=key, at=now()))

    moved = Tenant.objects.get(id=tenant.id).config_version
    ask(tenant)
    stopped = usable()
    deletion_undo(tenant_id=tenant.id, actor=OWNER)

    assert stopped == (False, False, False)
    assert usable() == (True, True, True)
    # What makes the gateways look again.
    assert Tenant.objects.get(id=tenant.id).config_version >= moved + 2
    with tenant_tx(tenant.id):
        assert not Job.objects.for_tenant(tenant.id).exists()
        assert not Deletion.objects.for_tenant(tenant.id).exists()
        actions = AuditEvent.objects.for_tenant(tenant.id).order_by("sequence")
        assert list(actions.values_list("action", flat=True))[-2:] == [
            "workspace.deletion_asked",
            "workspace.deletion_undone",
        ]


def test_nothing_happens_before_the_time_has_come_or_after_it_was_undone(ours):
    ask(ours.tenant)
    before = rows_of(ours.tenant.id)
    with tenant_tx(ours.tenant.id):
        early = Job.objects.for_tenant(ours.tenant.id).get(kind="exports.delete_workspace")
    assert early.run_after > now() + timedelta(days=6)

    work(ours.tenant.id)  # as if a worker had a wrong clock

    after = rows_of(ours.tenant.id)
    assert {k: v for k, v in after.items() if k != "jobs.Job"} == {
        k: v for k, v in before.items() if k != "jobs.Job"
    }


def test_once_begun_it_cannot_be_undone(tenant):
    ask(tenant)
    let_time_pass(tenant)
    assert deletion_begin(tenant_id=tenant.id) is not None

    with pytest.raises(DeletionBegun):
        deletion_undo(tenant_id=tenant.id, actor=OWNER)
    with pytest.raises(DatabaseError, match="not brought back"), transaction.atomic():
        Tenant.objects.filter(id=tenant.id).update(deleting_since=None)


def test_the_audit_log_of_a_workspace_that_stays_cannot_be_let_go(tenant):
    ask(tenant)
    with tenant_tx(tenant.id):
        for kept in ("tenants_auditevent", "tenants_audithead", "skills_skillversion"):
            with (
                pytest.raises(DatabaseError, match="not going"),
                transaction.atomic(),
                connection.cursor() as cursor,
            ):
                cursor.execute("SELECT workspace_let_go(%s, 10)", [kept])
    with pytest.raises(DatabaseError, match="has not come"), transaction.atomic():
        Tenant.objects.filter(id=tenant.id).update(deleting_since=now())
    assert audit_verify(tenant_id=tenant.id).is_intact


def test_nothing_else_can_be_let_go_that_way(tenant):
    ask(tenant)
    let_time_pass(tenant)
    deletion_begin(tenant_id=tenant.id)
    with (
        tenant_tx(tenant.id),
        pytest.raises(DatabaseError, match="is not kept"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SELECT workspace_let_go('tenants_user', 10)")


def test_what_waits_in_the_spool_is_dropped(tenant):
    ask(tenant)
    still = make_record(tenant.id)
    assert records_store(tenant.id, [still]) == [still]
    let_time_pass(tenant)
    deletion_begin(tenant_id=tenant.id)
    rows = rows_of(tenant.id)

    late = records_store(tenant.id, [make_record(tenant.id)])
    work_left = Work()
    work_left.add(make_fact())
    work_left.store_rest(tenant.id)

    assert late == []
    assert rows_of(tenant.id) == rows
    while work(tenant.id):
        pass
    assert records_store(tenant.id, [make_record(tenant.id)]) == []
    assert tables_with(str(tenant.id)) == {}


def test_a_worker_that_dies_between_any_two_steps_changes_nothing_of_the_end(ours, monkeypatch):
    tenant = ours.tenant
    for _ in range(5):
        make_turn(tenant.id)
    before = rows_of(tenant.id)
    monkeypatch.setattr(running, "some_delete", lambda *args, **but: few(*args, most=2, **but))
    monkeypatch.setattr(running, "_AT_A_STRETCH_SECONDS", -1)  # a job for every step
    ask(tenant)
    let_time_pass(tenant)
    jobs = 0
    while work(tenant.id):
        jobs += 1

    counted = certificate()["rows"]

    assert jobs > 20
    assert tables_with(str(tenant.id)) == {}
    # The deletion's own jobs and its words in the log come on top, rows are counted once.
    for model in TENANT_MODELS:
        if model._meta.label not in {"jobs.Job", "tenants.AuditEvent", "exports.Deletion"}:
            expected = len(before[model._meta.label])
            assert counted.get(model._meta.label_lower, 0) == expected, model._meta.label


few = running.some_delete


def test_a_deletion_that_was_given_up_is_taken_up_again(tenant):
    ask(tenant)
    let_time_pass(tenant)
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).update(status="dead")

    deletions_sweep()
    while work(tenant.id):
        pass

    assert not Tenant.objects.filter(id=tenant.id).exists()


def test_turns_whose_parents_are_in_another_step_go_too(tenant, monkeypatch):
    monkeypatch.setattr(running, "some_delete", lambda *args, **but: few(*args, most=1, **but))
    first = make_turn(tenant.id)
    second = make_turn(tenant.id)
    with tenant_tx(tenant.id):
        # The newer one is the parent: whatever order they go in, one points at the other.
        Turn.objects.for_tenant(tenant.id).filter(id=first.id).update(parent_id=second.id)
    ask(tenant)
    let_time_pass(tenant)

    while work(tenant.id):
        pass

    assert tables_with(str(tenant.id)) == {}


def test_the_name_of_a_workspace_that_is_gone_is_free_again(ours):
    ask(ours.tenant)
    let_time_pass(ours.tenant)
    while work(ours.tenant.id):
        pass

    again = make_workspace("ours")

    assert again.tenant.id != ours.tenant.id


def let_go(monkeypatch, *found: LetGo) -> list[LetGo]:
    """What trainers answer, one after the other; the last one for good."""
    answers = list(found)
    monkeypatch.setattr(
        running,
        "workspace_let_go",
        lambda tenant_id: answers.pop(0) if len(answers) > 1 else answers[0],
    )
    return answers


def test_what_its_trainers_kept_is_counted(ours, monkeypatch):
    let_go(monkeypatch, LetGo(gone=5, left=2, why="The trainer refused the key."))
    ask(ours.tenant)
    let_time_pass(ours.tenant)

    while work(ours.tenant.id):
        pass

    assert certificate()["at_providers"] == {"deleted": 5, "left": 2}


def test_a_trainer_that_cannot_be_reached_is_waited_for(ours, monkeypatch):
    away = LetGo(gone=1, left=4, why="It cannot be reached.", is_passing=True)
    let_go(monkeypatch, away, away, LetGo(gone=5, left=0))
    ask(ours.tenant)
    let_time_pass(ours.tenant)

    work(ours.tenant.id)
    waiting = rows_of(ours.tenant.id)
    while work(ours.tenant.id):
        pass

    # Its keys are needed for the next attempt.
    assert waiting["upstreams.Upstream"]
    assert waiting["training.Checkpoint"]
    assert certificate()["at_providers"] == {"deleted": 5, "left": 0}


def test_after_a_day_it_goes_without_that_trainer(ours, monkeypatch):
    let_go(monkeypatch, LetGo(gone=1, left=4, why="It cannot be reached.", is_passing=True))
    monkeypatch.setattr(running, "_PATIENCE", timedelta(0))
    ask(ours.tenant)
    let_time_pass(ours.tenant)

    while work(ours.tenant.id):
        pass

    assert certificate()["at_providers"] == {"deleted": 1, "left": 4}


def test_a_demo_waits_for_no_trainer_which_was_never_there(ours, monkeypatch):
    let_go(monkeypatch, LetGo(gone=0, left=39, why="Nobody is there.", is_passing=True))
    with tenant_tx(ours.tenant.id):
        tenant_mark_demo(tenant_id=ours.tenant.id)
    ask(ours.tenant)
    let_time_pass(ours.tenant)

    while work(ours.tenant.id):
        pass

    assert not Tenant.objects.filter(id=ours.tenant.id).exists()
    assert certificate()["at_providers"] == {"deleted": 0, "left": 0}
