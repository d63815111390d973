"""Requests of Anthropic callers on a provider of chat completions."""

import copy
import hashlib
from typing import Any

import pytest

from apps.dialects import Untranslatable
from tests.dialects import requests
from tests.dialects.recorded import completion, whole_call
from tests.dialects.requests import PDF, PNG

Body = dict[str, Any]


def sent(**fields: Any) -> Body:
    return requests.sent("anthropic", "openai", **fields)


def messages(*given: Body, **fields: Any) -> list[Body]:
    return sent(messages=[*given, user("go on")], **fields)["messages"][:-1]


def user(content: Any) -> Body:
    return {"role": "user", "content": content}


def assistant(*blocks: Body) -> Body:
    return {"role": "assistant", "content": list(blocks)}


def text(words: str) -> Body:
    return {"type": "text", "text": words}


def use(call_id: str, name: str = "read", **given: Any) -> Body:
    return {"type": "tool_use", "id": call_id, "name": name, "input": given}


def result(call_id: str, content: Any = None, **fields: Any) -> Body:
    return {"type": "tool_result", "tool_use_id": call_id, "content": content} | fields


IMAGE = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}}
IMAGE_PART = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PNG}"}}
TOOL = {"name": "read", "description": "Reads.", "input_schema": {"type": "object"}}


# What Claude Code sends: its own fields, its own kinds of messages.
CLAUDE_CODE: Body = {
    "model": "claude-x",
    "max_tokens": 32000,
    "stream": True,
    "system": [
        text("billing"),
        text("You are Claude Code.") | {"cache_control": {"type": "ephemeral"}},
    ],
    "messages": [
        user([text("<system-reminder>a</system-reminder>"), text("Fix it")]),
        {"role": "system", "content": [text("A hint.") | {"cache_control": {"type": "ephemeral"}}]},
        assistant(
            {"type": "thinking", "thinking": "hm", "signature": "EqQB"},
            text("Reading."),
            use("toolu_1", path="a", line=12345678901234567890123),
            use("toolu_2", path="ä"),
        ),
        user(
            [
                result("toolu_1", [text("one"), text("two")]),
                result("toolu_2", "no such file", is_error=True),
                text("and hurry"),
            ]
        ),
    ],
    "tools": [
        TOOL | {"cache_control": {"type": "ephemeral"}},
        TOOL | {"name": "later", "defer_loading": True},
    ],
    "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
    "metadata": {"user_id": "u" * 65},
    "thinking": {"type": "adaptive", "display": "omitted"},
    "output_config": {"effort": "xhigh"},
    "context_management": {"edits": [{"type": "clear_thinking_20251015", "keep": "all"}]},
    "temperature": 1,
    "stop_sequences": ["END"],
    "service_tier": "standard_only",
}


def test_a_request_of_claude_code_arrives_whole() -> None:
    before = copy.deepcopy(CLAUDE_CODE)
    made = requests.way("anthropic", "openai", CLAUDE_CODE)

    request = made.request(CLAUDE_CODE)

    assert before == CLAUDE_CODE, "the caller's body is not touched"
    assert made.left_out == []
    arguments = ['{"path":"a","line":12345678901234567890123}', '{"path":"ä"}']
    calls = [whole_call(f"toolu_{at + 1}", "read", given) for at, given in enumerate(arguments)]
    function = {"name": "read", "description": "Reads.", "parameters": {"type": "object"}}
    assert request == {
        "model": "claude-x",
        "messages": [
            {"role": "system", "content": "billing\n\nYou are Claude Code."},
            {"role": "user", "content": "<system-reminder>a</system-reminder>\n\nFix it"},
            {"role": "system", "content": "A hint."},
            {"role": "assistant", "content": "Reading.", "tool_calls": calls},
            {"role": "tool", "tool_call_id": "toolu_1", "content": "one\n\ntwo"},
            {"role": "tool", "tool_call_id": "toolu_2", "content": "Error: no such file"},
            {"role": "user", "content": "and hurry"},
        ],
        "tools": [
            {"type": "function", "function": function},
            {"type": "function", "function": function | {"name": "later"}},
        ],
        "tool_choice": "auto",
        "parallel_tool_calls": False,
        "max_completion_tokens": 32000,
        "temperature": 1,
        "stop": ["END"],
        "user": hashlib.sha256(b"u" * 65).hexdigest(),
        "stream": True,
        "stream_options": {"include_usage": True},
        "reasoning_effort": "xhigh",
        "service_tier": "default",
    }


CONTENT: list[tuple[str, Any, Any]] = [
    ("a string", "Hi", "Hi"),
    ("one text is the same as a string", [text("Hi")], "Hi"),
    ("nothing", [], ""),
    ("an image", [text("See"), IMAGE], [text("See"), IMAGE_PART]),
    (
        "an image by address",
        [{"type": "image", "source": {"type": "url", "url": "https://x.test/a.png"}}],
        [{"type": "image_url", "image_url": {"url": "https://x.test/a.png"}}],
    ),
    (
        "a PDF",
        [
            {
                "type": "document",
                "title": "Plan.pdf",
                "source": {"type": "base64", "media_type": "application/pdf", "data": PDF},
            }
        ],
        [
            text("Plan.pdf"),
            {
                "type": "file",
                "file": {"filename": "Plan.pdf", "file_data": f"data:application/pdf;base64,{PDF}"},
            },
        ],
    ),
    (
        "a document of text",
        [
            {
                "type": "document",
                "title": "T",
                "context": "C",
                "source": {"type": "text", "media_type": "text/plain", "data": "D"},
            }
        ],
        "T\n\nC\n\nD",
    ),
    (
        "a document of blocks",
        [{"type": "document", "source": {"type": "content", "content": [text("a"), IMAGE]}}],
        [text("a"), IMAGE_PART],
    ),
    (
        "a search result",
        [{"type": "search_result", "title": "T", "source": "S", "content": [text("a")]}],
        "T\nS\na",
    ),
]


@pytest.mark.parametrize(
    "given,wanted", [one[1:] for one in CONTENT], ids=[one[0] for one in CONTENT]
)
def test_what_a_user_sends(given: Any, wanted: Any) -> None:
    assert messages(user(given)) == [user(wanted)]


def test_images_of_results_follow_behind_all_results() -> None:
    said = messages(
        assistant(use("a"), use("b")), user([result("a", [text("shot"), IMAGE]), result("b")])
    )[1:]

    assert said == [
        {"role": "tool", "tool_call_id": "a", "content": "shot"},
        {"role": "tool", "tool_call_id": "b", "content": ""},
        user([text("From the result of tool call a:"), IMAGE_PART]),
    ]


def test_results_come_first_wherever_they_stand() -> None:
    said = messages(assistant(use("a")), user([text("by the way"), result("a", "1")]))[1:]

    assert [one["role"] for one in said] == ["tool", "user"]


def test_a_loaded_tool_is_named() -> None:
    found = result("a", [{"type": "tool_reference", "tool_name": "later"}])

    assert "later" in messages(assistant(use("a")), user([found]))[1]["content"]


def test_an_assistant_who_only_thought_said_nothing() -> None:
    thought = assistant({"type": "redacted_thinking", "data": "x"})

    assert messages(thought) == [{"role": "assistant", "content": ""}]


def test_long_ids_and_names_are_shortened_the_same_way_everywhere() -> None:
    name, call_id = "n" * 65, "i" * 41
    tools = [TOOL | {"name": name}]

    request = sent(
        messages=[user("a"), assistant(use(call_id, name)), user([result(call_id, "x")])],
        tools=tools,
        tool_choice={"type": "tool", "name": name},
    )

    short = request["tools"][0]["function"]["name"]
    call = request["messages"][1]["tool_calls"][0]
    assert (len(short), len(call["id"])) == (64, 40)
    assert call["function"]["name"] == request["tool_choice"]["function"]["name"] == short
    assert request["messages"][2]["tool_call_id"] == call["id"]
    answer = completion({"tool_calls": [whole_call("c", short, "{}")]})
    made = requests.way("anthropic", "openai", {"tools": tools})
    assert made.answer(answer)["content"][0]["name"] == name


@pytest.mark.parametrize(
    "fields,wanted",
    [
        ({"tool_choice": {"type": "any"}, "tools": [TOOL]}, {"tool_choice": "required"}),
        ({"tool_choice": {"type": "none"}, "tools": [TOOL]}, {"tool_choice": "none"}),
        ({"tool_choice": {"type": "auto"}}, {"tool_choice": None}),
        ({"top_p": 0.5}, {"top_p": 0.5}),
        ({"metadata": {"user_id": "u1"}}, {"user": "u1"}),
        ({"thinking": {"type": "disabled"}}, {"reasoning_effort": None}),
        ({"output_config": {"effort": "low"}}, {"reasoning_effort": "low"}),
        ({"stream": False}, {"stream": None, "stream_options": None}),
        ({"stop_sequences": []}, {"stop": None}),
        ({"cache_control": {"type": "ephemeral"}}, {"cache_control": None}),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
            {
                "response_format": {
                    "type": "json_schema",
                    "json_schema": {"name": "answer", "schema": {"type": "object"}, "strict": True},
                }
            },
        ),
    ],
)
def test_settings(fields: Body, wanted: Body) -> None:
    request = sent(**fields)

    assert {name: request.get(name) for name in wanted} == wanted


def test_examples_of_input_are_said_in_words() -> None:
    tool = TOOL | {"input_examples": [{"path": "a"}], "strict": True, "type": "custom"}

    function = sent(tools=[tool])["tools"][0]["function"]

    assert function["description"] == 'Reads.\n\nExamples of input: [{"path":"a"}]'
    assert function["strict"] is True


@pytest.mark.parametrize(
    "fields,names",
    [
        ({"novelty": {"x": 1}}, ["novelty"]),
        ({"novelty": None}, []),
        ({"a\r\nb: ü": 1, "long" * 20: 1}, ["a__b___", "long" * 16]),
        ({"output_config": {"task_budget": 5}}, ["output_config.task_budget"]),
        ({"thinking": {"type": "enabled", "budget_tokens": 2048}}, ["thinking.budget_tokens"]),
        (
            {
                "thinking": {"type": "enabled", "budget_tokens": 2048},
                "output_config": {"effort": "low"},
            },
            [],
        ),
        (
            {"context_management": {"edits": [{"type": "clear_tool_uses_1"}]}},
            ["context_management.clear_tool_uses_1"],
        ),
        (
            {"tools": [{"type": "tool_search_tool_regex_1", "name": "s"}]},
            ["tools.tool_search_tool_regex_1"],
        ),
    ],
)
def test_what_is_left_out_is_named(fields: Body, names: list[str]) -> None:
    assert requests.left_out("anthropic", "openai", **fields) == names


REFUSED: list[tuple[str, Body]] = [
    ("top_k", {"top_k": 5}),
    ("container", {"container": "c1"}),
    ("mcp_servers", {"mcp_servers": [{}]}),
    ("inference_geo", {"inference_geo": "eu"}),
    ("max_tokens", {"max_tokens": 0}),
    ("stop_sequences", {"stop_sequences": ["a", "b", "c", "d", "e"]}),
    ("tools[0]", {"tools": [{"type": "web_search_20250305", "name": "web_search"}]}),
    ("tools[0].input_schema", {"tools": [{"name": "x"}]}),
    ("tools[0].allowed_callers", {"tools": [TOOL | {"allowed_callers": ["code_execution_1"]}]}),
    ("tool_choice.type", {"tools": [TOOL], "tool_choice": {"type": "best"}}),
    ("output_config.format.type", {"output_config": {"format": {"type": "grammar"}}}),
    ("messages", {"messages": None}),
    ("messages[0]", {"messages": ["Hi"]}),
    ("messages[0].role", {"messages": [{"role": "tool", "content": "x"}]}),
    ("messages[0].content", {"messages": [user(5)]}),
    ("messages[1]", {"messages": [user("Hi"), assistant(text("I"))]}),
    ("messages[0].content[0]", {"messages": [user([{"type": "container_upload"}])]}),
    (
        "messages[0].content[0].source",
        {"messages": [user([{"type": "image", "source": {"type": "file", "file_id": "f"}}])]},
    ),
    (
        "messages[0].content[0].source",
        {
            "messages": [
                user([{"type": "document", "source": {"type": "url", "url": "https://x.test"}}])
            ]
        },
    ),
    (
        "messages[0].content[0].citations",
        {
            "messages": [
                user(
                    [
                        {
                            "type": "document",
                            "citations": {"enabled": True},
                            "source": {"type": "content", "content": "x"},
                        }
                    ]
                )
            ]
        },
    ),
    ("messages[0].content[0]", {"messages": [assistant({"type": "server_tool_use"}), user("x")]}),
    (
        "messages[0].content[1].input",
        {"messages": [assistant(text("a"), use("a") | {"input": "x"}), user("x")]},
    ),
    ("system[0]", {"system": [IMAGE]}),
]


@pytest.mark.parametrize("field,fields", REFUSED)
def test_what_cannot_be_carried_is_refused_by_name(field: str, fields: Body) -> None:
    with pytest.raises(Untranslatable) as refused:
        sent(**fields)

    assert refused.value.field == field
    assert str(refused.value).startswith(f"{field}: ")
