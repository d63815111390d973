"""Two tenants on one base: what belongs to one looks missing to the other."""

from collections.abc import Iterator

import httpx2
import pytest
import tinker
from tinker import types

from apps.trainer import DEMO_MODEL
from tests.trainer.sdk import WAIT, imitation, new_model, params, prompt_of, service
from tests.trainer.wire import Wire


@pytest.fixture
def wires(trainer, key, other_key) -> Iterator[tuple[Wire, Wire]]:
    ours, theirs = Wire(trainer.url, key), Wire(trainer.url, other_key)
    yield ours, theirs
    ours.close()
    theirs.close()


@pytest.mark.parametrize("given", [None, "tml-local-" + "x" * 43, "tml-other", "Bearer"])
def test_nobody_gets_in_without_a_known_key(trainer, given):
    headers = {"X-API-Key": given} if given else {}

    for path in ("create_session", "retrieve_future", "asample"):
        response = httpx2.post(f"{trainer.url}/api/v1/{path}", json={}, headers=headers)
        assert response.status_code == 401
    assert httpx2.get(f"{trainer.url}/api/v1/healthz").status_code == 200


def test_the_sdk_says_that_a_key_is_wrong(trainer):
    client = service(trainer.url, "tml-local-" + "y" * 43)

    with pytest.raises(tinker.AuthenticationError, match="not known here"):
        client.create_sampling_client(base_model=DEMO_MODEL).result(timeout=WAIT)


def test_every_id_of_one_is_missing_for_the_other(wires):
    ours, theirs = wires
    model_id = ours.model()
    promise = ours.send_pass(model_id, 1).json()
    ours.result(promise)
    path = ours.saved(model_id, 2, "secret")
    sampler = ours.ok(
        "create_sampling_session",
        session_id=ours.session,
        sampling_session_seq_id=1,
        base_model=DEMO_MODEL,
    )["sampling_session_id"]
    sampled = ours.result(
        ours.ok("save_weights_for_sampler", model_id=model_id, seq_id=3, path="spoken")
    ).json()["path"]
    prompt = {"chunks": [{"type": "encoded_text", "tokens": [1]}]}

    tries = [
        theirs.post("get_info", model_id=model_id),
        theirs.send_pass(model_id, 4),
        theirs.post("optim_step", model_id=model_id, seq_id=4, adam_params={}),
        theirs.post("save_weights", model_id=model_id, seq_id=4, path="x"),
        theirs.post("save_weights_for_sampler", model_id=model_id, seq_id=4, path="x"),
        theirs.post("unload_model", model_id=model_id),
        theirs.post("retrieve_future", request_id=promise["request_id"]),
        theirs.post("cancel_future", request_id=promise["request_id"]),
        theirs.post("weights_info", tinker_path=path),
        theirs.post(
            "load_weights", session_id=theirs.session, model_seq_id=7, path=path, optimizer=True
        ),
        theirs.post("session_heartbeat", session_id=ours.session),
        theirs.post(
            "create_model",
            session_id=ours.session,
            model_seq_id=8,
            base_model=DEMO_MODEL,
            lora_config={"rank": 2},
        ),
        theirs.post(
            "create_sampling_session",
            session_id=theirs.session,
            sampling_session_seq_id=2,
            model_path=sampled,
        ),
        theirs.post("asample", sampling_session_id=sampler, seq_id=9, prompt=prompt),
        theirs.post("join_sampling_session", sampling_session_id=sampler),
        theirs.get(f"samplers/{sampler}"),
        theirs.get(f"sessions/{ours.session}"),
        theirs.get(f"training_runs/{model_id}"),
        theirs.get(f"training_runs/{model_id}/checkpoints"),
        theirs._http.delete(f"training_runs/{model_id}/checkpoints/weights/secret"),
        theirs._http.put(
            f"training_runs/{model_id}/checkpoints/weights/secret/ttl", json={"ttl_seconds": 3600}
        ),
    ]

    assert [response.status_code for response in tries] == [404] * len(tries)
    assert ours.ok("weights_info", tinker_path=path)
    assert ours.result(ours.step(model_id, 4)).status_code == 200


def test_lists_hold_ones_own_only(wires):
    ours, theirs = wires
    model_id = ours.model()
    path = ours.saved(model_id, 1, "listed")

    assert path in str(ours.get("checkpoints?limit=1000").json())
    for listing in ("checkpoints?limit=1000", "training_runs?limit=1000", "sessions?limit=1000"):
        assert ours.session in ours.get(listing).text
        assert ours.session not in theirs.get(listing).text
    models = theirs._http.get(str(theirs._http.base_url).replace("/api/v1", "/oai/api/v1/models"))
    assert ours.session not in models.text


def test_tenants_train_at_once_and_do_not_move_each_other(connect, key, other_key):
    both = [new_model(connect(one), seed=3) for one in (key, other_key)]
    texts = ("one of them says this", "the other says that!!")
    passed = []
    for _ in range(15):
        for model, text in zip(both, texts, strict=True):
            passed.append(model.forward_backward(imitation(text), "cross_entropy"))
            passed.append(model.optim_step(types.AdamParams(learning_rate=1e-2)))
    for promise in passed:
        promise.result(timeout=WAIT)

    losses = [
        [
            model.forward(imitation(text), "cross_entropy").result(timeout=WAIT).metrics["loss:sum"]
            for text in texts
        ]
        for model in both
    ]

    assert losses[0][0] < losses[0][1] / 3
    assert losses[1][1] < losses[1][0] / 3


def test_the_base_stays_as_it_was(connect, key, other_key):
    theirs = connect(other_key).create_sampling_client(base_model=DEMO_MODEL).result(timeout=WAIT)
    before = theirs.compute_logprobs(prompt_of()).result(timeout=WAIT)
    model = new_model(connect(key))
    for _ in range(3):
        model.forward_backward(imitation(), "cross_entropy")
        model.optim_step(types.AdamParams(learning_rate=1e-1)).result(timeout=WAIT)
    model.save_weights_and_get_sampling_client().result(timeout=WAIT).sample(
        prompt_of(), 1, params()
    ).result(timeout=WAIT)

    after = theirs.compute_logprobs(prompt_of()).result(timeout=WAIT)

    assert after == before
