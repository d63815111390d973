"""Parts of chat messages as Anthropic's content blocks."""

from typing import Any

from apps.dialects.errors import Untranslatable
from apps.dialects.media import anthropic_document, anthropic_image
from apps.dialects.shape import listed, string

Body = dict[str, Any]


def text_blocks(content: Any, field: str) -> list[Body]:
    """Content that may hold nothing but text; white space alone is refused by this API."""
    if isinstance(content, str):
        return _blocks([content])
    return _blocks([_text(part, place) for part, place in listed(content, field)])


def user_blocks(content: Any, field: str) -> list[Body]:
    if isinstance(content, str):
        return _blocks([content])
    blocks: list[Body] = []
    for part, place in listed(content, field):
        kind = part.get("type")
        if kind == "image_url":
            blocks.append(anthropic_image(part, place))
        elif kind == "file":
            blocks.append(anthropic_document(part, place))
        else:
            blocks += _blocks([_text(part, place)])
    return blocks


def _blocks(texts: list[str]) -> list[Body]:
    return [{"type": "text", "text": text} for text in texts if text.strip()]


def _text(part: Body, field: str) -> str:
    kind = part.get("type")
    if kind not in ("text", "refusal"):
        says = f"a part of type {kind} cannot be carried to this provider. Send it as text."
        raise Untranslatable(field, says)
    return string(part.get(kind), f"{field}.{kind}")
