"""The OpenAI chat completions dialect: requests in, answers, chunks and errors out."""

import json
import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from apps.integrations.practice import fields
from apps.integrations.practice.chat import (
    MODEL_ID,
    SERVED_MODEL,
    ChatRequest,
    Message,
    Reply,
    Tool,
    ToolCall,
    word_chunks,
)
from apps.integrations.practice.errors import Refusal, bad_request

_INSTRUCTION_ROLES = ("system", "developer")
_ROLES = (*_INSTRUCTION_ROLES, "user", "assistant", "tool", "function")
_ERROR_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def parse(body: bytes) -> ChatRequest:
    raw = fields.parse_object(body)
    messages = [_message(each, index) for index, each in enumerate(_messages(raw))]
    options = raw.get("stream_options")
    return ChatRequest(
        model=fields.text_field(raw, "model"),
        system="\n".join(m.text for m in messages if m.role in _INSTRUCTION_ROLES),
        messages=tuple(m for m in messages if m.role not in _INSTRUCTION_ROLES),
        tools=tuple(_tools(raw)),
        is_stream=fields.flag_field(raw, "stream"),
        wants_usage=isinstance(options, dict) and options.get("include_usage") is True,
    )


def whole(request: ChatRequest, reply: Reply) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": reply.text or None, "refusal": None}
    if reply.tool_call is not None:
        message["tool_calls"] = [_call(reply.tool_call)]
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": _finish(reply)}
    return {**_head("chat.completion"), "choices": [choice], "usage": _usage(request, reply)}


def events(request: ChatRequest, reply: Reply) -> Iterator[bytes]:
    """The whole stream, one server-sent event after the other."""
    head = _head("chat.completion.chunk")
    empty = {"usage": None} if request.wants_usage else {}

    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return _event({**head, "choices": [choice], **empty})

    yield chunk({"role": "assistant", "content": None if reply.tool_call else ""})
    for piece in word_chunks(reply.text):
        yield chunk({"content": piece})
    if reply.tool_call is not None:
        yield from (chunk({"tool_calls": [delta]}) for delta in _call_deltas(reply.tool_call))
    yield chunk({}, _finish(reply))
    if request.wants_usage:
        yield _event({**head, "choices": [], "usage": _usage(request, reply)})
    yield b"data: [DONE]\n\n"


def models() -> dict[str, Any]:
    return {"object": "list", "data": [model()]}


def model() -> dict[str, Any]:
    return {"id": MODEL_ID, "object": "model", "created": 1767225600, "owned_by": "simulated"}


def error(refusal: Refusal) -> dict[str, Any]:
    fallback = "server_error" if refusal.status >= 500 else "invalid_request_error"
    return {
        "error": {
            "message": refusal.message,
            "type": _ERROR_TYPES.get(refusal.status, fallback),
            "param": refusal.param,
            "code": refusal.code,
        }
    }


def _messages(raw: dict[str, Any]) -> list[dict[str, Any]]:
    if "messages" not in raw:
        raise bad_request("Missing required parameter: 'messages'.", "messages")
    return fields.object_list(raw, "messages", is_required=True)


def _message(raw: dict[str, Any], index: int) -> Message:
    role = raw.get("role")
    if role not in _ROLES:
        raise bad_request(f"'messages[{index}].role' is not one of {_ROLES}.", f"messages[{index}]")
    text = fields.content_text(raw.get("content"), f"messages[{index}].content")
    return Message("tool" if role == "function" else str(role), text)


def _tools(raw: dict[str, Any]) -> Iterator[Tool]:
    for each in fields.object_list(raw, "tools", is_required=False):
        function = each.get("function")
        if isinstance(function, dict) and isinstance(function.get("name"), str):
            parameters = function.get("parameters")
            yield Tool(function["name"], parameters if isinstance(parameters, dict) else {})


def _head(kind: str) -> dict[str, Any]:
    return {
        "id": f"chatcmpl-{uuid4().hex}",
        "object": kind,
        "created": int(time.time()),
        "model": SERVED_MODEL,
        "system_fingerprint": "fp_practice",
    }


def _usage(request: ChatRequest, reply: Reply) -> dict[str, Any]:
    total = request.input_tokens + reply.output_tokens
    return {
        "prompt_tokens": request.input_tokens,
        "completion_tokens": reply.output_tokens,
        "total_tokens": total,
        **_cached(reply),
    }


def _cached(reply: Reply) -> dict[str, Any]:
    if reply.cached_tokens is None:
        return {}
    return {"prompt_tokens_details": {"cached_tokens": reply.cached_tokens}}


def _finish(reply: Reply) -> str:
    return "tool_calls" if reply.tool_call else "stop"


def _call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": json.dumps(call.arguments, ensure_ascii=False)}
    return {"id": f"call_{uuid4().hex[:24]}", "type": "function", "function": function}


def _call_deltas(call: ToolCall) -> Iterator[dict[str, Any]]:
    # Id and name come once; the arguments follow in fragments, as real providers send them.
    whole_call = _call(call)
    arguments = whole_call["function"]["arguments"]
    whole_call["function"] = {"name": call.name, "arguments": ""}
    yield {"index": 0, **whole_call}
    for start in range(0, len(arguments), 12):
        yield {"index": 0, "function": {"arguments": arguments[start : start + 12]}}


def _event(payload: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(payload, ensure_ascii=False).encode(errors="replace") + b"\n\n"
