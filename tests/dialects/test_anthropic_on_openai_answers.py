"""Whole answers of a provider of chat completions for Anthropic callers."""

from typing import Any

import pytest

from apps.dialects import UnreadableAnswer
from apps.dialects.reasoning import sealed
from tests.dialects import checking, requests
from tests.dialects.recorded import TEXT, completion, whole_call
from tests.dialects.test_anthropic_on_openai import assistant, messages, text, use, user

Body = dict[str, Any]


def answered(answer: Body, **request: Any) -> Body:
    message = requests.way("anthropic", "openai", {"model": "public"} | request).answer(answer)
    checking.check_message(message)
    return message


def test_an_answer_in_one_piece() -> None:
    calls = [whole_call("a", "read", '{"n":12345678901234567890123}'), whole_call("b", "list", "")]

    message = answered(completion({"content": TEXT, "tool_calls": calls}, "tool_calls"))

    assert message == {
        "id": "msg_A1",
        "type": "message",
        "role": "assistant",
        "model": "m-1",
        "content": [
            text(TEXT),
            use("a", "read", n=12345678901234567890123),
            use("b", "list"),
        ],
        "stop_reason": "tool_use",
        "stop_sequence": None,
        "usage": {
            "input_tokens": 32,
            "cache_read_input_tokens": 60,
            "cache_creation_input_tokens": 8,
            "output_tokens": 20,
            "output_tokens_details": {"thinking_tokens": 5},
        },
    }


@pytest.mark.parametrize(
    "finish,fields,reason",
    [
        ("stop", {}, "end_turn"),
        ("length", {}, "max_tokens"),
        ("content_filter", {}, "refusal"),
        ("tool_calls", {}, "end_turn"),
        ("stop", {"tool_calls": [whole_call("a", "read", "{}")]}, "tool_use"),
        ("stop", {"content": None, "refusal": "No."}, "refusal"),
        (None, {}, "end_turn"),
    ],
)
def test_reasons_to_stop(finish: Any, fields: Body, reason: str) -> None:
    assert answered(completion({"content": "x"} | fields, finish))["stop_reason"] == reason


def test_a_provider_that_names_the_stop_sequence_is_heard() -> None:
    answer = completion({"content": "x"})
    answer["choices"][0]["stop_reason"] = "END"

    message = answered(answer, stop_sequences=["END"])

    assert (message["stop_reason"], message["stop_sequence"]) == ("stop_sequence", "END")
    assert answered(answer)["stop_reason"] == "end_turn"


def test_arguments_that_are_no_json_are_kept() -> None:
    calls = [whole_call("a", "read", '{"path'), whole_call("b", "read", "[1]")]

    blocks = answered(completion({"tool_calls": calls}))["content"]

    assert [one["input"] for one in blocks] == [
        {"unparsed_arguments": '{"path'},
        {"unparsed_arguments": "[1]"},
    ]


def test_reasoning_comes_back_in_the_providers_own_field() -> None:
    request = {"thinking": {"type": "adaptive", "display": "omitted"}}
    answer = completion({"content": "x", "reasoning_content": "Erst schauen 👀"})

    blocks = answered(answer, **request)["content"]
    again = messages(user("a"), {"role": "assistant", "content": blocks})[1]

    assert blocks[0]["thinking"] == ""
    assert again == {
        "role": "assistant",
        "content": "x",
        "reasoning_content": "Erst schauen 👀",
    }


@pytest.mark.parametrize("signature", ["mcr1.", "mcr1.!!", "mcr1.eJw", "mcr1.eJyrBQAApgCl", 5])
def test_a_forged_seal_is_nobodys(signature: Any) -> None:
    thought = {"type": "thinking", "thinking": "x", "signature": signature}

    assert messages(assistant(thought, text("y"))) == [{"role": "assistant", "content": "y"}]


def test_a_seal_does_not_grow_without_end() -> None:
    thought = {"type": "thinking", "thinking": "", "signature": sealed("x" * 5_000_000)}

    assert messages(assistant(thought, text("y"))) == [{"role": "assistant", "content": "y"}]


@pytest.mark.parametrize("body", [{}, {"choices": []}, {"choices": [{}]}, {"error": {}}])
def test_what_is_no_answer_is_said_to_be_none(body: Body) -> None:
    with pytest.raises(UnreadableAnswer):
        requests.way("anthropic", "openai", {}).answer(body)
