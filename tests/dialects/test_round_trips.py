"""There and back again: what a model said arrives whole, streamed or not, and comes back so."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.dialects import checking, requests
from tests.dialects.recorded import (
    USAGE,
    WORDS,
    argued,
    block,
    call,
    chunk,
    completion,
    message,
    named,
    said,
    sse,
    start,
    stop,
    tool,
    whole_call,
)

Body = dict[str, Any]

_words = st.text(min_size=1, max_size=20).filter(lambda text: bool(text.strip()))
_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(_words, inner, max_size=2),
    max_leaves=4,
)
_calls = st.lists(
    st.tuples(st.sampled_from(["read", "ls"]), st.dictionaries(_words, _values, max_size=3)),
    max_size=3,
)
_sizes = st.lists(st.integers(1, 7), min_size=1, max_size=4)


def _cut(text: str, sizes: list[int]) -> list[str]:
    """A text in pieces of these sizes, over and over."""
    pieces, at = [], 0
    while at < len(text):
        size = sizes[len(pieces) % len(sizes)]
        pieces.append(text[at : at + size])
        at += size
    return pieces


def _chat_calls(calls: list[Any]) -> list[Body]:
    return [
        whole_call(f"call_{at}", name, json.dumps(given)) for at, (name, given) in enumerate(calls)
    ]


def _chat_stream(text: str, calls: list[Any], sizes: list[int]) -> bytes:
    events = [chunk({"content": piece}) for piece in _cut(text, sizes)]
    for at, one in enumerate(_chat_calls(calls)):
        function = one["function"]
        events.append(chunk(call(at, "", one["id"], function["name"])))
        events += [chunk(call(at, piece)) for piece in _cut(function["arguments"], sizes)]
    finish = "tool_calls" if calls else "stop"
    return sse(*events, chunk({}, finish), chunk(usage=USAGE), "[DONE]")


def _anthropic_blocks(text: str, calls: list[Any]) -> list[Body]:
    uses = [tool(f"call_{at}", name) | {"input": given} for at, (name, given) in enumerate(calls)]
    return [{"type": "text", "text": text}, *uses]


def _anthropic_stream(text: str, calls: list[Any], sizes: list[int]) -> bytes:
    events = block(0, WORDS, *said(*_cut(text, sizes)))
    for at, (name, arguments) in enumerate(calls):
        pieces = argued(*_cut(json.dumps(arguments), sizes))
        events += block(at + 1, tool(f"call_{at}", name), *pieces)
    usage = {"cache_read_input_tokens": 60, "cache_creation_input_tokens": 8}
    return named(start(**usage), *events, *stop("tool_use" if calls else "end_turn"))


def _heard(caller: str, provider: str, data: bytes, request: Body) -> bytes:
    stream = requests.way(caller, provider, request).stream()
    whole = stream.feed(data) + stream.end()
    assert stream.is_complete
    return whole


def _parsed(calls: list[Body]) -> list[Any]:
    functions = [one["function"] for one in calls]
    return [(one["name"], json.loads(one["arguments"])) for one in functions]


@settings(deadline=None)
@given(text=_words, calls=_calls, sizes=_sizes)
def test_anthropic_on_openai(text: str, calls: list[Any], sizes: list[int]) -> None:
    finish = "tool_calls" if calls else "stop"
    told = {"content": text, "tool_calls": _chat_calls(calls)}
    whole = requests.way("anthropic", "openai", {}).answer(completion(told, finish))

    streamed = checking.message_from(
        _heard("anthropic", "openai", _chat_stream(text, calls, sizes), {})
    )
    history = [{"role": "user", "content": "a"}, {"role": "assistant", "content": whole["content"]}]
    again = requests.sent(
        "anthropic", "openai", messages=[*history, {"role": "user", "content": "b"}]
    )["messages"][1]

    assert streamed == whole
    assert again["content"] == text
    assert _parsed(again.get("tool_calls", [])) == calls
    assert [one["id"] for one in again.get("tool_calls", [])] == [
        one["id"] for one in _chat_calls(calls)
    ]


@settings(deadline=None)
@given(text=_words, calls=_calls, sizes=_sizes)
def test_openai_on_anthropic(text: str, calls: list[Any], sizes: list[int]) -> None:
    reason = "tool_use" if calls else "end_turn"
    asked = {"stream_options": {"include_usage": True}}
    answer = message(*_anthropic_blocks(text, calls), stop_reason=reason)
    whole = requests.way("openai", "anthropic", asked).answer(answer)

    data = _heard("openai", "anthropic", _anthropic_stream(text, calls, sizes), asked)
    streamed = checking.completion_from(data, counts=True)
    said = whole["choices"][0]["message"]
    history = [{"role": "user", "content": "a"}, said, {"role": "user", "content": "b"}]
    again = requests.sent("openai", "anthropic", messages=history)["messages"][1]

    assert again["content"] == _anthropic_blocks(text, calls)
    assert streamed["message"]["content"] == said["content"] == text
    assert _parsed(streamed["message"]["tool_calls"]) == _parsed(said.get("tool_calls", []))
    assert _parsed(said.get("tool_calls", [])) == calls
    assert streamed["finish_reason"] == whole["choices"][0]["finish_reason"]
    assert streamed["usage"] == whole["usage"]


@pytest.mark.parametrize("provider", ["openai", "anthropic"])
@settings(deadline=None)
@given(text=_words, calls=_calls, sizes=_sizes)
def test_responses(provider: str, text: str, calls: list[Any], sizes: list[int]) -> None:
    asked = {"tools": [{"type": "custom", "name": "free"}]}
    calls = [*calls, ("free", {"input": text})]
    if provider == "openai":
        told = {"content": text, "tool_calls": _chat_calls(calls)}
        answer, data = completion(told, "tool_calls"), _chat_stream(text, calls, sizes)
    else:
        answer = message(*_anthropic_blocks(text, calls), stop_reason="tool_use")
        data = _anthropic_stream(text, calls, sizes)
    whole = requests.way("responses", provider, asked).answer(answer)

    streamed = checking.response_from(_heard("responses", provider, data, asked))
    items = [{"role": "user", "content": "a"}, *whole["output"], {"role": "user", "content": "b"}]
    again = requests.sent("responses", provider, input=items)["messages"][1]

    assert [_comparable(one) for one in streamed["output"]] == [
        _comparable(one) for one in whole["output"]
    ]
    assert streamed["usage"]["total_tokens"] == whole["usage"]["total_tokens"] == 120
    if provider == "openai":
        assert again["content"] == text
        assert _parsed(again["tool_calls"]) == calls
    else:
        assert again["content"] == _anthropic_blocks(text, calls)


def _comparable(item: Body) -> Body:
    """Arguments may be spaced another way in a stream."""
    if "arguments" in item:
        return item | {"arguments": json.loads(item["arguments"])}
    return item
