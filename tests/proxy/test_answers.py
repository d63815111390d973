"""What is read out of a provider's answer: the message, its end, what it cost."""

import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.proxy.answers import read_answer
from tests.proxy import recordings

DIALECTS = ["openai", "anthropic"]


def _openai(*deltas: Any, end: bytes = b"data: [DONE]\n\n") -> bytes:
    chunks = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    return b"".join(f"data: {json.dumps(one)}\n\n".encode() for one in chunks) + end


def _anthropic(*events: dict[str, Any]) -> bytes:
    return b"".join(
        f"event: {one.get('type')}\ndata: {json.dumps(one)}\n\n".encode() for one in events
    )


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("newline", [b"\n", b"\r\n", b"\r"])
def test_a_stream_gives_the_message_its_end_and_its_usage(dialect: str, newline: bytes) -> None:
    data = recordings.stream_of(dialect).replace(b"\n", newline)

    answer = read_answer(dialect, data)

    assert answer.is_whole
    assert recordings.TEXT in json.dumps(answer.message, ensure_ascii=False)
    assert answer.served_model == "served-1"
    assert answer.output_tokens == 7
    assert answer.input_tokens == (16 if dialect == "anthropic" else 11)
    assert answer.finish_reason in ("stop", "end_turn")


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_an_answer_in_one_piece_gives_the_same(dialect: str, encoding: str) -> None:
    data = recordings.whole_of(dialect)

    answer = read_answer(dialect, gzip.compress(data) if encoding else data, encoding)

    assert answer.is_whole
    assert recordings.TEXT in json.dumps(answer.message, ensure_ascii=False)
    assert (answer.input_tokens, answer.output_tokens) == (11, 7)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_stream_is_whole_from_its_end_mark_on_and_not_a_byte_earlier(dialect: str) -> None:
    data = recordings.stream_of(dialect)
    mark = data.index(b"data: [DONE]" if dialect == "openai" else b'{"type": "message_stop"}')
    size = len(b"data: [DONE]" if dialect == "openai" else b'{"type": "message_stop"}')

    whole = [read_answer(dialect, data[:end]).is_whole for end in range(len(data) + 1)]

    assert whole.index(True) == mark + size
    assert all(whole[mark + size :])


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_end_mark_inside_the_text_is_no_end(dialect: str) -> None:
    text = '\ndata: [DONE]\n\ndata: {"type": "message_stop"}\n\n message_stop "message_stop"'
    unmarked = recordings.stream_of(dialect, text)
    unmarked = unmarked[: unmarked.removesuffix(b"\n\n").rindex(b"\n\n") + 2]

    answer = read_answer(dialect, unmarked)

    assert not answer.is_whole
    assert json.dumps(text)[1:-1] in json.dumps(answer.message)


def test_calls_of_tools_that_come_in_turns_are_put_together_by_index() -> None:
    def call(index: int, **fields: Any) -> dict[str, Any]:
        return {"tool_calls": [{"index": index, **fields}]}

    data = _openai(
        {"role": "assistant", "content": None},
        call(1, id="b", type="function", function={"name": "second", "arguments": ""}),
        call(0, id="a", type="function", function={"name": "first", "arguments": ""}),
        call(1, function={"arguments": '{"x"'}),
        call(0, function={"arguments": "{"}),
        call(1, function={"arguments": ":1}"}),
        call(0, function={"arguments": "}"}),
        {"reasoning_content": "hm", "content": ""},
        {"reasoning_content": "m"},
    )

    message = read_answer("openai", data).message

    assert message == {
        "role": "assistant",
        "content": "",
        "reasoning_content": "hmm",
        "tool_calls": [
            {"id": "a", "type": "function", "function": {"name": "first", "arguments": "{}"}},
            {"id": "b", "type": "function", "function": {"name": "second", "arguments": '{"x":1}'}},
        ],
    }


def test_blocks_keep_their_order_their_signatures_and_their_input() -> None:
    def start(index: int, **block: Any) -> dict[str, Any]:
        return {"type": "content_block_start", "index": index, "content_block": block}

    def delta(index: int, **fields: Any) -> dict[str, Any]:
        return {"type": "content_block_delta", "index": index, "delta": fields}

    data = _anthropic(
        {"type": "message_start", "message": {"usage": {"input_tokens": 1}}},
        start(0, type="thinking", thinking=""),
        delta(0, type="thinking_delta", thinking="so "),
        start(1, type="text", text=""),
        delta(0, type="thinking_delta", thinking="so"),
        delta(0, type="signature_delta", signature="EqQB+/=="),
        delta(1, type="text_delta", text="Hi"),
        start(2, type="tool_use", id="t", name="run", input={}),
        delta(2, type="input_json_delta", partial_json='{"a":'),
        delta(2, type="input_json_delta", partial_json=" [1]}"),
        start(3, type="tool_use", id="u", name="cut", input={}),
        delta(3, type="input_json_delta", partial_json='{"a":'),
        start(4, type="redacted_thinking", data="xyz"),
        {"type": "message_delta", "delta": {"stop_reason": "tool_use"}},
        {"type": "message_stop"},
    )

    answer = read_answer("anthropic", data)

    assert answer.message == {
        "role": "assistant",
        "content": [
            {"type": "thinking", "thinking": "so so", "signature": "EqQB+/=="},
            {"type": "text", "text": "Hi"},
            {"type": "tool_use", "id": "t", "name": "run", "input": {"a": [1]}},
            {"type": "tool_use", "id": "u", "name": "cut", "input": {"unfinished": '{"a":'}},
            {"type": "redacted_thinking", "data": "xyz"},
        ],
    }
    assert answer.finish_reason == "tool_use"


def test_cached_input_counts_and_later_totals_replace_earlier_ones() -> None:
    usage = {"input_tokens": 3, "cache_read_input_tokens": 40, "cache_creation_input_tokens": 5}
    data = _anthropic(
        {"type": "message_start", "message": {"usage": usage | {"output_tokens": 1}}},
        {"type": "message_delta", "usage": {"output_tokens": 9}},
        {"type": "message_delta", "usage": {"output_tokens": 12}},
    )

    answer = read_answer("anthropic", data)

    assert (answer.input_tokens, answer.output_tokens) == (48, 12)


@pytest.mark.parametrize("value", [-1, 10**12, "7", None, 1.5, [1]])
def test_a_count_that_cannot_be_one_is_left_out(value: Any) -> None:
    usage = {"prompt_tokens": value, "completion_tokens": value, "input_tokens": value}

    answer = read_answer("openai", json.dumps({"usage": usage, "choices": []}).encode())

    assert (answer.input_tokens, answer.output_tokens) == (None, None)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_error_in_the_middle_makes_a_stream_unfinished(dialect: str) -> None:
    error = b'data: {"type":"error","error":{"type":"overloaded_error","message":"Busy"}}\n\n'

    answer = read_answer(dialect, error + recordings.stream_of(dialect))

    assert answer.error == {"type": "overloaded_error", "message": "Busy"}
    assert not answer.is_whole


@pytest.mark.parametrize("choices", [[{"index": 1, "message": {"content": "second"}}], [], None])
def test_only_the_first_choice_is_the_answer(choices: Any) -> None:
    assert read_answer("openai", json.dumps({"choices": choices}).encode()).message is None


# Anything can come ------------------------------------------------------------------------

_anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)
_NAMES = [
    "type index delta message content_block usage choices error model content tool_calls function",
    "id name arguments text thinking signature partial_json _json input stop_reason finish_reason",
    "input_tokens output_tokens prompt_tokens completion_tokens cache_read_input_tokens role code",
]
_TYPES = [
    "message_start",
    "content_block_start",
    "content_block_delta",
    "message_delta",
    "message_stop",
]
_likely = st.recursive(
    _anything | st.sampled_from(_TYPES) | st.sampled_from([0, 1, "0", [0], {}]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(" ".join(_NAMES).split()), inner, max_size=6)
    ),
    max_leaves=14,
)


@given(st.sampled_from(DIALECTS), st.lists(_likely, max_size=5), st.booleans())
def test_no_answer_whatever_its_form_raises(dialect: str, events: Any, is_stream: bool) -> None:
    texts = [json.dumps(event).encode() for event in events]
    data = b"".join(b"data: " + text + b"\n\n" for text in texts) if is_stream else b"".join(texts)

    answer = read_answer(dialect, data)

    assert answer.message is None or isinstance(answer.message, dict)


@given(st.sampled_from(DIALECTS), st.binary(max_size=80), st.sampled_from(["", "gzip", "br"]))
def test_no_bytes_raise(dialect: str, data: bytes, encoding: str) -> None:
    assert not read_answer(dialect, b"data: " + data, encoding).is_whole or b"[DONE]" in data
    read_answer(dialect, data, encoding)
