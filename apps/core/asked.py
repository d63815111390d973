"""What a caller asked, read from the body of a request in any dialect."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

_LEADING = ("system", "developer")
_TO_ZEROS = bytes.maketrans(b"123456789", b"0" * 9)
# Numbers this long may not fit into 64 bits; what is shorter always does.
_LONG_NUMBER = b"0" * 19


@dataclass(frozen=True, slots=True)
class AskedBody:
    """Instructions apart from the conversation."""

    # A text, or a list of parts of text; None without any.
    system: Any
    # Messages, or items of the Responses API.
    messages: list[Any]
    tools: Any


def asked_body(dialect: str, raw: bytes) -> AskedBody:
    """Raises ValueError, KeyError, TypeError or AttributeError for what is not of its dialect."""
    body = parsed(raw)
    given = _conversation(dialect, body)
    first = 0
    while first < len(given) and given[first].get("role") in _LEADING:
        first += 1
    instructions = [message.get("content") for message in given[:first]]
    top = body.get("instructions" if dialect == "responses" else "system")
    if top:
        instructions.insert(0, top)
    return AskedBody(_joined(instructions), given[first:], body.get("tools"))


def parsed(raw: bytes) -> Any:
    """What ``json`` makes of it, by the quicker ``orjson`` wherever that is the same.

    It knows neither numbers of any length nor halves of surrogate pairs.
    """
    if _LONG_NUMBER not in raw.translate(_TO_ZEROS):
        try:
            return orjson.loads(raw)
        except orjson.JSONDecodeError:
            pass
    # Whoever writes 1e999 means a number that nobody can hold.
    return json.loads(raw, parse_float=_finite, parse_constant=str)


def _conversation(dialect: str, body: Mapping[str, Any]) -> list[Any]:
    if dialect == "completions":
        prompt = body.get("prompt")
        return [{"role": "user", "content": prompt}] if isinstance(prompt, str) else []
    if dialect == "responses":
        # Without one it goes on from a response that the provider keeps.
        given = body.get("input") or []
        return [{"role": "user", "content": given}] if isinstance(given, str) else given
    messages: list[Any] = body["messages"]
    return messages


def _joined(instructions: list[Any]) -> Any:
    if len(instructions) < 2:
        return instructions[0] if instructions else None
    return [part for content in instructions for part in _parts(content)]


def _parts(content: Any) -> list[Any]:
    return content if isinstance(content, list) else [{"type": "text", "text": content or ""}]


def _finite(text: str) -> float | str:
    value = float(text)
    return value if math.isfinite(value) else text
