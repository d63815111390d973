"""The Anthropic messages dialect: requests in, answers, events and errors out."""

import json
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
    word_chunks,
)
from apps.integrations.practice.errors import Refusal, bad_request

_ERROR_TYPES = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


def parse(body: bytes, *, is_count: bool = False) -> ChatRequest:
    raw = fields.parse_object(body)
    model = fields.text_field(raw, "model")
    if not is_count:
        _check_max_tokens(raw)
    messages = [m for index, each in enumerate(_messages(raw)) for m in _said(each, index)]
    system = fields.content_text(raw.get("system"), "system")
    later = [m.text for m in messages if m.role == "system"]
    return ChatRequest(
        model=model,
        system="\n".join((system, *later)),
        messages=tuple(m for m in messages if m.role != "system"),
        tools=tuple(_tools(raw)),
        is_stream=fields.flag_field(raw, "stream"),
    )


def whole(request: ChatRequest, reply: Reply) -> dict[str, Any]:
    return {
        **_head(),
        "content": [_finished_block(reply)],
        "stop_reason": _stop_reason(reply),
        "usage": _usage(request.input_tokens, reply.output_tokens),
    }


def events(request: ChatRequest, reply: Reply) -> Iterator[bytes]:
    """The whole stream, one server-sent event after the other."""
    start = {**_head(), "content": [], "usage": _usage(request.input_tokens, 1)}
    yield _event("message_start", {"message": start})
    block = _finished_block(reply)
    opening = {**block, "input": {}} if reply.tool_call else {**block, "text": ""}
    yield _event("content_block_start", {"index": 0, "content_block": opening})
    yield _event("ping", {})
    for delta in _deltas(reply):
        yield _event("content_block_delta", {"index": 0, "delta": delta})
    yield _event("content_block_stop", {"index": 0})
    end = {"stop_reason": _stop_reason(reply), "stop_sequence": None}
    usage = {"output_tokens": reply.output_tokens}
    yield _event("message_delta", {"delta": end, "usage": usage})
    yield _event("message_stop", {})


def count(request: ChatRequest) -> dict[str, int]:
    return {"input_tokens": request.input_tokens}


def models() -> dict[str, Any]:
    return {"data": [model()], "has_more": False, "first_id": MODEL_ID, "last_id": MODEL_ID}


def model() -> dict[str, Any]:
    return {
        "type": "model",
        "id": MODEL_ID,
        "display_name": "Practice model (simulated)",
        "created_at": "2026-01-01T00:00:00Z",
    }


def error(refusal: Refusal) -> dict[str, Any]:
    fallback = "api_error" if refusal.status >= 500 else "invalid_request_error"
    kind = _ERROR_TYPES.get(refusal.status, fallback)
    return {
        "type": "error",
        "error": {"type": kind, "message": refusal.message},
        "request_id": f"req_{uuid4().hex[:24]}",
    }


def _check_max_tokens(raw: dict[str, Any]) -> None:
    limit = raw.get("max_tokens")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise bad_request("max_tokens: a whole number above 0 is required.", "max_tokens")


def _messages(raw: dict[str, Any]) -> list[dict[str, Any]]:
    if "messages" not in raw:
        raise bad_request("messages: Field required", "messages")
    return fields.object_list(raw, "messages", is_required=True)


def _said(raw: dict[str, Any], index: int) -> Iterator[Message]:
    """One message; tool results inside a user message become messages of their own."""
    role = raw.get("role")
    if role not in ("user", "assistant", "system"):
        raise bad_request(f"messages.{index}.role: Input should be 'user' or 'assistant'")
    content = raw.get("content")
    if content is None:
        raise bad_request(f"messages.{index}.content: Field required")
    text = fields.content_text(content, f"messages.{index}.content")
    for part in content if isinstance(content, list) else []:
        if part.get("type") == "tool_result":
            yield Message("tool", fields.content_text(part.get("content"), "tool_result"))
    yield Message(str(role), text)


def _tools(raw: dict[str, Any]) -> Iterator[Tool]:
    for each in fields.object_list(raw, "tools", is_required=False):
        if isinstance(each.get("name"), str):
            schema = each.get("input_schema")
            yield Tool(each["name"], schema if isinstance(schema, dict) else {})


def _head() -> dict[str, Any]:
    return {
        "id": f"msg_{uuid4().hex[:24]}",
        "type": "message",
        "role": "assistant",
        "model": SERVED_MODEL,
        "stop_reason": None,
        "stop_sequence": None,
    }


def _usage(given: int, written: int) -> dict[str, int]:
    return {
        "input_tokens": given,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": written,
    }


def _stop_reason(reply: Reply) -> str:
    return "tool_use" if reply.tool_call else "end_turn"


def _finished_block(reply: Reply) -> dict[str, Any]:
    if reply.tool_call is None:
        return {"type": "text", "text": reply.text}
    call = reply.tool_call
    return {
        "type": "tool_use",
        "id": f"toolu_{uuid4().hex[:24]}",
        "name": call.name,
        "input": call.arguments,
    }


def _deltas(reply: Reply) -> Iterator[dict[str, str]]:
    if reply.tool_call is None:
        yield from ({"type": "text_delta", "text": piece} for piece in word_chunks(reply.text))
        return
    written = json.dumps(reply.tool_call.arguments, ensure_ascii=False)
    for start in range(0, len(written), 12):
        yield {"type": "input_json_delta", "partial_json": written[start : start + 12]}


def _event(kind: str, payload: dict[str, Any]) -> bytes:
    body = json.dumps({"type": kind, **payload}, ensure_ascii=False)
    return f"event: {kind}\ndata: {body}\n\n".encode(errors="replace")
