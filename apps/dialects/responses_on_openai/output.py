"""The parts of a chat answer as output items of a response."""

from typing import Any

from apps.dialects.arguments import free_text
from apps.dialects.chat_parts import Part
from apps.dialects.reasoning import sealed
from apps.dialects.responses_on_openai.asked import Asked
from apps.dialects.responses_on_openai.tools import Named

Body = dict[str, Any]

_PREFIX = {"reasoning": "rs", "text": "msg", "refusal": "msg", "call": "fc"}


def item_id(part: Part, core: str, at: int, asked: Asked) -> str:
    prefix = "ctc" if takes_text(part, asked) else _PREFIX[part.kind]
    return f"{prefix}_{core}_{at}"


def takes_text(part: Part, asked: Asked) -> bool:
    return part.kind == "call" and _named(part, asked).takes_text


def opened_item(part: Part, item_id: str, asked: Asked) -> Body:
    """An item as a stream adds it: nothing said in it yet."""
    if part.kind == "reasoning":
        return {"id": item_id, "type": "reasoning", "summary": []}
    if part.kind == "call":
        return _call(part, item_id, asked, "", "in_progress")
    return _message(item_id, [], "in_progress")


def whole_item(part: Part, item_id: str, asked: Asked, status: str) -> Body:
    if part.kind == "reasoning":
        summary = [summary_part(part.text)] if shows(part, asked) else []
        item: Body = {"id": item_id, "type": "reasoning", "summary": summary}
        if asked.wants_sealed:
            item["encrypted_content"] = _sealed(part, asked)
        return item
    if part.kind == "call":
        return _call(part, item_id, asked, part.text, status)
    return _message(item_id, [content_part(part, part.text)], status)


def content_part(part: Part, text: str) -> Body:
    if part.kind == "refusal":
        return {"type": "refusal", "refusal": text}
    return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}


def summary_part(text: str) -> Body:
    return {"type": "summary_text", "text": text}


def shows(part: Part, asked: Asked) -> bool:
    """Whether this reasoning has words, and the caller wants them."""
    return asked.wants_summary and bool(part.fragments)


def _sealed(part: Part, asked: Asked) -> str | None:
    if not asked.keeps_signed:
        return sealed(part.text)
    return sealed(part.text, part.details) if part.details else None


def _message(item_id: str, content: list[Body], status: str) -> Body:
    return {
        "id": item_id,
        "type": "message",
        "status": status,
        "role": "assistant",
        "content": content,
    }


def _call(part: Part, item_id: str, asked: Asked, arguments: str, status: str) -> Body:
    tool = _named(part, asked)
    called = {"call_id": part.call_id, "name": tool.name}
    if tool.namespace:
        called["namespace"] = tool.namespace
    if tool.takes_text:
        text = free_text(arguments) if arguments else ""
        return (
            {"id": item_id, "type": "custom_tool_call", "status": status} | called | {"input": text}
        )
    item = {"id": item_id, "type": "function_call", "status": status, "arguments": arguments}
    return item | called


def _named(part: Part, asked: Asked) -> Named:
    return asked.tools.get(part.name) or Named(part.name)
