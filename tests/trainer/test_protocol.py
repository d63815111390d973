"""What the SDK relies on: order, repetition, patience, and refusals that say why."""

from collections.abc import Iterator

import pytest
import zstandard
from tinker import types
from tinker._exceptions import RequestFailedError

from apps.trainer import DEMO_MODEL
from tests.trainer.sdk import WAIT, imitation, new_model
from tests.trainer.wire import PROTO, Wire, pass_body


@pytest.fixture
def wire(trainer, key) -> Iterator[Wire]:
    wire = Wire(trainer.url, key)
    yield wire
    wire.close()


def test_requests_are_done_in_order_whichever_comes_first(wire):
    model_id = wire.model()
    late = wire.step(model_id, 3)
    second = wire.send_pass(model_id, 2).json()
    still = wire.post("sessions", nothing=1)  # something else is answered meanwhile
    first = wire.send_pass(model_id, 1).json()

    metrics = wire.result(late).json()["metrics"]

    assert still.status_code in (404, 405)
    assert metrics["unclipped_grad_l2:mean"] > 0
    assert {wire.result(one).status_code for one in (first, second)} == {200}


def test_a_repeated_request_is_the_same_request(wire):
    model_id = wire.model()
    sent = [wire.send_pass(model_id, 1).json() for _ in range(3)]
    steps = [wire.step(model_id, 2) for _ in range(3)]
    wire.result(steps[0])
    steps.append(wire.step(model_id, 2))
    created = wire.ok(
        "create_model",
        session_id=wire.session,
        model_seq_id=0,
        base_model=DEMO_MODEL,
        lora_config={"rank": 4},
    )

    assert len({one["request_id"] for one in sent}) == 1
    assert len({one["request_id"] for one in steps}) == 1
    assert wire.result(created).json()["model_id"] == model_id
    saved = wire.saved(model_id, 3, "once")
    info = wire.ok("weights_info", tinker_path=saved)
    assert (info["base_model"], info["lora_rank"]) == (DEMO_MODEL, 4)


def test_a_repeated_sample_is_not_sampled_again(wire):
    sampler = wire.ok(
        "create_sampling_session",
        session_id=wire.session,
        sampling_session_seq_id=0,
        base_model=DEMO_MODEL,
    )["sampling_session_id"]
    asked = {
        "sampling_session_id": sampler,
        "seq_id": 0,
        "num_samples": 3,
        "prompt": {"chunks": [{"type": "encoded_text", "tokens": [1, 2, 3]}]},
        "sampling_params": {"max_tokens": 4},
    }

    promises = [wire.ok("asample", **asked) for _ in range(2)]

    assert promises[0] == promises[1]
    assert len(set(promises[0]["sample_sequence_ids"])) == 3
    assert wire.result(promises[0]).content == wire.result(promises[1]).content


def test_what_is_not_done_yet_is_asked_for_again(wire, monkeypatch):
    model_id = wire.model()
    held = wire.step(model_id, 2)

    response = wire.post("retrieve_future", request_id=held["request_id"])

    assert response.status_code == 408
    assert response.json()["type"] == "try_again"
    assert response.json()["queue_state"] == "active"


def test_a_sample_nobody_waits_for_is_stopped(wire):
    sampler = wire.ok(
        "create_sampling_session",
        session_id=wire.session,
        sampling_session_seq_id=3,
        base_model=DEMO_MODEL,
    )["sampling_session_id"]
    asked = {
        "sampling_session_id": sampler,
        "num_samples": 8,
        "prompt": {"chunks": [{"type": "encoded_text", "tokens": [1, 2, 3]}]},
        "sampling_params": {"max_tokens": 4_000, "stop": []},
    }
    long = wire.ok("asample", seq_id=0, **asked)
    beside = wire.ok("asample", seq_id=1, **asked | {"sampling_params": {"max_tokens": 4}})

    short = wire.result(beside)
    cancelled = wire.post("cancel_future", request_id=long["request_id"])
    failed = wire.result(long)

    assert "x-protobuf" in short.headers["content-type"]
    assert cancelled.status_code == 200
    assert "cancelled" in failed.json()["error"]


def test_packed_bodies_are_unpacked_and_bombs_are_not(wire):
    model_id = wire.model()
    body = pass_body(model_id, 1)
    packed = zstandard.ZstdCompressor().compress(body)
    bomb = zstandard.ZstdCompressor().compress(bytes(100 * 1024 * 1024))
    headers = {**PROTO, "Content-Encoding": "zstd"}

    assert wire.raw("forward_backward", packed, **headers).status_code == 200
    assert wire.raw("forward_backward", bomb, **headers).status_code == 413
    assert wire.raw("forward_backward", b"not packed", **headers).status_code == 400
    assert (
        wire.raw("forward_backward", body, **PROTO, **{"Content-Encoding": "br"}).status_code == 415
    )


@pytest.mark.parametrize(
    "path, body, status, says",
    [
        ("create_model", {"base_model": "gone/away"}, 400, DEMO_MODEL),
        ("create_model", {"lora_config": {"rank": 0}}, 400, "between 1 and 256"),
        ("create_model", {"lora_config": {"rank": 100_000}}, 400, "between 1 and 256"),
        ("create_model", {"lora_config": None}, 400, "lora_config"),
        ("create_model", {"session_id": "no-such"}, 404, "session"),
        ("create_model", {"model_seq_id": -1}, 400, "model_seq_id"),
        ("create_model", {"optimizer_config": {"type": "dimuon"}}, 400, "AdamW"),
        ("optim_step", {"model_id": "no-such", "seq_id": 1}, 404, "model"),
        ("get_info", {"model_id": "no-such"}, 404, "model"),
        ("get_info", {}, 400, "model_id"),
        ("retrieve_future", {"request_id": "no-such"}, 404, "request"),
        ("load_weights", {"path": "/etc/passwd"}, 400, "tinker://"),
        ("load_weights", {"path": "tinker://a/weights/../../x"}, 400, "tinker://"),
        ("load_weights", {"path": "tinker://a/weights/.."}, 400, "name"),
        ("load_weights", {"path": "tinker://a/weights/gone"}, 404, "checkpoint"),
        ("weights_info", {"tinker_path": "tinker://a/other/b"}, 400, "tinker://"),
        ("create_sampling_session", {"sampling_session_seq_id": 1}, 400, "base model"),
        ("asample", {"sampling_session_id": "no-such"}, 404, "sampling session"),
        ("save_weights_external", {"model_id": "x"}, 400, "exports none"),
    ],
)
def test_mistakes_are_answered_at_once_and_in_words(wire, path, body, status, says):
    needed = {
        "session_id": wire.session,
        "model_seq_id": 50,
        "base_model": DEMO_MODEL,
        "lora_config": {"rank": 4},
    }
    given = {**needed, **body} if path in ("create_model", "load_weights") else body
    if path == "create_sampling_session":
        given["session_id"] = wire.session

    response = wire.post(path, **given)

    assert response.status_code == status
    assert says in response.json()["detail"]


@pytest.mark.parametrize("name", ["", "a/b", "../a", ".hidden", "a" * 200, "a\x00b", 5])
def test_names_of_checkpoints_stay_names(wire, trainer, name):
    model_id = wire.model()

    response = wire.post("save_weights", model_id=model_id, seq_id=1, path=name)

    assert response.status_code == 400
    assert "name" in response.json()["detail"]


@pytest.mark.parametrize(
    "values",
    [
        {"learning_rate": -1},
        {"learning_rate": "much"},
        {"beta1": 1.0},
        {"speed": 3},
        {"eps": float("1e999")},
    ],
)
def test_parameters_of_a_step_are_checked(wire, values):
    model_id = wire.model()
    content = wire._http.build_request("POST", "optim_step", content=_json(model_id, values))

    response = wire._http.send(content)

    assert response.status_code == 400


def _json(model_id: str, values: dict) -> bytes:
    import json

    return json.dumps({"model_id": model_id, "seq_id": 1, "adam_params": values}).encode()


@pytest.mark.parametrize(
    "values, says",
    [
        ({"loss": "hope"}, "not known here"),
        ({"loss": "ppo"}, "missing"),
        ({"weights": [1.0]}, "has shape [1]"),
        ({"weights": [float("nan")] * 19}, "not finite"),
        ({"advantages": [1.0] * 19}, "no input of this loss"),
        ({"target_tokens": [9_999] * 19}, "outside 0 to 511"),
        ({"config": {"beta": 1.0}}, "Unknown loss settings"),
        ({"tokens": b"x" * 5_000}, "4096"),
        ({"tokens": b"x"}, "0 tokens"),
    ],
)
def test_bad_data_fails_its_future_and_the_run_goes_on(wire, values, says):
    model_id = wire.model()
    bad = wire.send_pass(model_id, 1, **values).json()
    good = wire.send_pass(model_id, 2).json()

    failed = wire.result(bad)

    assert failed.status_code == 200
    assert failed.json()["category"] == "user"
    assert says in failed.json()["error"]
    assert "x-protobuf" in wire.result(good).headers["content-type"]


def test_the_sdk_hears_of_bad_data_and_can_go_on(client):
    model = new_model(client)
    wrong = types.Datum(
        model_input=types.ModelInput.from_ints([1, 2, 3]),
        loss_fn_inputs={"target_tokens": [2, 3, 99_999], "weights": [1.0, 1.0, 1.0]},
    )

    with pytest.raises(RequestFailedError, match="Datum 0: target_tokens holds tokens outside"):
        model.forward_backward([wrong], "cross_entropy").result(timeout=WAIT)

    assert model.forward_backward(imitation(), "cross_entropy").result(timeout=WAIT).metrics


def test_a_loss_that_is_no_number_leaves_no_gradients(wire):
    model_id = wire.model()
    failed = wire.result(wire.send_pass(model_id, 1, weights=[3e38] * 19).json()).json()
    stepped = wire.result(wire.step(model_id, 2)).json()

    assert "not finite" in failed["error"]
    assert stepped["metrics"]["unclipped_grad_l2:mean"] == 0


def test_broken_bodies_are_refused(wire):
    assert wire.raw("create_session", b"{").status_code == 400
    assert wire.raw("create_session", b"[1]").status_code == 400
    assert wire.raw("forward_backward", b"\xff\xff\xff", **PROTO).status_code == 400
    assert wire.get("nowhere").status_code == 404


def test_a_finished_session_takes_no_more(wire):
    response = wire.post(f"sessions/{wire.session}/finish", reason={"type": "success"})

    assert response.status_code == 200
    assert wire.post("session_heartbeat", session_id=wire.session).status_code == 410


def test_an_unloaded_model_is_gone_and_its_checkpoints_stay(wire):
    model_id = wire.model()
    path = wire.saved(model_id, 1, "kept")

    assert wire.post("unload_model", model_id=model_id).status_code == 200

    assert wire.post("get_info", model_id=model_id).status_code == 404
    assert wire.send_pass(model_id, 2).status_code == 404
    assert wire.ok("weights_info", tinker_path=path)["lora_rank"] == 4
