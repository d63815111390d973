"""OpenAI's interface over base models and checkpoints, asked with OpenAI's own client."""

import time
from collections.abc import Iterator

import openai
import psutil
import pytest
from tinker import types

from apps.trainer import DEMO_MODEL
from tests.trainer.sdk import WAIT, datum, new_model

SAYS = "it is so"
HELLO = [{"role": "user", "content": "hello"}]


@pytest.fixture(scope="module")
def asking(trainer, key) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{trainer.url}/oai/api/v1", api_key=key, max_retries=0) as client:
        yield client


def taught(client, says: str) -> str:
    """The path of a policy that answers "hello" with these words, whatever was asked."""
    model = new_model(client)
    tokenizer = model.get_tokenizer()
    prompt = tokenizer.apply_chat_template(HELLO, tokenize=False, add_generation_prompt=True)
    given = tokenizer.encode(prompt)
    answer = [*tokenizer.encode(says), tokenizer.eos_token_id]
    row = datum(given, answer, weights=[1.0] * len(answer))
    for _ in range(300):
        passed = model.forward_backward([row], "cross_entropy")
        model.optim_step(types.AdamParams(learning_rate=5e-3)).result(timeout=WAIT)
        if passed.result(timeout=WAIT).metrics["loss:sum"] < 0.05:
            break
    return model.save_weights_for_sampler("taught").result(timeout=WAIT).path


def test_a_checkpoint_answers_a_chat_whole_and_streamed(client, asking):
    path = taught(client, SAYS)
    asked = {"model": path, "messages": HELLO, "temperature": 0, "max_tokens": 30}

    whole = asking.chat.completions.create(**asked, logprobs=True, top_logprobs=2)
    both = asking.chat.completions.create(**{**asked, "model": f"{DEMO_MODEL};{path}"})
    events = list(
        asking.chat.completions.create(**asked, stream=True, stream_options={"include_usage": True})
    )

    assert whole.choices[0].message.content == SAYS
    assert whole.choices[0].finish_reason == "stop"
    assert len(whole.choices[0].logprobs.content) == whole.usage.completion_tokens
    assert len(whole.choices[0].logprobs.content[0].top_logprobs) == 2
    assert both.choices[0].message.content == SAYS
    said = [event.choices[0].delta.content or "" for event in events if event.choices]
    assert "".join(said) == SAYS
    assert len([part for part in said if part]) > 1
    assert events[-2].choices[0].finish_reason == "stop"
    assert events[-1].usage.completion_tokens == whole.usage.completion_tokens
    assert path in [model.id for model in asking.models.list()]


def test_tool_calls_are_parsed(client, asking):
    path = taught(client, '<tool_call>{"name": "look", "arguments": {"at": "it"}}</tool_call>')

    answer = asking.chat.completions.create(
        model=path, messages=HELLO, temperature=0, max_tokens=120
    ).choices[0]

    assert answer.finish_reason == "tool_calls"
    (call,) = answer.message.tool_calls
    assert (call.function.name, call.function.arguments) == ("look", '{"at": "it"}')


def test_a_stop_text_is_not_part_of_the_answer_nor_of_the_stream(client, asking):
    path = taught(client, "one two three")
    asked = {"model": path, "messages": HELLO, "temperature": 0, "max_tokens": 30, "stop": "two"}

    whole = asking.chat.completions.create(**asked).choices[0]
    events = asking.chat.completions.create(**asked, stream=True)

    assert (whole.message.content, whole.finish_reason) == ("one ", "stop")
    assert "".join(e.choices[0].delta.content or "" for e in events) == "one "


def test_completions_echo_the_prompt_with_its_logprobs(asking):
    asked = {"model": DEMO_MODEL, "prompt": "hello world", "logprobs": 2, "echo": True}

    only = asking.completions.create(**asked, max_tokens=0).choices[0]
    more = asking.completions.create(**asked, max_tokens=3, temperature=0).choices[0]

    assert only.text == "hello world"
    assert only.logprobs.token_logprobs[0] is None
    assert all(value < 0 for value in only.logprobs.token_logprobs[1:])
    assert "".join(only.logprobs.tokens) == "hello world"
    count = len(only.logprobs.tokens)
    assert len(more.logprobs.tokens) == count + 3
    assert more.logprobs.token_logprobs[1:count] == pytest.approx(
        only.logprobs.token_logprobs[1:], abs=1e-5
    )


def test_several_prompts_and_choices_are_numbered(asking):
    answer = asking.completions.create(
        model=DEMO_MODEL, prompt=["hello", [1, 2, 3]], n=2, max_tokens=4, seed=1
    )

    assert [choice.index for choice in answer.choices] == [0, 1, 2, 3]
    assert answer.usage.completion_tokens <= 16
    streamed = asking.completions.create(
        model=DEMO_MODEL, prompt=["hello", [1, 2, 3]], n=2, max_tokens=4, seed=1, stream=True
    )
    texts = {}
    for event in streamed:
        choice = event.choices[0]
        texts[choice.index] = texts.get(choice.index, "") + choice.text
    assert [texts[choice.index] for choice in answer.choices] == [c.text for c in answer.choices]


@pytest.mark.parametrize("is_streamed", [True, False])
def test_a_caller_that_hangs_up_ends_its_sampling(asking, trainer, is_streamed):
    asked = {"model": DEMO_MODEL, "prompt": "hello", "max_tokens": 4_000, "n": 16}
    if is_streamed:
        stream = asking.completions.create(**asked, stream=True, seed=1)
        next(iter(stream))
        stream.close()
    else:
        with pytest.raises(openai.APITimeoutError):
            asking.with_options(timeout=0.5).completions.create(**asked, seed=1)
    # Heard of after the tokens of one turn; then there is nothing left to do.
    time.sleep(2)
    before = busy_seconds(trainer)
    time.sleep(1)

    assert busy_seconds(trainer) - before < 0.3


def busy_seconds(trainer) -> float:
    times = psutil.Process(trainer.pid).cpu_times()
    return times.user + times.system


@pytest.mark.parametrize(
    "values, says",
    [
        ({"model": "gone"}, "is not here"),
        ({"model": "tinker://x/weights/y"}, "was not found"),
        ({"messages": []}, "messages"),
        ({"messages": [{"content": "x"}]}, "role"),
        ({"n": 500}, "n must"),
        ({"temperature": "hot"}, "temperature"),
        ({"max_tokens": -1}, "max_tokens"),
        ({"logprobs": True, "top_logprobs": 99}, "log-probabilities"),
    ],
)
def test_mistakes_are_refused_in_openais_form(asking, values, says):
    with pytest.raises((openai.BadRequestError, openai.NotFoundError), match=says):
        asking.chat.completions.create(**{"model": DEMO_MODEL, "messages": HELLO, **values})


def test_another_tenants_checkpoint_is_missing(trainer, other_key, client):
    path = new_model(client).save_weights_for_sampler("ours").result(timeout=WAIT).path
    with (
        openai.OpenAI(
            base_url=f"{trainer.url}/oai/api/v1", api_key=other_key, max_retries=0
        ) as theirs,
        pytest.raises(openai.NotFoundError),
    ):
        theirs.chat.completions.create(model=path, messages=HELLO)


def test_a_state_checkpoint_is_not_for_sampling(asking, client):
    path = new_model(client).save_state("state").result(timeout=WAIT).path

    with pytest.raises(openai.BadRequestError, match="save_weights_for_sampler"):
        asking.chat.completions.create(model=path, messages=HELLO)
