"""Reading a provider's answer after the fact: the assistant's message, its end, its usage.

Never raises: whatever cannot be read is left out, and ``is_whole`` is False unless the
answer's own end was there.
"""

import zlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import orjson

_COUNT_MAX = 500_000_000
_SSE_MARKS = (b"data:", b"event:", b":")


@dataclass(slots=True)
class Answer:
    message: dict[str, Any] | None = None
    finish_reason: str = ""
    served_model: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    is_whole: bool = False
    error: dict[str, str] | None = None
    # Parts of a streamed answer on the way to ``message``.
    _parts: dict[int, dict[str, Any]] = field(default_factory=dict)
    _calls: dict[int, dict[str, Any]] = field(default_factory=dict)


def read_answer(dialect: str, data: bytes, encoding: str = "") -> Answer:
    """Read the relayed bytes of an answer, streamed or not."""
    data = _decoded(data, encoding)
    if data.lstrip()[:6].startswith(_SSE_MARKS):
        return _read_stream(dialect, data)
    answer = Answer()
    try:
        body = orjson.loads(data)
    except orjson.JSONDecodeError:
        return answer
    if isinstance(body, dict):
        _read_whole(dialect, body, answer)
    return answer


def _decoded(data: bytes, encoding: str) -> bytes:
    if encoding.lower() not in ("gzip", "deflate"):
        return data
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(data)
    except zlib.error:
        return b""


def _read_whole(dialect: str, body: dict[str, Any], answer: Answer) -> None:
    _read_error(body, answer)
    answer.served_model = _text(body.get("model"))
    _read_usage(body.get("usage"), answer)
    if dialect == "responses":
        read_response(body, answer)
        return
    if dialect == "completions":
        choice = _first_choice(body)
        if isinstance(choice.get("text"), str):
            answer.message = {"role": "assistant", "content": choice["text"]}
            answer.finish_reason = _text(choice.get("finish_reason"))
            answer.is_whole = True
        return
    if dialect == "anthropic":
        if isinstance(body.get("content"), list):
            answer.message = {"role": "assistant", "content": body["content"]}
            answer.finish_reason = _text(body.get("stop_reason"))
            answer.is_whole = True
        return
    choice = _first_choice(body)
    if isinstance(choice.get("message"), dict):
        answer.message = choice["message"]
        answer.finish_reason = _text(choice.get("finish_reason"))
        answer.is_whole = True


def _read_stream(dialect: str, data: bytes) -> Answer:
    answer = Answer()
    read = _READERS[dialect]
    texts = list(_events(data))
    if b"[DONE]" in texts:
        answer.is_whole = True
        texts = [text for text in texts if text != b"[DONE]"]
    for event in _parsed(texts):
        if isinstance(event, dict):
            if "error" in event:
                _read_error(event, answer)
            read(event, answer)
    if answer.error:
        answer.is_whole = False
    if dialect == "responses":
        answer.message = answer.message or as_message(list(answer._parts.values()))
    else:
        answer.message = _joined(dialect, answer)
    return answer


def _parsed(texts: list[bytes]) -> Iterator[Any]:
    """The events that are JSON: all in one go, or one by one where one of them is not."""
    try:
        yield from orjson.loads(b"[" + b",".join(texts) + b"]")
    except orjson.JSONDecodeError:
        for text in texts:
            with suppress(orjson.JSONDecodeError):
                yield orjson.loads(text)


def _events(data: bytes) -> Iterator[bytes]:
    """The data of every server-sent event.
    https://html.spec.whatwg.org/multipage/server-sent-events.html"""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for block in data.split(b"\n\n"):
        if block.startswith(b"data: ") and b"\n" not in block:
            yield block[6:]
        else:
            yield from _joined_lines(block)


def _joined_lines(block: bytes) -> Iterator[bytes]:
    lines = [
        line[5:].removeprefix(b" ") for line in block.split(b"\n") if line.startswith(b"data:")
    ]
    if lines:
        yield b"\n".join(lines)


def _openai_event(event: dict[str, Any], answer: Answer) -> None:
    get = event.get
    if not answer.served_model:
        answer.served_model = _text(get("model"))
    if get("usage"):
        _read_usage(event["usage"], answer)
    choice = _first_choice(event)
    if choice.get("finish_reason"):
        answer.finish_reason = _text(choice["finish_reason"])
    delta = choice.get("delta")
    if not isinstance(delta, dict):
        return
    whole = answer._parts.setdefault(0, {"role": "assistant"})
    for name, value in delta.items():
        if name == "tool_calls":
            _add_calls(answer._calls, value)
        elif name != "role" and isinstance(value, str):
            whole[name] = _text(whole.get(name)) + value
        elif value is not None:
            whole.setdefault(name, value)


def _completions_event(event: dict[str, Any], answer: Answer) -> None:
    answer.served_model = answer.served_model or _text(event.get("model"))
    _read_usage(event.get("usage"), answer)
    choice = _first_choice(event)
    answer.finish_reason = _text(choice.get("finish_reason")) or answer.finish_reason
    if isinstance(choice.get("text"), str):
        whole = answer._parts.setdefault(0, {"role": "assistant", "content": ""})
        whole["content"] += choice["text"]


def _responses_event(event: dict[str, Any], answer: Answer) -> None:
    """https://platform.openai.com/docs/api-reference/responses-streaming"""
    kind = _text(event.get("type"))
    if kind == "response.output_item.done" and isinstance(event.get("item"), dict):
        answer._parts[_number(event.get("output_index"))] = event["item"]
    elif kind in _RESPONSE_ENDS and isinstance(event.get("response"), dict):
        _read_error(event["response"], answer)
        _read_usage(event["response"].get("usage"), answer)
        answer.served_model = _text(event["response"].get("model"))
        read_response(event["response"], answer)
    elif kind == "error":
        answer.error = {
            "type": _text(event.get("code")) or "error",
            "message": _text(event.get("message"))[:2000],
        }


def read_response(body: dict[str, Any], answer: Answer) -> None:
    """A whole answer of the Responses API."""
    if not isinstance(body.get("output"), list):
        return
    items = [item for item in body["output"] if isinstance(item, dict)]
    # Codex gets its items as they are finished, and an empty list at the end.
    items = items or [answer._parts[index] for index in sorted(answer._parts)]
    answer.message = as_message(items)
    details = body.get("incomplete_details")
    reason = details.get("reason") if isinstance(details, dict) else None
    answer.finish_reason = _text(reason) or _text(body.get("status"))
    answer.is_whole = body.get("status") in ("completed", "incomplete")


def as_message(items: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Output items as one message: readable like any other, the items beside it as they are."""
    content: list[Any] = []
    for item in items:
        if item.get("type") == "message" and isinstance(item.get("content"), list):
            content += item["content"]
        elif "name" in item and item.get("type") != "reasoning":
            given = item.get("arguments") or item.get("input") or ""
            content.append({"type": "tool_use", "name": item["name"], "input": _loaded(given)})
    return {"role": "assistant", "content": content, "output": items} if items else None


def _loaded(text: Any) -> Any:
    with suppress(orjson.JSONDecodeError):
        return orjson.loads(text)
    return text


def _add_calls(calls: dict[int, dict[str, Any]], deltas: Any) -> None:
    for delta in deltas if isinstance(deltas, list) else ():
        if not isinstance(delta, dict):
            continue
        call = calls.setdefault(
            _number(delta.get("index")), {"id": "", "type": "function", "function": {}}
        )
        call["id"] = _text(delta.get("id")) or call["id"]
        function = delta.get("function")
        if isinstance(function, dict):
            for name in ("name", "arguments"):
                call["function"][name] = call["function"].get(name, "") + _text(function.get(name))


def _anthropic_event(event: dict[str, Any], answer: Answer) -> None:
    kind, index = event.get("type"), _number(event.get("index"))
    if kind == "message_start" and isinstance(event.get("message"), dict):
        answer.served_model = _text(event["message"].get("model"))
        _read_usage(event["message"].get("usage"), answer)
    elif kind == "content_block_start" and isinstance(event.get("content_block"), dict):
        answer._parts[index] = dict(event["content_block"])
    elif kind == "content_block_delta" and isinstance(event.get("delta"), dict):
        _add_delta(answer._parts.setdefault(index, {"type": "text", "text": ""}), event["delta"])
    elif kind == "message_delta":
        delta = event.get("delta")
        if isinstance(delta, dict):
            answer.finish_reason = _text(delta.get("stop_reason")) or answer.finish_reason
        _read_usage(event.get("usage"), answer)
    elif kind == "message_stop":
        answer.is_whole = True


def _add_delta(block: dict[str, Any], delta: dict[str, Any]) -> None:
    for name in ("text", "thinking", "signature"):
        if isinstance(delta.get(name), str):
            block[name] = _text(block.get(name)) + delta[name]
    if isinstance(delta.get("partial_json"), str):
        block["_json"] = _text(block.get("_json")) + delta["partial_json"]


def _joined(dialect: str, answer: Answer) -> dict[str, Any] | None:
    parts = answer._parts
    if not parts:
        return None
    if dialect in ("openai", "completions"):
        whole = parts[0]
        if answer._calls:
            whole["tool_calls"] = [answer._calls[index] for index in sorted(answer._calls)]
        whole.setdefault("content", None)
        return whole
    blocks = [parts[index] for index in sorted(parts)]
    for block in blocks:
        if "_json" in block:
            text = _text(block.pop("_json"))
            try:
                block["input"] = orjson.loads(text)
            except orjson.JSONDecodeError:
                block["input"] = {"unfinished": text}
    return {"role": "assistant", "content": blocks}


def _read_usage(usage: Any, answer: Answer) -> None:
    """Tokens in either dialect; Anthropic counts cached input apart."""
    if not isinstance(usage, dict):
        return
    counted = _count(usage.get("prompt_tokens"))
    plain = _count(usage.get("input_tokens"))
    if counted is None and plain is not None:
        cached = ("cache_read_input_tokens", "cache_creation_input_tokens")
        counted = plain + sum(_count(usage.get(name)) or 0 for name in cached)
    if counted is not None:
        answer.input_tokens = max(answer.input_tokens or 0, counted)
    written = _count(usage.get("completion_tokens", usage.get("output_tokens")))
    if written is not None:
        answer.output_tokens = written


def _read_error(event: dict[str, Any], answer: Answer) -> None:
    error = event.get("error")
    if isinstance(error, dict):
        answer.error = {
            "type": _text(error.get("code")) or _text(error.get("type")) or "error",
            "message": _text(error.get("message"))[:2000],
        }


_RESPONSE_ENDS = frozenset({"response.completed", "response.incomplete", "response.failed"})
_READERS = {
    "openai": _openai_event,
    "anthropic": _anthropic_event,
    "responses": _responses_event,
    "completions": _completions_event,
}


def _first_choice(body: dict[str, Any]) -> dict[str, Any]:
    choices = body.get("choices")
    if isinstance(choices, list):
        for choice in choices:
            if isinstance(choice, dict) and _number(choice.get("index")) == 0:
                return choice
    return {}


def _count(value: Any) -> int | None:
    """A number of tokens, if it can be one."""
    return value if isinstance(value, int) and 0 <= value <= _COUNT_MAX else None


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
