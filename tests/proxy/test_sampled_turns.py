"""A policy's tokens on their way from the spool to the turn's side."""

import base64
import json
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest

from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.proxy.spool.frames import CHUNK, pack, pack_begin, pack_end
from apps.proxy.spool.writer import SUFFIX
from apps.training.models import Sample
from tests.factories import make_skill
from tests.proxy import recordings
from tests.proxy.conftest import Workspace, make_workspace, record_all
from tests.proxy.test_recorder import _header, _outcome

BODY = json.dumps({"model": "m", "messages": [{"role": "user", "content": "Hi"}]}).encode()


def packed(values: Any, kind: str) -> str:
    return base64.b64encode(np.asarray(values, kind).tobytes()).decode()


SAID: dict[str, Any] = {
    "prompt_tokens": packed([1, 2], "<i4"),
    "tokens": packed([3, 2**31 - 1], "<i4"),
    "logprobs": packed([-0.5, -2.0], "<f4"),
    "temperature": 1.0,
    "stop_reason": "stop",
    "base_model": "org/base",
    "checkpoint": "tinker://run/sampler_weights/1",
    "generation": 3,
}


@pytest.fixture
def workspace(committed: None) -> Workspace:
    return make_workspace("openai", None)


def spooled(folder: Path, workspace: Workspace, sample: Any, **fields: Any) -> UUID:
    turn_id = uuid7()
    frames = [
        pack_begin(turn_id.bytes, _header(workspace, **fields), BODY),
        pack(CHUNK, turn_id.bytes, recordings.openai_stream()),
        pack_end(turn_id.bytes, _outcome(sample=sample)),
    ]
    with (folder / f"1-1-a-000001{SUFFIX}").open("ab") as segment:
        segment.write(b"".join(frames))
    return turn_id


def samples(workspace: Workspace) -> list[Sample]:
    with tenant_tx(workspace.id):
        return list(Sample.objects.for_tenant(workspace.id))


def test_a_sample_stands_beside_its_turn_with_what_was_true_then(
    workspace: Workspace, tmp_path: Path
) -> None:
    version = str(make_skill(workspace.id).live_version_id)
    turn_id = spooled(tmp_path, workspace, SAID, skills=[[version, "iso-dates", 1, 0.9, 12]])

    record_all(tmp_path)

    (sample,) = samples(workspace)
    (turn,) = workspace.turns()
    assert sample.turn_id == turn.id == turn_id
    assert np.frombuffer(sample.tokens, "<i4").tolist() == [3, 2**31 - 1]
    assert np.frombuffer(sample.logprobs, "<f4").tolist() == [-0.5, -2.0]
    assert [str(one) for one in sample.version_ids] == [version]
    assert (sample.generation, sample.checkpoint) == (3, SAID["checkpoint"])
    # Not what the answer's text was taken for: what was sampled.
    assert (turn.input_tokens, turn.output_tokens, turn.usage_is_estimated) == (2, 2, False)


def test_read_twice_it_is_stored_once(workspace: Workspace, tmp_path: Path) -> None:
    spooled(tmp_path, workspace, SAID)
    (segment,) = tmp_path.glob(f"*{SUFFIX}")
    kept = segment.read_bytes()

    record_all(tmp_path)
    segment.write_bytes(kept)
    record_all(tmp_path)

    assert len(samples(workspace)) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"tokens": "not base64!"},
        {"tokens": packed([1], "<i4") + "AAAA"},
        {"tokens": packed([], "<i4"), "logprobs": packed([], "<f4")},
        {"tokens": packed([-3, 4], "<i4")},
        {"logprobs": packed([-0.5], "<f4")},
        {"logprobs": packed([-0.5, float("nan")], "<f4")},
        {"logprobs": packed([-0.5, 0.5], "<f4")},
        {"prompt_tokens": None},
        {"temperature": -1},
        {"temperature": "warm"},
        {"base_model": "b" * 201},
        {"base_model": ""},
        {"checkpoint": "c" * 501},
        {"checkpoint": "a\0b"},
        {"stop_reason": "s" * 21},
        {"generation": None},
        {"generation": -1},
    ],
)
def test_what_no_sampler_said_is_dropped_and_its_turn_kept(
    workspace: Workspace, tmp_path: Path, fields: dict[str, Any]
) -> None:
    good, bad = spooled(tmp_path, workspace, SAID), spooled(tmp_path, workspace, SAID | fields)

    recorder = record_all(tmp_path)

    assert {turn.id for turn in workspace.turns()} == {good, bad}
    assert [one.turn_id for one in samples(workspace)] == [good]
    assert recorder.counters.unreadable == 0


@pytest.mark.parametrize("sample", ["text", [], 5])
def test_what_is_no_sample_at_all_is_dropped_too(
    workspace: Workspace, tmp_path: Path, sample: Any
) -> None:
    turn_id = spooled(tmp_path, workspace, sample)

    record_all(tmp_path)

    assert [turn.id for turn in workspace.turns()] == [turn_id]
    assert samples(workspace) == []
