"""Checkpoints: saved, listed, loaded, timed, deleted; and a run's tokenizer."""

import time

import pytest
import tinker
from tinker import types

from apps.trainer import DEMO_MODEL
from tests.trainer.sdk import WAIT, imitation, new_model, params, prompt_of


@pytest.fixture
def rest(trainer, key):
    return tinker.RestClient(base_url=trainer.url, api_key=key)


def trained(client):
    model = new_model(client)
    model.forward_backward(imitation(), "cross_entropy")
    model.optim_step(types.AdamParams(learning_rate=1e-2)).result(timeout=WAIT)
    return model


def test_a_saved_policy_says_what_the_run_says(client):
    model = trained(client)
    path = model.save_weights_for_sampler("first").result(timeout=WAIT).path
    named = client.create_sampling_client(model_path=path).result(timeout=WAIT)
    snapshot = model.save_weights_and_get_sampling_client().result(timeout=WAIT)

    answers = [
        sampler.sample(prompt_of(), 2, params(seed=3)).result(timeout=WAIT).sequences
        for sampler in (named, snapshot)
    ]

    assert path.endswith("/sampler_weights/first")
    assert [list(a.tokens) for a in answers[0]] == [list(b.tokens) for b in answers[1]]
    assert list(answers[0][0].tokens) != list(answers[0][1].tokens)


def test_a_snapshot_stays_and_an_inflight_policy_moves(client):
    model = trained(client)
    snapshot = model.save_weights_and_get_sampling_client().result(timeout=WAIT)
    moving = model.save_weights_and_get_sampling_client(kind="inflight").result(timeout=WAIT)

    def scores(sampler):
        return sampler.compute_logprobs(prompt_of()).result(timeout=WAIT)[1:]

    before = scores(snapshot), scores(moving)
    model.forward_backward(imitation(), "cross_entropy")
    model.optim_step(types.AdamParams(learning_rate=1e-2)).result(timeout=WAIT)
    model.save_weights_and_get_sampling_client(kind="inflight").result(timeout=WAIT)

    assert before[0] == pytest.approx(before[1])
    assert scores(snapshot) == pytest.approx(before[0])
    assert scores(moving) != pytest.approx(before[1])


def test_checkpoints_are_listed_newest_first_with_what_was_said_of_them(client, rest):
    model = trained(client)
    model.save_state("one", user_metadata={"step": "1"}).result(timeout=WAIT)
    model.save_weights_for_sampler("two", ttl_seconds=3_600).result(timeout=WAIT)

    of_run = rest.list_checkpoints(model.model_id).result(timeout=WAIT).checkpoints
    mine = rest.list_user_checkpoints(limit=1).result(timeout=WAIT)
    run = rest.get_training_run(model.model_id).result(timeout=WAIT)

    assert [one.checkpoint_id for one in of_run] == ["weights/one", "sampler_weights/two"]
    assert of_run[0].user_metadata == {"step": "1"}
    assert of_run[0].size_bytes > 1_000
    assert of_run[1].expires_at.timestamp() == pytest.approx(time.time() + 3_600, abs=60)
    assert mine.checkpoints[0].tinker_path == of_run[1].tinker_path
    assert mine.cursor.total_count >= 2
    assert run.last_checkpoint.checkpoint_id == "weights/one"
    assert run.base_model == DEMO_MODEL
    assert run.lora_rank == 8


def test_a_name_is_taken_once_unless_overwriting_is_asked_for(client):
    model = trained(client)
    model.save_state("same").result(timeout=WAIT)

    with pytest.raises(tinker.RequestFailedError, match="exists already"):
        model.save_state("same").result(timeout=WAIT)

    assert model.save_state("same", overwrite=True).result(timeout=WAIT).path


def test_a_deleted_checkpoint_is_gone_for_good(client, rest):
    model = trained(client)
    path = model.save_weights_for_sampler("short").result(timeout=WAIT).path
    sampler = client.create_sampling_client(model_path=path).result(timeout=WAIT)

    rest.delete_checkpoint_from_tinker_path(path).result(timeout=WAIT)

    with pytest.raises(tinker.NotFoundError):
        client.create_sampling_client(model_path=path).result(timeout=WAIT)
    with pytest.raises(tinker.NotFoundError):
        sampler.sample(prompt_of(), 1, params()).result(timeout=WAIT)
    assert rest.list_checkpoints(model.model_id).result(timeout=WAIT).checkpoints == []


def test_the_time_of_a_checkpoint_can_be_changed(client, rest):
    model = trained(client)
    path = model.save_state("timed", ttl_seconds=3_600).result(timeout=WAIT).path

    rest.set_checkpoint_ttl_from_tinker_path(path, 7_200).result(timeout=WAIT)
    (found,) = rest.list_checkpoints(model.model_id).result(timeout=WAIT).checkpoints
    rest.set_checkpoint_ttl_from_tinker_path(path, None).result(timeout=WAIT)
    (forever,) = rest.list_checkpoints(model.model_id).result(timeout=WAIT).checkpoints

    assert found.expires_at.timestamp() == pytest.approx(time.time() + 7_200, abs=60)
    assert forever.expires_at is None


def test_a_run_goes_on_from_state_with_and_without_its_optimizer(client):
    model = trained(client)
    path = model.save_state("state").result(timeout=WAIT).path

    whole = client.create_training_client_from_state_with_optimizer(path).result(timeout=WAIT)
    bare = client.create_training_client_from_state(path).result(timeout=WAIT)
    losses = [
        one.forward(imitation(), "cross_entropy").result(timeout=WAIT).metrics["loss:sum"]
        for one in (model, whole, bare)
    ]

    assert losses == pytest.approx([losses[0]] * 3, rel=1e-6)


def test_the_tokenizer_comes_from_this_machine(client):
    model = new_model(client)

    tokenizer = model.get_tokenizer()
    text = tokenizer.apply_chat_template(
        [{"role": "user", "content": "höllo"}], tokenize=False, add_generation_prompt=True
    )

    assert tokenizer.decode(tokenizer.encode("höllo, the 世界")) == "höllo, the 世界"
    assert text == "<|im_start|>user\nhöllo<|im_end|>\n<|im_start|>assistant\n"
    assert len(tokenizer.encode(" the")) == 1
