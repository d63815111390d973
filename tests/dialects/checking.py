"""What an answer must look like to be one of its API.

OpenAI's forms are checked by the models of its own library, Anthropic's by hand.
"""

import json
from typing import Any

from openai.types.chat import ChatCompletion, ChatCompletionChunk
from openai.types.responses import Response, ResponseStreamEvent
from pydantic import TypeAdapter

Body = dict[str, Any]
_RESPONSE_EVENT: TypeAdapter[Any] = TypeAdapter(ResponseStreamEvent)
_STOPS = {"end_turn", "max_tokens", "stop_sequence", "tool_use", "refusal"}
_COUNTS = {
    "input_tokens",
    "output_tokens",
    "cache_creation_input_tokens",
    "cache_read_input_tokens",
}
_DELTAS = {
    "text": {"text_delta": "text"},
    "tool_use": {"input_json_delta": "partial_json"},
    "thinking": {"thinking_delta": "thinking", "signature_delta": "signature"},
}
_GROWS = {"text_delta": "text", "thinking_delta": "thinking", "signature_delta": "signature"}


def events_of(data: bytes) -> list[Any]:
    """The data of every event; names, where there are any, must be the types."""
    events = []
    for block in data.decode().split("\n\n")[:-1]:
        lines = block.split("\n")
        event = lines[-1].removeprefix("data: ")
        events.append(event if event == "[DONE]" else json.loads(event))
        if len(lines) == 2:
            assert lines[0] == f"event: {events[-1]['type']}"
    assert data == b"" or data.endswith(b"\n\n")
    return events


# Anthropic --------------------------------------------------------------------------------


def check_message(answer: Body) -> None:
    assert answer["type"] == "message"
    assert answer["role"] == "assistant"
    assert answer["id"].startswith("msg_")
    assert isinstance(answer["model"], str)
    assert answer["stop_reason"] in _STOPS
    assert (answer["stop_sequence"] is not None) == (answer["stop_reason"] == "stop_sequence")
    _check_usage(answer["usage"])
    for block in answer["content"]:
        _check_block(block)


def message_from(data: bytes) -> Body:
    """The message that a client of the API puts together, if the stream is a right one."""
    events = [event for event in events_of(data) if event["type"] != "ping"]
    assert [event["type"] for event in events[-2:]] == ["message_delta", "message_stop"]
    assert events[0]["type"] == "message_start"
    message: Body = events[0]["message"]
    assert (message["content"], message["stop_reason"]) == ([], None)
    _check_usage(message["usage"])
    _join_blocks(message["content"], events[1:-2])
    message |= events[-2]["delta"]
    message["usage"] |= events[-2]["usage"]
    check_message(message)
    return message


def _join_blocks(blocks: list[Body], events: list[Body]) -> None:
    block: Body | None = None
    written = ""
    for event in events:
        if event["type"] == "content_block_start":
            assert block is None, "one block at a time"
            block, written = event["content_block"], ""
            assert event["index"] == len(blocks)
            assert block is not None
            assert not any(block.get(name) for name in ("text", "input", "thinking"))
            blocks.append(block)
            continue
        assert event["index"] == len(blocks) - 1
        assert block is not None
        if event["type"] == "content_block_stop":
            if block["type"] == "tool_use":
                block["input"] = _input(written)
            block = None
            continue
        assert event["type"] == "content_block_delta"
        kind = event["delta"]["type"]
        text = event["delta"][_DELTAS[block["type"]][kind]]
        if kind == "input_json_delta":
            written += text
        else:
            block[_GROWS[kind]] += text
    assert block is None, "all blocks are closed"


def _input(written: str) -> Body:
    try:
        return json.loads(written or "{}")
    except ValueError:
        return {"unparsed_arguments": written}


def _check_block(block: Body) -> None:
    needed = {
        "text": {"text": str},
        "tool_use": {"id": str, "name": str, "input": dict},
        "thinking": {"thinking": str, "signature": str},
    }[block["type"]]
    assert set(block) == {"type", *needed}
    for name, kind in needed.items():
        assert isinstance(block[name], kind), name
    if block["type"] == "text":
        assert block["text"]


def _check_usage(usage: Body) -> None:
    assert set(usage) - {"output_tokens_details"} == _COUNTS
    assert all(isinstance(usage[name], int) and usage[name] >= 0 for name in _COUNTS)


# OpenAI -----------------------------------------------------------------------------------


def check_completion(answer: Body) -> None:
    read = ChatCompletion.model_validate(answer)
    assert read.id.startswith("chatcmpl-")
    for call in read.choices[0].message.tool_calls or []:
        assert call.type == "function"
        assert isinstance(json.loads(call.function.arguments), dict)


def completion_from(data: bytes, *, counts: bool) -> Body:
    """Message, finish and usage as a client of chat completions puts them together."""
    *chunks, end = events_of(data)
    assert end == "[DONE]"
    for chunk in chunks:
        ChatCompletionChunk.model_validate(chunk)
        assert ("usage" in chunk) == counts
    counted = chunks.pop() if counts else {"usage": None}
    if counts:
        assert counted["choices"] == []
    assert [set(one) & {"id", "created", "model"} for one in chunks] == [
        {"id", "created", "model"}
    ] * len(chunks)
    assert len({(one["id"], one["created"], one["model"]) for one in chunks}) == 1
    choices = [one["choices"][0] for one in chunks]
    assert choices[0]["delta"]["role"] == "assistant"
    assert all("role" not in one["delta"] for one in choices[1:])
    finishes = [one["finish_reason"] for one in choices]
    assert finishes[:-1] == [None] * (len(finishes) - 1)
    return {
        "message": _joined([one["delta"] for one in choices]),
        "finish_reason": finishes[-1],
        "usage": counted["usage"],
    }


def _joined(deltas: list[Body]) -> Body:
    message: Body = {"content": "", "reasoning_content": "", "tool_calls": []}
    for delta in deltas:
        message["content"] += delta.get("content") or ""
        message["reasoning_content"] += delta.get("reasoning_content") or ""
        for call in delta.get("tool_calls", []):
            if "id" in call:
                assert call["index"] == len(message["tool_calls"])
                assert call["type"] == "function"
                message["tool_calls"].append({name: call[name] for name in ("id", "function")})
            else:
                function = message["tool_calls"][call["index"]]["function"]
                function["arguments"] += call["function"]["arguments"]
    for call in message["tool_calls"]:
        assert isinstance(json.loads(call["function"]["arguments"]), dict)
    return message


def check_response(answer: Body) -> None:
    read = Response.model_validate(answer)
    assert read.id.startswith("resp_")
    assert len({item.id for item in read.output}) == len(read.output)


def response_from(data: bytes) -> Body:
    """The final response of a stream whose events all fit together."""
    events = events_of(data)
    for event in events:
        _RESPONSE_EVENT.validate_python(event)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    kinds = [event["type"] for event in events]
    assert kinds[:2] == ["response.created", "response.in_progress"]
    assert kinds[-1] in ("response.completed", "response.incomplete")
    assert [event["response"]["status"] for event in events[:2]] == ["in_progress"] * 2
    final: Body = events[-1]["response"]
    assert final["status"] == kinds[-1].removeprefix("response.")
    items = _items(events[2:-1])
    assert [items[at] for at in sorted(items)] == final["output"]
    check_response(final)
    return final


_ENDS = {
    "response.output_text": "text",
    "response.refusal": "refusal",
    "response.function_call_arguments": "arguments",
    "response.custom_tool_call_input": "input",
    "response.reasoning_summary_text": "text",
}


def _items(events: list[Body]) -> dict[int, Body]:
    """Done items by place; every delta belongs to an open item, and they add up to its end."""
    ids: dict[int, str] = {}
    done: dict[int, Body] = {}
    grown: dict[tuple[int, str], str] = {}
    for event in events:
        at, kind = event["output_index"], event["type"]
        if kind == "response.output_item.added":
            assert at == len(ids)
            ids[at] = event["item"]["id"]
            continue
        assert at in ids
        assert at not in done
        if kind == "response.output_item.done":
            assert event["item"]["id"] == ids[at]
            done[at] = event["item"]
            continue
        assert event["item_id"] == ids[at]
        base, _, end = kind.rpartition(".")
        if end == "delta":
            grown[at, base] = grown.get((at, base), "") + event["delta"]
        elif base in _ENDS:
            assert grown.pop((at, base), "") == event[_ENDS[base]]
    assert not grown
    assert set(done) == set(ids)
    return done
