"""From the spool into Postgres: everything, once, and one bad turn holds up no other."""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import OperationalError

from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.proxy.recorder.loop import Recorder
from apps.proxy.recorder.quarantine import Quarantine
from apps.proxy.spool.frames import CHUNK, pack, pack_begin, pack_end
from apps.proxy.spool.writer import SUFFIX, SpoolWriter
from apps.trajectories.selectors import asked_of, request_built
from apps.trajectories.services import turns_record
from apps.trajectories.types import TurnRecord
from tests.proxy import recordings
from tests.proxy.conftest import Workspace, make_workspace, record_all

BODY = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}


@pytest.fixture
def workspace(committed: None) -> Workspace:
    return make_workspace("openai", None)


def _header(workspace: Workspace, **fields: Any) -> dict[str, Any]:
    return {
        "tenant": workspace.id,
        "key_id": workspace.key_id,
        "key_name": "gateway",
        "upstream": "provider",
        "is_simulated": False,
        "session_id": uuid7(),
        "session_source": "new",
        "external_session_id": "",
        "started_at": 1_800_000_000.0,
        "injection": {"text": "", "place": "none"},
        "skills": [],
        "dialect": "openai",
        "model": "m",
        "is_stream": True,
        "kind": "main",
        "agent": "",
        "is_session_done": False,
    } | fields


def _outcome(**fields: Any) -> dict[str, Any]:
    return {
        "status": "complete",
        "http_status": 200,
        "finished_at": 1_800_000_001.0,
        "latency_ms": 1000,
        "timings": {"received": 0, "first_byte": 5, "finished": 1000},
        "encoding": "",
        "error": None,
    } | fields


def _turn(workspace: Workspace, **fields: Any) -> tuple[UUID, list[bytes]]:
    """A turn's frames: beginning, answer in two pieces, end."""
    turn_id = uuid7()
    stream = fields.pop("stream", recordings.openai_stream())
    body = fields.pop("body", BODY)
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return turn_id, [
        pack_begin(turn_id.bytes, _header(workspace, **fields), raw),
        pack(CHUNK, turn_id.bytes, stream[:300]),
        pack(CHUNK, turn_id.bytes, stream[300:]),
        pack_end(turn_id.bytes, _outcome()),
    ]


def _write(folder: Path, *frames: bytes, number: int = 1) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"1-1-a-{number:06d}{SUFFIX}"
    path.write_bytes(b"".join(frames))
    return path


def test_a_turn_is_stored_as_it_was(workspace: Workspace, tmp_path: Path) -> None:
    turn_id, frames = _turn(workspace)
    _write(tmp_path, *frames)

    record_all(tmp_path)

    (turn,) = workspace.turns()
    assert (turn.id, turn.status, turn.http_status) == (turn_id, "complete", 200)
    assert (turn.first_byte_ms, turn.latency_ms) == (5, 1000)
    assert (turn.input_tokens, turn.output_tokens) == (11, 7)
    assert turn.response_text == recordings.TEXT
    with tenant_tx(workspace.id):
        request = request_built(tenant_id=workspace.id, turn_id=turn_id)
        said = asked_of(tenant_id=workspace.id, turn_id=turn_id).messages
    assert (request.body, said) == (json.dumps(BODY).encode(), BODY["messages"])
    assert list(tmp_path.iterdir()) == []


def test_segments_read_twice_store_their_turns_once(workspace: Workspace, tmp_path: Path) -> None:
    made = [_turn(workspace) for _ in range(5)]
    frames = [frame for _, turn in made for frame in turn]

    for _ in range(3):
        _write(tmp_path, *frames)
        record_all(tmp_path)

    assert [turn.id for turn in workspace.turns()] == sorted(turn_id for turn_id, _ in made)


def test_a_turn_over_two_files_survives_a_recorder_between_them(
    workspace: Workspace, tmp_path: Path
) -> None:
    turn_id, frames = _turn(workspace)
    spool = SpoolWriter(tmp_path, 1 << 30)
    spool.start()
    spool.append(b"".join(frames[:2]))
    Recorder(tmp_path).step()
    with spool._lock:
        finished = spool._file
        spool._open_next()
    spool.append(b"".join(frames[2:]))

    Recorder(tmp_path).step()
    assert workspace.turns() == []

    os.close(finished)
    record_all(tmp_path)

    assert [(turn.id, turn.status) for turn in workspace.turns()] == [(turn_id, "complete")]
    spool.stop()


def test_frames_whose_beginning_is_gone_do_not_keep_a_file(
    workspace: Workspace, tmp_path: Path
) -> None:
    spool = SpoolWriter(tmp_path, 1 << 30)
    spool.start()
    _, frames = _turn(workspace)
    spool.append(b"".join(frames[1:]))
    first = next(tmp_path.iterdir())
    with spool._lock:
        finished = spool._file
        spool._open_next()

    os.close(finished)

    record_all(tmp_path)

    # The process lives on, and still the file goes.
    assert not first.exists()
    assert workspace.turns() == []
    spool.stop()


@pytest.mark.parametrize(
    "kept,status",
    [(1, "truncated_crash"), (2, "truncated_crash"), (3, "complete")],
    ids=["nothing relayed", "cut", "end mark relayed"],
)
def test_a_turn_whose_process_died_is_what_the_caller_saw_of_it(
    workspace: Workspace, tmp_path: Path, kept: int, status: str
) -> None:
    _, frames = _turn(workspace)
    _write(tmp_path, *frames[:kept])

    record_all(tmp_path)

    (turn,) = workspace.turns()
    assert turn.status == status
    assert (turn.end_hash is not None) == (status == "complete")


POISON: dict[str, dict[str, Any]] = {
    "no json": {"body": b"not json"},
    "no messages": {"body": b"{}"},
    "deep": {"body": b'{"messages":[{"role":"user","content":' + b"[" * 900 + b"]" * 900 + b"}]}"},
    "odd session": {"session_id": "not an id"},
    "no such time": {"started_at": 1e30},
}


@pytest.mark.parametrize("case", POISON)
def test_a_turn_that_cannot_be_stored_holds_up_no_other(
    workspace: Workspace, tmp_path: Path, case: str
) -> None:
    (first, before), (second, after) = _turn(workspace), _turn(workspace)
    _, bad = _turn(workspace, **POISON[case])
    _write(tmp_path, *before, *bad, *after)

    recorder = record_all(tmp_path)

    stored = {turn.id for turn in workspace.turns()}
    assert {first, second} <= stored
    assert len(stored) + recorder.counters.unreadable == 3
    assert list(tmp_path.glob("*.spool")) == []
    # What could not be stored is set aside, and nothing else is.
    kept = list(tmp_path.glob("quarantine/*.spool"))
    assert len(kept) == recorder.counters.unreadable


def test_what_was_set_aside_can_be_recorded_later(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn_id, frames = _turn(workspace)
    _write(tmp_path, *frames)

    def refuse(*args: object, **kwargs: object) -> None:
        raise ValueError("a bug")

    with monkeypatch.context() as broken:
        broken.setattr("apps.proxy.recorder.storing.turns_record", refuse)
        record_all(tmp_path)
    (kept,) = tmp_path.glob("quarantine/*.spool")
    assert (workspace.turns(), kept.stem) == ([], str(turn_id))
    kept.rename(tmp_path / kept.name)

    record_all(tmp_path)

    (turn,) = workspace.turns()
    assert (turn.id, turn.status, turn.response_text) == (turn_id, "complete", recordings.TEXT)


def test_a_file_with_wrong_bytes_is_set_aside_once_all_else_in_it_is_stored(
    workspace: Workspace, tmp_path: Path
) -> None:
    (first, before), (_, wrong) = _turn(workspace), _turn(workspace)
    middle = bytearray(b"".join(wrong))
    middle[40] ^= 1
    path = _write(tmp_path, *before, bytes(middle))
    whole = path.read_bytes()

    record_all(tmp_path)

    assert [turn.id for turn in workspace.turns()] == [first]
    assert (tmp_path / "quarantine" / path.name).read_bytes() == whole


def test_what_is_set_aside_is_bounded(tmp_path: Path) -> None:
    quarantine = Quarantine(tmp_path, max_bytes=250)
    for number in range(5):
        quarantine.keep(f"turn-{number}", [b"x" * 100], "a bug")
        os.utime(tmp_path / f"quarantine/turn-{number}.spool", (number + 1, number + 1))

    kept = sorted(path.stem for path in tmp_path.glob("quarantine/*"))

    assert kept == ["turn-3", "turn-4"]


def test_what_is_set_aside_of_a_workspace_that_is_gone_goes_too(
    workspace: Workspace, tmp_path: Path
) -> None:
    gone = uuid7()
    (alone, theirs), (_, also_theirs), (_, frames) = (
        _turn(workspace, tenant=gone),
        _turn(workspace, tenant=gone),
        _turn(workspace),
    )
    quarantine = Quarantine(tmp_path)
    quarantine.keep(str(alone), theirs, "a bug")
    damaged = bytearray(also_theirs[-1])
    damaged[30] ^= 1
    quarantine.keep("mixed", [*frames, *also_theirs[:-1], bytes(damaged)], "a bug")
    quarantine.keep("ours", frames, "a bug")
    recorder = Recorder(tmp_path)

    recorder.forget_gone(at_once=True)

    left = {path.name: path.read_bytes() for path in (tmp_path / "quarantine").iterdir()}
    assert left == {"mixed.spool": b"".join(frames), "ours.spool": b"".join(frames)}


@pytest.mark.parametrize("failures", [0, 1], ids=["", "after Postgres was away"])
def test_more_than_a_batch_is_stored_in_order(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failures: int
) -> None:
    monkeypatch.setattr("apps.proxy.recorder.loop._BATCH", 4)
    talk: list[dict[str, Any]] = []
    frames, session = [], uuid7()
    for number in range(11):
        talk.append({"role": "user", "content": f"message {number}"})
        body = {"model": "m", "messages": list(talk)}
        _, turn = _turn(workspace, body=body, session_id=session, session_source="header")
        frames += turn
        talk.append({"role": "assistant", "content": recordings.TEXT})
    _write(tmp_path, *frames)
    stored: list[int] = []
    away = [OperationalError("away")] * failures

    def record(*, tenant_id: UUID, records: list[TurnRecord]) -> list[TurnRecord]:
        if stored and away:
            raise away.pop()
        stored.extend(len(each.messages) for each in records)
        return turns_record(tenant_id=tenant_id, records=records)

    monkeypatch.setattr("apps.proxy.recorder.storing.turns_record", record)
    recorder = Recorder(tmp_path)
    for _ in range(6):
        with suppress(OperationalError):
            recorder.step()

    assert stored == list(range(1, 22, 2))
    assert len(workspace.turns(session_id=session)) == 11
    assert list(tmp_path.glob("*.spool")) == []


def test_text_that_postgres_has_no_place_for_is_stored_without_it(
    workspace: Workspace, tmp_path: Path
) -> None:
    body = b'{"model":"m","messages":[{"role":"user","content":"a\\u0000b \\ud800 c"}]}'
    stream = b'data: {"model":"m\\u0000","choices":[{"delta":{"content":"x\\u0000y"}}]}\n\n'
    turn_id, frames = _turn(workspace, body=body, stream=stream, model="m\0")
    _write(tmp_path, *frames)

    recorder = record_all(tmp_path)

    assert recorder.counters.unreadable == 0
    assert [turn.id for turn in workspace.turns()] == [turn_id]


def test_turns_of_a_workspace_that_is_gone_are_let_go(workspace: Workspace, tmp_path: Path) -> None:
    kept, frames = _turn(workspace)
    _, others = _turn(workspace, tenant=uuid7())
    _write(tmp_path, *others, *frames)

    record_all(tmp_path)

    assert [turn.id for turn in workspace.turns()] == [kept]
    assert list(tmp_path.iterdir()) == []
