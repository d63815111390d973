"""Streams and answers as providers send them, with the oddities that they have."""

import json
from typing import Any

Body = dict[str, Any]
TEXT = "Grüße 👋: [DONE] is not the end."


def sse(*events: Any, newline: str = "\n") -> bytes:
    """Events of a chat stream; a string is sent as it is."""
    data = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in events]
    return "".join(f"data: {one}{newline}{newline}" for one in data).encode()


def named(*events: Body) -> bytes:
    """Events of a Messages stream."""
    return b"".join(
        f"event: {one['type']}\ndata: {json.dumps(one, ensure_ascii=False)}\n\n".encode()
        for one in events
    )


def chunk(delta: Body | None = None, finish: str | None = None, **fields: Any) -> Body:
    base = {"id": "chatcmpl-A1", "object": "chat.completion.chunk", "created": 1, "model": "m-1"}
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return base | {"choices": choices} | fields


def call(index: int, arguments: str = "", call_id: str = "", name: str = "") -> Body:
    function = {"arguments": arguments} | ({"name": name} if name else {})
    said = {"index": index, "function": function}
    return {"tool_calls": [said | ({"id": call_id, "type": "function"} if call_id else {})]}


USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 20,
    "total_tokens": 120,
    "prompt_tokens_details": {"cached_tokens": 60, "cache_write_tokens": 8},
    "completion_tokens_details": {"reasoning_tokens": 5},
}
ROLE = {"role": "assistant", "content": ""}

CHAT_STREAMS: dict[str, bytes] = {
    "text": b": OPENROUTER PROCESSING\n\n"
    + sse(
        chunk(ROLE),
        chunk({"content": TEXT[:9]}),
        chunk({"content": TEXT[9:]}),
        chunk({}, "stop"),
        chunk(usage=USAGE),
        "[DONE]",
    ),
    "windows line ends": sse(
        chunk(ROLE), chunk({"content": TEXT}), chunk({}, "stop"), "[DONE]", newline="\r\n"
    ),
    "calls in turns": sse(
        chunk(ROLE | {"content": None}),
        chunk({"content": "Looking."}),
        chunk(call(0, "", "call_a", "read")),
        chunk(call(0, '{"path": ')),
        chunk(call(1, "", "call_b", "write")),
        chunk(call(1, '{"text": "äö')),
        chunk(call(0, '"a.txt"}')),
        chunk(call(1, '"}')),
        chunk({}, "tool_calls", usage=USAGE),
        "[DONE]",
    ),
    "calls one after the other": sse(
        chunk(ROLE | {"content": None}),
        chunk(call(0, "", "call_a", "read")),
        chunk(call(0, '{"path":"a"}')),
        chunk(call(1, '{"path":"b"}', "call_b", "read")),
        chunk(call(2, "", "call_c", "list")),
        chunk({}, "tool_calls"),
        chunk(usage=USAGE),
        "[DONE]",
    ),
    "every call has index 0": sse(
        chunk(call(0, '{"path":"a"}', "call_a", "read")),
        chunk(call(0, '{"path":"b"}', "call_b", "read")),
        chunk({}, "stop"),
        "[DONE]",
    ),
    "calls without ids": sse(
        chunk(call(0, "{}", "", "list")), chunk(call(1, "{}", "", "list")), "[DONE]"
    ),
    "reasoning": sse(
        chunk(ROLE | {"reasoning_content": None}),
        chunk({"reasoning_content": "First I "}),
        chunk({"reasoning_content": "look."}),
        chunk({"content": "Done."}),
        chunk(call(0, '{"path":"a"}', "call_a", "read")),
        chunk({}, "tool_calls"),
        chunk(usage=USAGE),
        "[DONE]",
    ),
    "cut by length": sse(
        chunk(ROLE),
        chunk({"content": "and then"}),
        chunk(call(0, '{"pa', "call_a", "read")),
        chunk({}, "length"),
        chunk(usage=USAGE),
        "[DONE]",
    ),
    "refusal": sse(
        chunk(ROLE),
        chunk({"refusal": "I "}),
        chunk({"refusal": "won't."}),
        chunk({}, "stop"),
        "[DONE]",
    ),
    "filtered": sse(chunk(ROLE), chunk({"content": "x"}), chunk({}, "content_filter"), "[DONE]"),
    "nothing": sse(chunk(ROLE), chunk({}, "stop"), "[DONE]"),
}


def start(**usage: int) -> Body:
    message = {
        "id": "msg_A1",
        "type": "message",
        "role": "assistant",
        "model": "claude-1",
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 32, "output_tokens": 1} | usage,
    }
    return {"type": "message_start", "message": message}


def block(index: int, content: Body, *deltas: Body) -> list[Body]:
    grown = [{"type": "content_block_delta", "index": index, "delta": one} for one in deltas]
    opened = {"type": "content_block_start", "index": index, "content_block": content}
    return [opened, *grown, {"type": "content_block_stop", "index": index}]


def said(*pieces: str) -> list[Body]:
    return [{"type": "text_delta", "text": one} for one in pieces]


def argued(*pieces: str) -> list[Body]:
    return [{"type": "input_json_delta", "partial_json": one} for one in pieces]


def tool(call_id: str, name: str) -> Body:
    return {"type": "tool_use", "id": call_id, "name": name, "input": {}}


def stop(reason: str, **usage: int) -> list[Body]:
    delta = {"stop_reason": reason, "stop_sequence": None}
    counted = {"output_tokens": 20} | usage
    return [
        {"type": "message_delta", "delta": delta, "usage": counted},
        {"type": "message_stop"},
    ]


CACHED = {"cache_read_input_tokens": 60, "cache_creation_input_tokens": 8}
WORDS: Body = {"type": "text", "text": ""}
THOUGHT: Body = {"type": "thinking", "thinking": "", "signature": ""}

ANTHROPIC_STREAMS: dict[str, bytes] = {
    "text": named(
        start(**CACHED),
        {"type": "ping"},
        *block(0, WORDS, *said(TEXT[:9], TEXT[9:])),
        *stop("end_turn"),
    ),
    "calls": named(
        start(**CACHED),
        *block(0, WORDS, *said("Looking.")),
        *block(1, tool("toolu_a", "read"), *argued("", '{"path": ', '"ä.txt"}')),
        *block(2, tool("toolu_b", "list")),
        *stop("tool_use"),
    ),
    "thinking": named(
        start(),
        *block(
            0,
            THOUGHT,
            {"type": "thinking_delta", "thinking": "First I "},
            {"type": "thinking_delta", "thinking": "look."},
            {"type": "signature_delta", "signature": "EqQB+/=="},
        ),
        *block(1, {"type": "redacted_thinking", "data": "xyz"}),
        *block(2, WORDS, *said("Done.")),
        *block(3, tool("toolu_a", "read"), *argued('{"path":"a"}')),
        *stop("tool_use"),
    ),
    "cut by length": named(start(), *block(0, WORDS, *said("and then")), *stop("max_tokens")),
    "refusal": named(start(), *stop("refusal")),
    "a kind of event from the future": named(
        start(), {"type": "content_block_glow"}, *block(0, WORDS, *said("x")), *stop("end_turn")
    ),
}


def completion(message: Body, finish: str = "stop", **fields: Any) -> Body:
    whole = {"role": "assistant", "content": None} | message
    choice = {"index": 0, "message": whole, "finish_reason": finish}
    answer = {"id": "chatcmpl-A1", "object": "chat.completion", "created": 1, "model": "m-1"}
    return answer | {"choices": [choice], "usage": USAGE} | fields


def message(*content: Body, stop_reason: str = "end_turn", **fields: Any) -> Body:
    answer = {"id": "msg_A1", "type": "message", "role": "assistant", "model": "claude-1"}
    usage = {"input_tokens": 32, "output_tokens": 20} | CACHED
    ending = {"stop_reason": stop_reason, "stop_sequence": None}
    return answer | {"content": list(content), "usage": usage} | ending | fields


def whole_call(call_id: str, name: str, arguments: str) -> Body:
    function = {"name": name, "arguments": arguments}
    return {"id": call_id, "type": "function", "function": function}
