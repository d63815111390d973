"""What real clients sent and got, through the spool into Postgres: linked, and given back (P9)."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.proxy.recorder.loop import Recorder
from apps.proxy.spool.frames import CHUNK, pack, pack_begin, pack_end
from apps.proxy.spool.writer import SUFFIX
from apps.trajectories.models import Turn
from apps.trajectories.selectors import asked_of, request_built
from apps.trajectories.services import requests
from tests.proxy.conftest import Workspace, make_workspace

RECORDED = sorted((Path(__file__).parent / "recorded").glob("*.jsonl"))
DIALECTS = {"messages": "anthropic", "responses": "responses", "completions": "openai"}


@pytest.fixture
def workspace(committed: None) -> Workspace:
    return make_workspace("openai", None)


def _frames(workspace: Workspace, turn_id: UUID, session: UUID, one: dict[str, Any]) -> bytes:
    path = one["path"].partition("?")[0]
    header = {
        "tenant": workspace.id,
        "key_id": workspace.key_id,
        "key_name": "gateway",
        "upstream": "provider",
        "is_simulated": False,
        "session_id": session,
        "session_source": "header",
        "external_session_id": "",
        "started_at": 1_800_000_000.0,
        "injection": {"text": "", "place": "none"},
        "skills": [],
        "dialect": DIALECTS[path.rpartition("/")[2]],
        "model": "m",
        "is_stream": True,
        "kind": "main",
        "agent": "",
        "is_session_done": False,
    }
    end = {
        "status": "complete",
        "http_status": 200,
        "finished_at": 1_800_000_001.0,
        "latency_ms": 1000,
        "timings": {"received": 0, "finished": 1000},
        "encoding": "",
        "error": None,
    }
    return b"".join(
        [
            pack_begin(turn_id.bytes, header, _body(one)),
            pack(CHUNK, turn_id.bytes, one["answer"].encode()),
            pack_end(turn_id.bytes, end),
        ]
    )


def _body(one: dict[str, Any]) -> bytes:
    return json.dumps(one["body"], separators=(",", ":"), ensure_ascii=False).encode()


@pytest.mark.parametrize("client", RECORDED, ids=lambda path: path.stem)
@pytest.mark.parametrize("at_once", [True, False], ids=["one batch", "recorder started anew"])
def test_every_request_of_a_conversation_is_linked_and_given_back(
    workspace: Workspace, tmp_path: Path, client: Path, at_once: bool
) -> None:
    sent = [json.loads(line) for line in client.read_text().splitlines()]
    sessions = {talk: uuid7() for talk in {one["talk"] for one in sent}}
    made = [(uuid7(), one) for one in sent]
    frames = [_frames(workspace, turn_id, sessions[one["talk"]], one) for turn_id, one in made]
    for number, batch in enumerate([b"".join(frames)] if at_once else frames):
        (tmp_path / f"1-1-a-{number:06d}{SUFFIX}").write_bytes(batch)
        requests.memory.forget()
        recorder = Recorder(tmp_path)
        while recorder.step():
            pass

    stored = {turn.id: turn for turn in workspace.turns()}
    with tenant_tx(workspace.id):
        for turn_id, one in made:
            found = request_built(tenant_id=workspace.id, turn_id=turn_id)
            assert found.body == _body(one)
            asked = asked_of(tenant_id=workspace.id, turn_id=turn_id)
            assert len(asked.messages) > asked.new_from == stored[turn_id].new_from
    for talk in sessions:
        line: list[Turn] = [stored[turn_id] for turn_id, one in made if one["talk"] == talk]
        assert line[0].parent_id is None
        for before, after in pairwise(line):
            assert (after.parent_id, after.base_id) == (before.id, before.id)
            assert len(after.request) < 800
