"""Killed at any moment, the trainer goes on where it was: nothing lost, nothing done twice."""

import hashlib
import random
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tinker import types

from apps.trainer import DEMO_MODEL
from tests.trainer.process import TrainerProcess
from tests.trainer.sdk import WAIT, learn, new_model, params, prompt_of, service
from tests.trainer.wire import Wire

STEPS = 12


@pytest.fixture
def own(tmp_path) -> Iterator[TrainerProcess]:
    process = TrainerProcess(tmp_path / "data")
    yield process
    process.stop()


def saved_bytes(data: Path, path: str) -> str:
    """The fingerprint of the weights under this path, optimizer included."""
    with sqlite3.connect(data / "trainer.db") as db:
        (file,) = db.execute("SELECT file FROM checkpoints WHERE path = ?", (path,)).fetchone()
    db.close()
    return hashlib.sha256((data / "weights" / file).read_bytes()).hexdigest()


def train(process: TrainerProcess, key: str, *, kills: int) -> tuple[str, int]:
    """Two passes and a step, again and again; with kills strewn in. The weights, and the steps."""
    moments = set(random.Random(kills).sample(range(STEPS * 3), kills))
    wire = Wire(process.url, key)
    model_id = wire.model()
    promises = []
    for i in range(STEPS * 3):
        seq = i + 1
        if seq % 3 == 0:
            promises.append(wire.step(model_id, seq))
        else:
            words = f"pass number {i} of this run".encode()
            response = wire.send_pass(model_id, seq, tokens=words)
            assert response.status_code == 200
            promises.append(response.json())
        if i in moments:
            # Long enough for some of what waits, and not for all.
            time.sleep(random.Random(i).random() * 0.05)
            process.kill()
            process.start()
    for promise in promises:
        assert wire.result(promise).status_code == 200
    path = wire.saved(model_id, STEPS * 3 + 1, "end")
    row = wire.get(f"training_runs/{model_id}/checkpoints").json()["checkpoints"][0]
    assert row["tinker_path"] == path
    wire.close()
    with sqlite3.connect(process.data / "trainer.db") as db:
        (steps,) = db.execute("SELECT step FROM checkpoints WHERE path = ?", (path,)).fetchone()
    db.close()
    return saved_bytes(process.data, path), steps


def test_killed_or_not_the_weights_are_the_same_to_the_last_bit(own):
    key = own.key("ours")
    own.start()

    undisturbed = train(own, key, kills=0)
    killed = train(own, key, kills=3)

    assert undisturbed == killed
    assert undisturbed[1] == STEPS


def test_requests_that_were_accepted_are_done_by_the_next_process(own):
    key = own.key("ours")
    own.start()
    wire = Wire(own.url, key)
    model_id = wire.model()
    promises = [wire.send_pass(model_id, seq).json() for seq in range(1, 40)]
    promises.append(wire.step(model_id, 40))
    sampler = wire.ok(
        "create_sampling_session",
        session_id=wire.session,
        sampling_session_seq_id=0,
        base_model=DEMO_MODEL,
    )["sampling_session_id"]
    prompt = {"chunks": [{"type": "encoded_text", "tokens": [1, 2]}]}
    promises += [
        wire.ok("asample", sampling_session_id=sampler, seq_id=seq, prompt=prompt)
        for seq in range(4)
    ]
    own.kill()
    own.start()

    results = [wire.result(promise) for promise in promises]

    assert {response.status_code for response in results} == {200}
    assert "metrics" in results[39].json()
    assert all("x-protobuf" in one.headers["content-type"] for one in results[40:])
    again = wire.step(model_id, 40)
    assert again["request_id"] == promises[39]["request_id"]
    wire.close()


def test_a_client_goes_on_over_a_kill_and_an_answer_given_stays(own):
    key = own.key("ours")
    own.start()
    client = service(own.url, key)
    model = new_model(client)
    learn(model, "cispo", steps=2)
    sampler = model.save_weights_and_get_sampling_client().result(timeout=WAIT)
    before = sampler.sample(prompt_of(), 2, params(seed=5)).result(timeout=WAIT)

    own.kill()
    own.start()
    after = sampler.sample(prompt_of(), 2, params(seed=5)).result(timeout=WAIT)
    stepped = model.optim_step(types.AdamParams()).result(timeout=WAIT)

    assert [list(one.tokens) for one in before.sequences] == [
        list(one.tokens) for one in after.sequences
    ]
    assert stepped.metrics
    client.close("success").result(timeout=WAIT)


def test_a_run_resumes_from_a_checkpoint_with_its_optimizer(own):
    key = own.key("ours")
    own.start()
    wire = Wire(own.url, key)
    first = wire.model()
    for seq in (1, 3):
        wire.send_pass(first, seq)
        wire.step(first, seq + 1)
    path = wire.saved(first, 5, "middle")
    second = wire.result(
        wire.ok("load_weights", session_id=wire.session, model_seq_id=9, path=path, optimizer=True)
    ).json()["model_id"]
    bare = wire.result(
        wire.ok(
            "load_weights", session_id=wire.session, model_seq_id=10, path=path, optimizer=False
        )
    ).json()["model_id"]

    prints = []
    for model_id, start in ((first, 6), (second, 1), (bare, 1)):
        wire.send_pass(model_id, start)
        wire.step(model_id, start + 1)
        prints.append(saved_bytes(own.data, wire.saved(model_id, start + 2, "end")))

    assert prints[0] == prints[1]
    assert prints[2] != prints[0]
    wire.close()


def test_one_folder_takes_one_process(own):
    own.key("ours")
    own.start()

    with pytest.raises(AssertionError, match="Another trainer works in"):
        own.beside().start()


def test_files_that_no_row_names_are_gone_after_a_start(own):
    key = own.key("ours")
    own.start()
    wire = Wire(own.url, key)
    model_id = wire.model()
    wire.result(wire.step(model_id, 1))
    stray = own.data / "weights" / "left-behind.safetensors"
    stray.write_bytes(b"half of something")

    own.kill()
    own.start()

    assert not stray.exists()
    assert wire.result(wire.step(model_id, 2)).status_code == 200
    assert len(list((own.data / "weights").iterdir())) == 1
    wire.close()
