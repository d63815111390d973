"""What the policy process makes of a request, and of what was sampled for it."""

import base64
from typing import Any

import numpy as np
import orjson
import pytest
from openai.types.chat import ChatCompletion

from apps.integrations.tinker.policy import asking
from apps.integrations.tinker.policy.answering import Drawn, answer_of, cut
from apps.integrations.tinker.policy.refusing import Refused
from apps.integrations.tinker.types import Said, Sampled

PATH = "tinker://run/sampler_weights/step-3"
CALL = {"id": "call_1", "type": "function", "function": {"name": "look", "arguments": "{}"}}


def read(**fields: Any) -> asking.Asked:
    body = {"model": PATH, "messages": [{"role": "user", "content": "Hi"}]} | fields
    return asking.read(orjson.dumps(body))


def refused(**fields: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        read(**fields)
    return caught.value


@pytest.mark.parametrize(
    "model, base_model, path",
    [
        (PATH, "", PATH),
        ("Qwen/Qwen3-8B", "Qwen/Qwen3-8B", ""),
        (f"Qwen/Qwen3-8B;{PATH}", "Qwen/Qwen3-8B", PATH),
    ],
)
def test_a_model_is_a_base_the_path_of_weights_or_both(model, base_model, path):
    asked = read(model=model)

    assert (asked.model, asked.base_model, asked.path) == (model, base_model, path)


def test_a_policy_is_sampled_as_it_is_unless_the_caller_says_otherwise():
    plain = read()
    other = read(
        temperature=0.5, top_p=0.9, seed=-1, stop="END", max_tokens=7, max_completion_tokens=9
    )

    assert (plain.temperature, plain.top_p, plain.stop, plain.seed) == (1.0, 1.0, (), None)
    assert plain.max_tokens is None
    assert (other.temperature, other.top_p, other.stop) == (0.5, 0.9, ("END",))
    assert other.max_tokens == 9
    assert other.seed is not None
    assert other.seed >= 0


@pytest.mark.parametrize(
    "fields, names",
    [
        ({"n": 2}, "'n'"),
        ({"model": ""}, "'model'"),
        ({"model": "base;elsewhere"}, "semicolon"),
        ({"messages": []}, "'messages'"),
        ({"messages": [{"content": "x"}]}, "'messages[0]'"),
        ({"temperature": -1}, "'temperature'"),
        ({"temperature": True}, "'temperature'"),
        ({"temperature": "hot"}, "'temperature'"),
        ({"top_p": 0}, "'top_p'"),
        ({"max_tokens": 0}, "'max_tokens'"),
        ({"max_completion_tokens": 1.5}, "'max_completion_tokens'"),
        ({"stop": [1]}, "'stop'"),
        ({"stop": [""]}, "'stop'"),
        ({"stop": ["x"] * 17}, "'stop'"),
        ({"seed": "s"}, "'seed'"),
        ({"tools": {"a": 1}}, "'tools'"),
    ],
)
def test_a_callers_mistake_is_named_and_nobody_else_is_asked(fields, names):
    refusal = refused(**fields)

    assert (refusal.status, refusal.cannot) == (400, "")
    assert names in refusal.message


@pytest.mark.parametrize(
    "fields",
    [
        {"logprobs": True},
        {"logit_bias": {"5": 1}},
        {"presence_penalty": 0.5},
        {"response_format": {"type": "json_object"}},
        {"tool_choice": "required"},
        {"tool_choice": {"type": "function", "function": {"name": "look"}}},
    ],
)
def test_what_no_sampler_has_another_provider_may_have(fields):
    refusal = refused(**fields)

    assert (refusal.status, refusal.cannot) == (400, "unsupported")


def test_what_asks_for_nothing_is_no_obstacle():
    asked = read(
        n=1,
        logprobs=False,
        logit_bias={},
        presence_penalty=0,
        response_format={"type": "text"},
        tools=[{"type": "function", "function": {"name": "look"}}],
        tool_choice="none",
        stream=True,
        user="somebody",
    )

    assert asked.tools == []


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b'"x"'])
def test_what_is_no_request_is_refused(raw):
    with pytest.raises(Refused, match="body"):
        asking.read(raw)


def drawn(text: str = "Yes.", calls: Any = (), stop_reason: Any = "stop") -> Drawn:
    sampled = Sampled((7, 8, 9), (-0.1, -2.5, -1e-7), stop_reason)
    return Drawn("Qwen/Qwen3-8B", [1, 2, 300], sampled, Said(text, list(calls)))


def test_the_answer_is_a_chat_completion_and_the_sample_its_tokens_verbatim():
    found = answer_of(read(temperature=0.7), drawn())

    said = ChatCompletion.model_validate(found["completion"])
    assert said.choices[0].message.content == "Yes."
    assert said.choices[0].finish_reason == "stop"
    assert said.model == PATH
    assert said.usage is not None
    assert (said.usage.prompt_tokens, said.usage.completion_tokens) == (3, 3)
    sample = found["sample"]
    assert _unpacked(sample["prompt_tokens"], "<i4") == [1, 2, 300]
    assert _unpacked(sample["tokens"], "<i4") == [7, 8, 9]
    assert _unpacked(sample["logprobs"], "<f4") == [
        float(np.float32(x)) for x in drawn().sampled.logprobs
    ]
    assert (sample["temperature"], sample["stop_reason"]) == (0.7, "stop")
    assert (sample["base_model"], sample["checkpoint"]) == ("Qwen/Qwen3-8B", PATH)


def test_calls_end_the_answer_and_leave_no_empty_text():
    (choice,) = answer_of(read(), drawn("", [CALL]))["completion"]["choices"]

    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["tool_calls"] == [CALL]
    assert choice["message"]["content"] is None


def test_an_answer_of_nothing_is_an_empty_text():
    (choice,) = answer_of(read(), drawn("", stop_reason="length"))["completion"]["choices"]

    assert (choice["message"]["content"], choice["finish_reason"]) == ("", "length")


def test_a_stop_text_is_not_part_of_the_answer_and_stays_in_the_sample():
    found = answer_of(read(stop=["zzz", "END"]), drawn("one END two"))

    (choice,) = found["completion"]["choices"]
    assert (choice["message"]["content"], choice["stop_reason"]) == ("one ", "END")
    assert len(_unpacked(found["sample"]["tokens"], "<i4")) == 3
    assert cut("abc", ("c", "b")) == ("a", "b")


def _unpacked(text: str, kind: str) -> list[Any]:
    found: list[Any] = np.frombuffer(base64.b64decode(text), kind).tolist()
    return found
