"""Turns go out whole, filtered, redacted and signed, and the same however the work went."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.exports.container.checking import verify
from apps.exports.container.signing import keys_in
from apps.exports.models import Export, ExportFile
from apps.exports.selectors import signing_keys
from apps.exports.services import (
    export_remove,
    exports_sweep,
    rows,
    running,
    signing_key_rotate,
)
from apps.jobs.models import Job
from apps.tenants.models import AuditEvent
from apps.tenants.types import SYSTEM
from apps.trajectories.selectors import TurnFilters
from tests.exports.reading import finished, lines_of, manifest_of, path_of, stored
from tests.factories import make_export, make_turn

KEY = "sk-ant-" + "a1b2c3d4" * 3
CARD = "4242 4242 4242 4242"


def say(text: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": text}]


def trusted() -> list[bytes]:
    return keys_in("".join(key["pem"] for key in signing_keys()))


@pytest.fixture
def small_files(monkeypatch):
    """Two rows a file."""
    monkeypatch.setattr(rows, "FILE_ROWS", 2)


def test_a_turn_is_exported_with_all_that_is_known_of_it(tenant):
    turn = make_turn(
        tenant.id,
        score=-1,
        messages=say("When is the release?"),
        body=b'{"model":"m","temperature":0.5,"messages":[{"role":"user","content":"When?"}]}',
    )

    export = finished(make_export(tenant.id))
    (line,) = lines_of(path_of(export))

    assert line["id"] == str(turn.id)
    assert line["messages"] == say("When?")
    assert line["parameters"] == {"model": "m", "temperature": 0.5}
    assert line["response"]["content"] == "On 3/10 at 9 am."
    assert (line["score"], line["outcome"]) == (-1, "failed")
    (score,) = line["scores"]
    assert (score["kind"], score["prompt_version"]) == ("judge", "judge-v1")
    assert score["rationale"] == "The date is not ISO 8601."


def test_the_manifest_says_what_is_in_it_and_is_signed(tenant, small_files):
    turns = [make_turn(tenant.id) for _ in range(5)]

    export = finished(make_export(tenant.id))
    path, manifest = path_of(export), manifest_of(path_of(export))
    report = verify(path, trusted())

    assert report.is_whole
    assert report.rows == export.rows == 5
    assert [entry["rows"] for entry in manifest["files"]] == [2, 2, 1]
    assert manifest["counts"] == {"trajectories.turn": 5}
    assert manifest["workspace"] == {"slug": tenant.slug}
    assert manifest["turns"]["first_at"] == turns[0].started_at.isoformat()
    assert manifest["turns"]["last_at"] == turns[-1].started_at.isoformat()
    assert manifest["key_id"] == report.key_id
    assert export.manifest == manifest
    assert [line["id"] for line in lines_of(path)] == [str(turn.id) for turn in turns]


def test_only_turns_that_meet_the_filters_are_in_it(tenant, other_tenant):
    failed = make_turn(tenant.id, score=-1)
    make_turn(tenant.id, score=1)
    make_turn(other_tenant.id, score=-1)

    export = finished(make_export(tenant.id, filters=TurnFilters(outcome="failed")))

    assert [line["id"] for line in lines_of(path_of(export))] == [str(failed.id)]
    assert manifest_of(path_of(export))["filters"] == {"outcome": "failed"}


def test_filters_with_ids_and_times_are_kept_too(tenant):
    turn = make_turn(tenant.id)
    make_turn(tenant.id)
    since = now() - timedelta(hours=1)

    filters = TurnFilters(session=turn.session_id, since=since)
    export = finished(make_export(tenant.id, filters=filters))

    assert [line["id"] for line in lines_of(path_of(export))] == [str(turn.id)]


def test_what_comes_after_it_was_asked_for_is_not_in_it(tenant):
    make_turn(tenant.id)
    export = make_export(tenant.id)
    make_turn(tenant.id)

    assert finished(export).rows == 1


@pytest.mark.parametrize(
    "level, found",
    [
        ("none", {}),
        ("secrets", {"anthropic_key": 2}),
        ("personal", {"anthropic_key": 2, "card": 1}),
    ],
)
def test_what_is_redacted_is_gone_and_counted_by_kind(tenant, level, found):
    make_turn(tenant.id, messages=say(f"My key is {KEY}, my card {CARD}."), user_text=f"{KEY}!")

    export = finished(make_export(tenant.id, redaction=level))
    text = str(lines_of(path_of(export)))
    manifest = manifest_of(path_of(export))

    assert manifest["redaction"] == {"level": level, "found": found}
    assert (KEY in text) == ("anthropic_key" not in found)
    assert (CARD in text) == ("card" not in found)
    assert not (found and KEY in str(manifest))


def test_a_worker_that_dies_anywhere_changes_nothing_in_the_file(tenant, small_files, monkeypatch):
    for _ in range(5):
        make_turn(tenant.id, messages=say(f"My key is {KEY}"))
    export = finished(make_export(tenant.id))
    whole = path_of(export).read_bytes()
    _begin_again(export)

    deaths = _die_before_every_write(monkeypatch)
    again = finished(export)

    assert deaths == ["file"] * 3 + ["archive"]
    assert again.sha256 == export.sha256
    assert path_of(export).read_bytes() == whole
    # What the dead left behind is gone, too.
    assert [path.name for path in path_of(export).parent.iterdir()] == [path_of(export).name]


def _begin_again(export: Export) -> None:
    with tenant_tx(export.tenant_id):
        ExportFile.objects.for_tenant(export.tenant_id).delete()
        Export.objects.for_tenant(export.tenant_id).update(
            status="running", at_table=0, after_id=None, rows=0, sha256="", manifest=None
        )
        Job.objects.for_tenant(export.tenant_id).update(status="queued", max_attempts=50)
    path_of(export).unlink()


def _die_before_every_write(monkeypatch) -> list[str]:
    """Each file, and the archive, is written once in vain: the worker dies before it is noted."""
    deaths: list[str] = []
    written: set[str] = set()
    write, assemble = running._write, running.archive_assemble

    def dying_write(export, part, number):
        file = write(export, part, number)
        if file.name not in written:
            written.add(file.name)
            _die("file")
        return file

    def dying_assemble(*args):
        done = assemble(*args)
        if "archive" not in deaths:
            _die("archive")
        return done

    def _die(what: str) -> None:
        deaths.append(what)
        raise RuntimeError("killed")

    monkeypatch.setattr(running, "_write", dying_write)
    monkeypatch.setattr(running, "archive_assemble", dying_assemble)
    return deaths


def test_a_long_export_goes_on_in_another_job(tenant, small_files, monkeypatch):
    monkeypatch.setattr(running, "_AT_A_STRETCH_SECONDS", -1)
    for _ in range(5):
        make_turn(tenant.id)

    export = finished(make_export(tenant.id))

    assert (export.status, export.rows) == ("ready", 5)
    with tenant_tx(tenant.id):
        jobs = Job.objects.for_tenant(tenant.id).filter(kind="exports.export")
        assert jobs.count() == 4
        assert set(jobs.values_list("status", flat=True)) == {"done"}


def test_one_that_is_removed_while_it_is_written_stops_and_leaves_no_file(tenant, monkeypatch):
    make_turn(tenant.id)
    export = make_export(tenant.id)
    write = running._write

    def write_while_somebody_removes(*args):
        file = write(*args)
        export_remove(tenant_id=tenant.id, actor=SYSTEM, export_id=export.id)
        return file

    monkeypatch.setattr(running, "_write", write_while_somebody_removes)

    assert finished(export).status == "removed"
    assert not any(path.is_file() for path in path_of(export).parent.rglob("*"))


def test_files_go_when_their_time_is_over(tenant, other_tenant):
    make_turn(tenant.id)
    over, stays = finished(make_export(tenant.id)), finished(make_export(tenant.id))
    with tenant_tx(tenant.id):
        rows = Export.objects.for_tenant(tenant.id).filter(id=over.id)
        rows.update(expires_at=now() - timedelta(seconds=1))

    exports_sweep()

    assert (stored(over).status, stored(stays).status) == ("removed", "ready")
    assert (path_of(over).exists(), path_of(stays).exists()) == (False, True)


def test_one_that_nobody_works_on_has_failed(tenant):
    export = make_export(tenant.id)
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).update(status="dead")

    exports_sweep()

    assert stored(export).status == "failed"


def test_an_empty_export_is_one_too(tenant):
    export = finished(make_export(tenant.id))

    assert export.status == "ready"
    assert verify(path_of(export), trusted()).is_whole
    assert manifest_of(path_of(export))["counts"] == {"trajectories.turn": 0}


def test_after_a_rotation_old_and_new_exports_can_both_be_checked(tenant):
    old = finished(make_export(tenant.id))
    signing_key_rotate()
    new = finished(make_export(tenant.id))

    reports = [verify(path_of(one), trusted()) for one in (old, new)]

    assert [report.is_whole for report in reports] == [True, True]
    assert reports[0].key_id != reports[1].key_id
    assert [key["is_in_use"] for key in signing_keys()] == [True, False]


def test_asking_and_removing_are_in_the_audit_log(tenant):
    export = make_export(tenant.id)
    export_remove(tenant_id=tenant.id, actor=SYSTEM, export_id=export.id)

    with tenant_tx(tenant.id):
        events = AuditEvent.objects.for_tenant(tenant.id).filter(subject=str(export.id))
        assert list(events.order_by("sequence").values_list("action", flat=True)) == [
            "export.asked",
            "export.removed",
        ]
