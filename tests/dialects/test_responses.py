"""Requests of callers of the Responses API, and whole answers, on both kinds of providers."""

import copy
from typing import Any

import pytest

from apps.dialects import UnreadableAnswer, Untranslatable
from tests.dialects import checking, requests
from tests.dialects.recorded import TEXT, completion, message, whole_call
from tests.dialects.requests import PDF, PNG

Body = dict[str, Any]
SEALED = {"include": ["reasoning.encrypted_content"], "reasoning": {"summary": "auto"}}


def sent(**fields: Any) -> Body:
    return requests.sent("responses", "openai", **fields)


def messages(*items: Body) -> list[Body]:
    said: list[Body] = sent(input=list(items))["messages"]
    return said


def said(role: str, *parts: Body) -> Body:
    return {"type": "message", "role": role, "content": list(parts)}


def heard(words: str) -> Body:
    return {"type": "input_text", "text": words}


def spoken(words: str) -> Body:
    return {"type": "output_text", "text": words, "annotations": []}


def called(call_id: str, name: str, arguments: str = "{}", **fields: str) -> Body:
    item = {"type": "function_call", "call_id": call_id, "name": name, "arguments": arguments}
    return item | fields


def output(call_id: str, result: Any) -> Body:
    return {"type": "function_call_output", "call_id": call_id, "output": result}


def function(name: str, **fields: Any) -> Body:
    return {"type": "function", "name": name, "parameters": {"type": "object"}} | fields


GRAMMAR = {"type": "grammar", "syntax": "lark", "definition": "start: x"}
PATCH = {"type": "custom", "name": "apply_patch", "description": "Edits.", "format": GRAMMAR}
IMAGE = {"type": "input_image", "image_url": f"data:image/png;base64,{PNG}", "detail": "high"}
IMAGE_PART = {
    "type": "image_url",
    "image_url": {"url": f"data:image/png;base64,{PNG}", "detail": "high"},
}
FILES = {
    "type": "namespace",
    "name": "mcp__files__",
    "description": "Files.",
    "tools": [function("read", description="Reads.")],
}
# What Codex sends.
CODEX: Body = {
    "model": "gpt-x-codex",
    "instructions": "You are Codex.",
    "input": [
        said("developer", heard("<permissions>")),
        said("user", heard("<environment_context>"), heard("AGENTS.md")),
        said("user", heard("Fix it")),
        {"type": "reasoning", "id": "rs_0", "summary": [], "encrypted_content": "gAAAAB"},
        said("assistant", spoken("Looking.")),
        called("call_1", "read", '{"p":1}', namespace="mcp__files__"),
        {"type": "reasoning", "summary": [], "encrypted_content": "gAAAAC"},
        called("call_2", "shell", '{"cmd":"ls"}'),
        output("call_1", [heard("shot"), IMAGE]),
        output("call_2", "files"),
        {"type": "custom_tool_call", "call_id": "call_3", "name": "apply_patch", "input": "*** ä"},
        {"type": "custom_tool_call_output", "call_id": "call_3", "output": "ok"},
        {"type": "web_search_call", "id": "ws", "status": "completed", "action": {}},
    ],
    "tools": [
        function("shell", strict=False, description="Runs."),
        PATCH,
        FILES,
        {"type": "web_search", "external_web_access": False},
    ],
    "tool_choice": "auto",
    "parallel_tool_calls": True,
    "reasoning": {"effort": "medium", "summary": "auto"},
    "store": False,
    "stream": True,
    "include": ["reasoning.encrypted_content"],
    "prompt_cache_key": "thread-1",
    "client_metadata": {"x": "y"},
    "text": {"verbosity": "low"},
}
FREE_TEXT = {
    "type": "object",
    "properties": {"input": {"type": "string"}},
    "required": ["input"],
    "additionalProperties": False,
}
NAMES = ["shell", "apply_patch", "mcp__files__read"]


def test_a_request_of_codex_arrives_whole() -> None:
    before = copy.deepcopy(CODEX)
    made = requests.way("responses", "openai", CODEX)

    request = made.request(CODEX)

    assert before == CODEX, "the caller's body is not touched"
    assert made.left_out == ["input.reasoning", "input.web_search_call", "tools.web_search"]
    described = [
        {
            "name": "shell",
            "description": "Runs.",
            "parameters": {"type": "object"},
            "strict": False,
        },
        {
            "name": "apply_patch",
            "description": "Edits.\n\nThe input must follow this lark grammar:\nstart: x",
            "parameters": FREE_TEXT,
        },
        {
            "name": "mcp__files__read",
            "description": "Files.\n\nReads.",
            "parameters": {"type": "object"},
        },
    ]
    assert request == {
        "model": "gpt-x-codex",
        "messages": [
            {"role": "system", "content": "You are Codex."},
            {"role": "system", "content": "<permissions>"},
            {"role": "user", "content": "<environment_context>\n\nAGENTS.md"},
            {"role": "user", "content": "Fix it"},
            {
                "role": "assistant",
                "content": "Looking.",
                "tool_calls": [
                    whole_call("call_1", "mcp__files__read", '{"p":1}'),
                    whole_call("call_2", "shell", '{"cmd":"ls"}'),
                ],
            },
            {"role": "tool", "tool_call_id": "call_1", "content": "shot"},
            {"role": "tool", "tool_call_id": "call_2", "content": "files"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "From the result of tool call call_1:"},
                    IMAGE_PART,
                ],
            },
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [whole_call("call_3", "apply_patch", '{"input":"*** ä"}')],
            },
            {"role": "tool", "tool_call_id": "call_3", "content": "ok"},
        ],
        "tools": [{"type": "function", "function": one} for one in described],
        "tool_choice": "auto",
        "parallel_tool_calls": True,
        "reasoning_effort": "medium",
        "verbosity": "low",
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def test_codex_reaches_an_anthropic_provider_too() -> None:
    made = requests.way("responses", "anthropic", CODEX)

    request = made.request(CODEX)

    assert made.left_out[-1] == "verbosity"
    assert [block["text"] for block in request["system"]] == ["You are Codex.", "<permissions>"]
    roles = [one["role"] for one in request["messages"]]
    assert roles == ["user", "assistant", "user", "assistant", "user"]
    kinds = [block["type"] for block in request["messages"][2]["content"]]
    assert kinds == ["tool_result", "tool_result", "text", "image"]
    assert [one["name"] for one in request["tools"]] == NAMES
    assert request["output_config"] == {"effort": "medium"}
    assert request["messages"][3]["content"][0]["input"] == {"input": "*** ä"}


CONTENT: list[tuple[Body, Body]] = [
    ({"role": "user", "content": "Hi"}, {"role": "user", "content": "Hi"}),
    (said("system", heard("a"), heard("b")), {"role": "system", "content": "a\n\nb"}),
    (
        said("user", heard("a"), IMAGE),
        {"role": "user", "content": [{"type": "text", "text": "a"}, IMAGE_PART]},
    ),
    (
        said("user", {"type": "input_file", "filename": "a.pdf", "file_data": PDF}),
        {
            "role": "user",
            "content": [{"type": "file", "file": {"filename": "a.pdf", "file_data": PDF}}],
        },
    ),
    (
        said("assistant", spoken("a"), {"type": "refusal", "refusal": "b"}),
        {"role": "assistant", "content": "ab"},
    ),
]


@pytest.mark.parametrize("item,wanted", CONTENT)
def test_what_is_said(item: Body, wanted: Body) -> None:
    assert messages(item) == [wanted]


def test_input_may_be_a_string() -> None:
    assert sent(input="Hi")["messages"] == [{"role": "user", "content": "Hi"}]


def test_what_a_model_said_in_one_go_is_one_message() -> None:
    roles = [
        one["role"]
        for one in messages(
            said("user", heard("a")),
            called("1", "x"),
            said("assistant", spoken("also")),
            called("2", "x"),
            output("1", ""),
            output("2", ""),
            said("assistant", spoken("done")),
            said("assistant", spoken("really")),
        )
    ]

    assert roles == ["user", "assistant", "tool", "tool", "assistant", "assistant"]


@pytest.mark.parametrize(
    "fields,wanted",
    [
        ({"max_output_tokens": 5}, {"max_completion_tokens": 5}),
        ({"tools": [function("x")], "tool_choice": "required"}, {"tool_choice": "required"}),
        (
            {"tools": [PATCH], "tool_choice": {"type": "custom", "name": "apply_patch"}},
            {"tool_choice": {"type": "function", "function": {"name": "apply_patch"}}},
        ),
        (
            {"tool_choice": "auto", "parallel_tool_calls": True},
            {"tool_choice": None, "parallel_tool_calls": None},
        ),
        (
            {"text": {"format": {"type": "json_object"}}},
            {"response_format": {"type": "json_object"}},
        ),
        (
            {
                "text": {
                    "format": {"type": "json_schema", "name": "n", "strict": True, "schema": {}}
                }
            },
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "n", "strict": True, "schema": {}},
                }
            },
        ),
        ({"safety_identifier": "s"}, {"user": "s"}),
        ({"service_tier": "priority"}, {"service_tier": "priority"}),
        ({"temperature": 0, "top_p": 1}, {"temperature": 0, "top_p": 1}),
    ],
)
def test_settings(fields: Body, wanted: Body) -> None:
    request = sent(**fields)

    assert {name: request.get(name) for name in wanted} == wanted


@pytest.mark.parametrize(
    "fields,names",
    [
        ({"truncation": "auto"}, ["truncation"]),
        ({"truncation": "disabled", "store": False}, []),
        ({"store": True}, ["store"]),
        (
            {"reasoning": {"mode": "pro", "context": "all_turns"}},
            ["reasoning.mode", "reasoning.context"],
        ),
        (
            {"tools": [{"type": "image_generation"}, {"type": "tool_search"}]},
            ["tools.image_generation", "tools.tool_search"],
        ),
    ],
)
def test_what_is_left_out_is_named(fields: Body, names: list[str]) -> None:
    assert requests.left_out("responses", "openai", **fields) == names


REFUSED: list[tuple[str, Body]] = [
    ("previous_response_id", {"previous_response_id": "resp_1"}),
    ("conversation", {"conversation": "conv_1"}),
    ("background", {"background": True}),
    ("prompt", {"prompt": {"id": "p"}}),
    ("top_logprobs", {"top_logprobs": 2}),
    ("include", {"include": ["message.output_text.logprobs"]}),
    ("tools[0]", {"tools": [{"type": "file_search"}]}),
    ("tools[0]", {"tools": [{"type": "code_interpreter"}]}),
    ("tools[0]", {"tools": [{"type": "mcp"}]}),
    ("tools[0]", {"tools": [{"type": "computer"}]}),
    ("tools[0].tools[0]", {"tools": [FILES | {"tools": [{"type": "mcp"}]}]}),
    ("tools[0].allowed_callers", {"tools": [function("x", allowed_callers=["programmatic"])]}),
    ("tool_choice", {"tools": [function("x")], "tool_choice": {"type": "web_search"}}),
    ("tool_choice", {"tool_choice": "required"}),
    ("text.format.type", {"text": {"format": {"type": "yaml"}}}),
    ("input[0]", {"input": [{"type": "item_reference", "id": "x"}]}),
    ("input[0]", {"input": [{"type": "compaction", "encrypted_content": "x"}]}),
    ("input[0].role", {"input": [{"role": "critic", "content": "x"}]}),
    ("input[0].content", {"input": [said("system", IMAGE)]}),
    ("input[0].content[0]", {"input": [said("user", {"type": "input_image", "file_id": "f"})]}),
    ("input[0].content[0]", {"input": [said("user", {"type": "input_file", "file_url": "x"})]}),
    ("input[0].call_id", {"input": [{"type": "function_call_output", "output": "x"}]}),
    ("input", {"input": {"role": "user"}}),
]


@pytest.mark.parametrize("field,fields", REFUSED)
def test_what_cannot_be_carried_is_refused_by_name(field: str, fields: Body) -> None:
    with pytest.raises(Untranslatable) as refused:
        sent(**fields)

    assert refused.value.field == field


# Answers ----------------------------------------------------------------------------------


def answered(provider: str, answer: Body, **request: Any) -> Body:
    made = requests.way("responses", provider, CODEX | request)
    response = made.answer(answer)
    checking.check_response(response)
    return response


def test_an_answer_in_one_piece() -> None:
    calls = [
        whole_call("call_a", "mcp__files__read", '{"p":1}'),
        whole_call("call_b", "apply_patch", '{"input":"*** ä"}'),
        whole_call("call_c", "shell", "{}"),
    ]
    told = {"content": TEXT, "reasoning_content": "hm", "tool_calls": calls}

    response = answered("openai", completion(told, "tool_calls"))

    reasoning, text, read, patch, shell = response["output"]
    assert (response["id"], response["status"], response["model"]) == (
        "resp_A1",
        "completed",
        "m-1",
    )
    assert reasoning["summary"] == [{"type": "summary_text", "text": "hm"}]
    assert text["content"][0]["text"] == TEXT
    assert (read["type"], read["namespace"], read["name"]) == (
        "function_call",
        "mcp__files__",
        "read",
    )
    assert (patch["type"], patch["name"], patch["input"]) == (
        "custom_tool_call",
        "apply_patch",
        "*** ä",
    )
    assert (shell["name"], shell["call_id"], "namespace" in shell) == ("shell", "call_c", False)
    assert response["usage"]["input_tokens_details"] == {
        "cached_tokens": 60,
        "cache_write_tokens": 8,
    }
    assert response["usage"]["output_tokens_details"] == {"reasoning_tokens": 5}
    for name in ("instructions", "tools", "tool_choice", "prompt_cache_key", "text"):
        assert response[name] == CODEX[name]


def test_reasoning_comes_back_in_the_providers_own_field() -> None:
    response = answered("openai", completion({"content": "x", "reasoning_content": "Erst 👀"}))

    again = messages(said("user", heard("a")), *response["output"], said("user", heard("b")))

    assert again[1] == {"role": "assistant", "content": "x", "reasoning_content": "Erst 👀"}


def test_signed_thinking_comes_back_to_who_signed_it() -> None:
    blocks = [
        {"type": "thinking", "thinking": "hm", "signature": "EqQB"},
        {"type": "redacted_thinking", "data": "xyz"},
    ]
    use = {"type": "tool_use", "id": "t", "name": "shell", "input": {}}
    response = answered("anthropic", message(*blocks, use, stop_reason="tool_use"))
    items = [said("user", heard("a")), *response["output"], output("t", "1")]

    again = requests.sent("responses", "anthropic", input=items)
    elsewhere = requests.left_out("responses", "openai", input=items)

    assert again["messages"][1]["content"] == [*blocks, use]
    assert elsewhere == ["input.reasoning"]


def test_free_text_that_is_not_wrapped_is_taken_as_it_is() -> None:
    calls = [whole_call("a", "apply_patch", "*** Begin"), whole_call("b", "apply_patch", '{"p":1}')]

    output = answered("openai", completion({"tool_calls": calls}))["output"]

    assert [item["input"] for item in output] == ["*** Begin", '{"p":1}']


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
def test_what_is_no_answer_is_said_to_be_none(provider: str) -> None:
    with pytest.raises(UnreadableAnswer):
        requests.way("responses", provider, {}).answer({"error": {}})
