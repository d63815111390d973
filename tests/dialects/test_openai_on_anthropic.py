"""Requests of callers of chat completions, and whole answers, on an Anthropic provider."""

import base64
import copy
from typing import Any

import pytest

from apps.dialects import UnreadableAnswer, Untranslatable
from tests.dialects import checking, requests
from tests.dialects.recorded import TEXT, message, whole_call
from tests.dialects.requests import PDF, PNG

Body = dict[str, Any]


def sent(**fields: Any) -> Body:
    return requests.sent("openai", "anthropic", **fields)


def messages(*given: Body) -> list[Body]:
    said: list[Body] = sent(messages=list(given))["messages"]
    return said


def user(content: Any) -> Body:
    return {"role": "user", "content": content}


def text(words: str) -> Body:
    return {"type": "text", "text": words}


def called(*calls: Body, content: Any = None) -> Body:
    return {"role": "assistant", "content": content, "tool_calls": list(calls)}


def answered(call_id: str, content: Any) -> Body:
    return {"role": "tool", "tool_call_id": call_id, "content": content}


def image(url: str) -> Body:
    return {"type": "image_url", "image_url": {"url": url, "detail": "low"}}


def file(data: str, name: str = "a.pdf") -> Body:
    return {"type": "file", "file": {"filename": name, "file_data": data}}


FUNCTION = {"name": "read", "description": "Reads.", "parameters": {"type": "object"}}
TOOL = {"type": "function", "function": FUNCTION}
INTERNAL = "<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>now<<<END_OPENCLAW_INTERNAL_CONTEXT>>>"
# What OpenClaw sends.
OPENCLAW: Body = {
    "model": "gpt-x",
    "stream": True,
    "stream_options": {"include_usage": True},
    "max_completion_tokens": 8000,
    "tool_choice": "auto",
    "parallel_tool_calls": False,
    "store": False,
    "reasoning_effort": "minimal",
    "user": "u1",
    "stop": "END",
    "temperature": 0.5,
    "messages": [
        {"role": "developer", "content": "You are OpenClaw."},
        {"role": "system", "content": [text("Be brief."), text(" ")]},
        user([text("Fix it"), image(f"data:image/png;base64,{PNG}")]),
        called(
            whole_call("functions.read:0", "read", '{"n": 12345678901234567890123}'),
            whole_call("b", "read", ""),
        ),
        answered("functions.read:0", "one"),
        answered("b", [text("two")]),
        user([text(INTERNAL)]),
    ],
    "tools": [
        TOOL | {"function": FUNCTION | {"strict": True}},
        {"type": "function", "function": {"name": "ls"}},
    ],
}


def test_a_request_of_openclaw_arrives_whole() -> None:
    before = copy.deepcopy(OPENCLAW)
    made = requests.way("openai", "anthropic", OPENCLAW)

    request = made.request(OPENCLAW)

    assert before == OPENCLAW, "the caller's body is not touched"
    assert made.left_out == []
    first = request["messages"][1]["content"][0]["id"]
    assert first.startswith("functions_read_0_")
    source = {"type": "base64", "media_type": "image/png", "data": PNG}
    assert request == {
        "model": "gpt-x",
        "max_tokens": 8000,
        "system": [text("You are OpenClaw."), text("Be brief.")],
        "messages": [
            user([text("Fix it"), {"type": "image", "source": source}]),
            {
                "role": "assistant",
                "content": [
                    {
                        "type": "tool_use",
                        "id": first,
                        "name": "read",
                        "input": {"n": 12345678901234567890123},
                    },
                    {"type": "tool_use", "id": "b", "name": "read", "input": {}},
                ],
            },
            user(
                [
                    {"type": "tool_result", "tool_use_id": first, "content": [text("one")]},
                    {"type": "tool_result", "tool_use_id": "b", "content": [text("two")]},
                    text(INTERNAL),
                ]
            ),
        ],
        "tools": [
            {
                "name": "read",
                "description": "Reads.",
                "input_schema": {"type": "object"},
                "strict": True,
            },
            {"name": "ls", "input_schema": {"type": "object"}},
        ],
        "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
        "cache_control": {"type": "ephemeral"},
        "temperature": 0.5,
        "stop_sequences": ["END"],
        "metadata": {"user_id": "u1"},
        "output_config": {"effort": "low"},
        "stream": True,
    }


@pytest.mark.parametrize(
    "part,block",
    [
        (
            image("https://x.test/a"),
            {"type": "image", "source": {"type": "url", "url": "https://x.test/a"}},
        ),
        (
            file(f"data:application/pdf;base64,{PDF}"),
            {
                "type": "document",
                "title": "a.pdf",
                "source": {"type": "base64", "media_type": "application/pdf", "data": PDF},
            },
        ),
        (
            file("data:text/plain;charset=utf-8;base64," + base64.b64encode("ä".encode()).decode()),
            {
                "type": "document",
                "title": "a.pdf",
                "source": {"type": "text", "media_type": "text/plain", "data": "ä"},
            },
        ),
    ],
)
def test_images_and_files(part: Body, block: Body) -> None:
    assert messages(user([part])) == [user([block])]


def test_later_instructions_stay_where_they_are() -> None:
    said = messages(
        user("a"),
        {"role": "assistant", "content": "b"},
        {"role": "system", "content": "now French"},
        user("c"),
    )

    assert said[-1] == user([text("<system>\nnow French\n</system>"), text("c")])


def test_nobody_speaks_twice_in_a_row_and_nobody_says_nothing() -> None:
    said = messages(
        user("a"),
        user(""),
        user("b"),
        {"role": "assistant", "content": ""},
        {"role": "assistant", "content": "c"},
        {"role": "assistant", "content": None, "refusal": "d"},
        user([text("\n")]),
        user("e"),
    )

    assert said == [
        user([text("a"), text("b")]),
        {"role": "assistant", "content": [text("c"), text("d")]},
        user([text("e")]),
    ]


def test_an_id_that_a_provider_used_twice_is_told_apart() -> None:
    said = messages(
        user("a"),
        called(whole_call("call_0", "read", "{}")),
        answered("call_0", "1"),
        called(whole_call("call_0", "read", "{}")),
        answered("call_0", ""),
    )

    assert [one["content"][0].get("id") for one in said if one["role"] == "assistant"] == [
        "call_0",
        "call_0_2",
    ]
    assert said[-1]["content"] == [{"type": "tool_result", "tool_use_id": "call_0_2"}]


@pytest.mark.parametrize(
    "fields,wanted",
    [
        ({}, {"max_tokens": 32_000}),
        ({"max_tokens": 5}, {"max_tokens": 5}),
        ({"max_tokens": 5, "max_completion_tokens": 6}, {"max_tokens": 6}),
        ({"reasoning_effort": "none"}, {"thinking": {"type": "disabled"}, "output_config": None}),
        ({"reasoning_effort": "max"}, {"output_config": {"effort": "max"}, "thinking": None}),
        ({"tools": [TOOL], "tool_choice": "required"}, {"tool_choice": {"type": "any"}}),
        (
            {"tools": [TOOL], "tool_choice": "none", "parallel_tool_calls": False},
            {"tool_choice": {"type": "none"}},
        ),
        (
            {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "read"}}},
            {"tool_choice": {"type": "tool", "name": "read"}},
        ),
        ({"tool_choice": "auto"}, {"tool_choice": None, "tools": None}),
        ({"tools": [TOOL], "parallel_tool_calls": True}, {"tool_choice": None}),
        ({"safety_identifier": "s", "user": "u"}, {"metadata": {"user_id": "s"}}),
        ({"service_tier": "default"}, {"service_tier": "standard_only"}),
        ({"stop": ["a", "b"]}, {"stop_sequences": ["a", "b"]}),
        ({"response_format": {"type": "text"}}, {"output_config": None}),
        (
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "n", "schema": {"type": "object"}},
                }
            },
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
        ),
        (
            {"n": 1, "logprobs": False, "frequency_penalty": 0, "logit_bias": {}, "store": None},
            {"n": None},
        ),
        (
            {
                "prompt_cache_key": "k",
                "metadata": {"a": "b"},
                "prediction": {"type": "content", "content": "x"},
            },
            {"metadata": None},
        ),
    ],
)
def test_settings(fields: Body, wanted: Body) -> None:
    request = sent(**fields)

    assert {name: request.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    "fields,names",
    [
        ({"verbosity": "low"}, ["verbosity"]),
        ({"service_tier": "flex"}, ["service_tier"]),
        ({"messages": [user("x") | {"name": "Ann"}]}, ["messages[].name"]),
        ({"prompt_cache_key": "k"}, []),
    ],
)
def test_what_is_left_out_is_named(fields: Body, names: list[str]) -> None:
    assert requests.left_out("openai", "anthropic", **fields) == names


REFUSED: list[tuple[str, Body]] = [
    ("n", {"n": 2}),
    ("logprobs", {"logprobs": True}),
    ("top_logprobs", {"top_logprobs": 3}),
    ("logit_bias", {"logit_bias": {"1": 2}}),
    ("frequency_penalty", {"frequency_penalty": 0.1}),
    ("presence_penalty", {"presence_penalty": -1}),
    ("seed", {"seed": 7}),
    ("audio", {"audio": {"voice": "x"}}),
    ("modalities", {"modalities": ["text", "audio"]}),
    ("functions", {"functions": [FUNCTION]}),
    ("function_call", {"function_call": "auto"}),
    ("web_search_options", {"web_search_options": {"x": 1}}),
    ("store", {"store": True}),
    ("temperature", {"temperature": 1.5}),
    ("max_tokens", {"max_tokens": "5"}),
    ("reasoning_effort", {"reasoning_effort": "huge"}),
    ("reasoning_effort", {"reasoning_effort": ["low"]}),
    ("response_format.type", {"response_format": {"type": "json_object"}}),
    ("tools[0].type", {"tools": [{"type": "custom", "custom": {"name": "x"}}]}),
    ("tool_choice", {"tools": [TOOL], "tool_choice": {"type": "allowed_tools"}}),
    ("messages", {"messages": [{"role": "system", "content": "x"}]}),
    ("messages", {"messages": {}}),
    ("messages[1]", {"messages": [user("a"), {"role": "assistant", "content": "b"}]}),
    ("messages[0].role", {"messages": [{"role": "function", "content": "x"}]}),
    ("messages[0].role", {"messages": [{"role": "critic", "content": "x"}]}),
    ("messages[0].content[0]", {"messages": [user([{"type": "input_audio"}])]}),
    (
        "messages[0].content[0].file",
        {"messages": [user([{"type": "file", "file": {"file_id": "f"}}])]},
    ),
    (
        "messages[0].content[0].file.file_data",
        {"messages": [user([file("data:text/csv;base64,eA==")])]},
    ),
    (
        "messages[0].content[0].image_url.url",
        {"messages": [user([image("data:image/bmp;base64,eA==")])]},
    ),
    ("messages[0].content[0].image_url.url", {"messages": [user([image("ftp://x")])]}),
    ("messages[0].tool_calls[0]", {"messages": [called({"type": "custom", "id": "a"}), user("x")]}),
]


@pytest.mark.parametrize("field,fields", REFUSED)
def test_what_cannot_be_carried_is_refused_by_name(field: str, fields: Body) -> None:
    with pytest.raises(Untranslatable) as refused:
        sent(**fields)

    assert refused.value.field == field
    assert str(refused.value).startswith(f"{field}: ")


# Answers ----------------------------------------------------------------------------------


def completed(answer: Body) -> Body:
    completion = requests.way("openai", "anthropic", {"model": "public"}).answer(answer)
    checking.check_completion(completion)
    return completion


def test_an_answer_in_one_piece() -> None:
    use = {"type": "tool_use", "id": "toolu_1", "name": "read", "input": {"path": "ä"}}
    thought = {"type": "thinking", "thinking": "hm", "signature": "EqQB"}

    answer = completed(message(thought, text(TEXT), use, stop_reason="tool_use"))

    assert answer["id"] == "chatcmpl-A1"
    assert answer["model"] == "claude-1"
    assert answer["choices"][0]["finish_reason"] == "tool_calls"
    said = answer["choices"][0]["message"]
    assert said["content"] == TEXT
    assert said["tool_calls"] == [whole_call("toolu_1", "read", '{"path":"ä"}')]
    assert said["reasoning_content"] == "hm"
    assert answer["usage"]["prompt_tokens"] == 100
    assert answer["usage"]["total_tokens"] == 120
    assert answer["usage"]["prompt_tokens_details"] == {
        "cached_tokens": 60,
        "cache_write_tokens": 8,
    }


@pytest.mark.parametrize(
    "reason,finish",
    [
        ("end_turn", "stop"),
        ("stop_sequence", "stop"),
        ("max_tokens", "length"),
        ("refusal", "content_filter"),
        ("model_context_window_exceeded", "length"),
        ("pause_turn", "length"),
        ("something_new", "stop"),
        (None, "stop"),
    ],
)
def test_reasons_to_stop(reason: Any, finish: str) -> None:
    answer = completed(message(text("x"), stop_reason=reason))

    assert answer["choices"][0]["finish_reason"] == finish


def test_signed_thinking_comes_back_to_who_signed_it() -> None:
    blocks = [
        {"type": "thinking", "thinking": "hm", "signature": "EqQB"},
        {"type": "redacted_thinking", "data": "xyz"},
    ]
    use = {"type": "tool_use", "id": "t", "name": "read", "input": {}}
    said = completed(message(*blocks, use, stop_reason="tool_use"))["choices"][0]["message"]

    again = messages(user("a"), said, answered("t", "1"))

    assert again[1]["content"] == [*blocks, use]


def test_what_is_no_answer_is_said_to_be_none() -> None:
    with pytest.raises(UnreadableAnswer):
        requests.way("openai", "anthropic", {}).answer({"type": "error"})
