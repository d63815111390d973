"""Content of chat messages, put together so that every provider of that API reads it."""

from typing import Any

Body = dict[str, Any]


def text_part(text: str) -> Body:
    return {"type": "text", "text": text}


def as_content(parts: list[Body]) -> str | list[Body]:
    """Text alone as a string: many providers of this API read nothing else."""
    return _joined(parts) if all(part["type"] == "text" for part in parts) else parts


def tool_result(call_id: str, parts: list[Body], *, is_error: bool) -> tuple[Body, list[Body]]:
    """A ``tool`` message, and the parts that a user message behind it must carry.

    Results hold only text in this API; images and files follow, with the id of their call.
    """
    text = _joined([part for part in parts if part["type"] == "text"])
    attached = [part for part in parts if part["type"] != "text"]
    if attached:
        attached.insert(0, text_part(f"From the result of tool call {call_id}:"))
    text = f"Error: {text}" if is_error else text
    return {"role": "tool", "tool_call_id": call_id, "content": text}, attached


def _joined(parts: list[Body]) -> str:
    return "\n\n".join(part["text"] for part in parts)
