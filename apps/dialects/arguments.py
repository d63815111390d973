"""What a model gives a tool: JSON text in OpenAI's APIs, an object in Anthropic's."""

import json
from typing import Any

import orjson

UNPARSED = "unparsed_arguments"
FREE_TEXT = "input"


def as_object(text: str) -> dict[str, Any]:
    """The object that a model's arguments are; text that is none is kept under ``UNPARSED``.

    Models write broken JSON at times, and clients resend it for ever: refusing it would end
    the conversation.
    """
    if not text.strip():
        return {}
    try:
        # Not orjson: whole numbers of any length must survive.
        value = json.loads(text)
    except (ValueError, RecursionError):
        return {UNPARSED: text}
    return value if isinstance(value, dict) else {UNPARSED: text}


def is_whole_object(text: str) -> bool:
    """Nothing can follow: the arguments are all there."""
    if not text.rstrip().endswith("}"):
        return False
    try:
        return isinstance(orjson.loads(text), dict)
    except orjson.JSONDecodeError:
        return False


def free_text(text: str) -> str:
    """What a model wrote for a tool that takes free text (see ``FREE_TEXT_SCHEMA``)."""
    value = as_object(text).get(FREE_TEXT)
    return value if isinstance(value, str) else text


FREE_TEXT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {FREE_TEXT: {"type": "string"}},
    "required": [FREE_TEXT],
    "additionalProperties": False,
}
