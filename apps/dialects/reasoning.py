"""Reasoning of a model between turns.

Providers want their reasoning back in the next request of a tool loop, each in its own form.
Callers give back unread whatever they were given as a signature or as encrypted content. So
we put the provider's form in there, marked as ours; what others signed is not ours to read.
"""

import base64
import binascii
import zlib
from typing import Any

import orjson

from apps.dialects.shape import as_json

# OpenRouter's names for reasoning blocks inside chat messages; several agents keep them.
DETAILS = "reasoning_details"
_FORMAT = "anthropic-claude-v1"
_MARK = "mcr1."
_SIZE_MAX = 4 * 1024 * 1024


def sealed(text: str, details: list[dict[str, Any]] | None = None) -> str:
    """What to give a caller in the place of a signature, or of encrypted content."""
    kept: dict[str, Any] = {"text": text}
    if details:
        kept["details"] = details
    packed = zlib.compress(as_json(kept).encode(errors="replace"))
    return _MARK + base64.urlsafe_b64encode(packed).decode()


def unsealed(value: object) -> dict[str, Any] | None:
    """``text`` and perhaps ``details``, if it was sealed here."""
    if not isinstance(value, str) or not value.startswith(_MARK):
        return None
    try:
        packed = base64.urlsafe_b64decode(value.removeprefix(_MARK))
        kept = orjson.loads(zlib.decompressobj().decompress(packed, _SIZE_MAX))
    except (binascii.Error, ValueError, zlib.error):
        return None
    is_ours = (
        isinstance(kept, dict)
        and isinstance(kept.get("text"), str)
        and isinstance(kept.get("details", []), list)
    )
    return kept if is_ours else None


def detail_of(block: dict[str, Any], index: int) -> dict[str, Any] | None:
    """A thinking block of Anthropic's as a detail of a chat message."""
    if block.get("type") == "redacted_thinking":
        said = {"type": "reasoning.encrypted", "data": block.get("data", "")}
    elif block.get("signature"):
        said = {
            "type": "reasoning.text",
            "text": block.get("thinking", ""),
            "signature": block["signature"],
        }
    else:
        return None
    return said | {"format": _FORMAT, "index": index}


def block_of(detail: Any) -> dict[str, Any] | None:
    """The thinking block, signature and all, that a detail was made of."""
    if not isinstance(detail, dict) or detail.get("format") != _FORMAT:
        return None
    if detail.get("type") == "reasoning.encrypted" and isinstance(detail.get("data"), str):
        return {"type": "redacted_thinking", "data": detail["data"]}
    is_signed = isinstance(detail.get("signature"), str) and isinstance(detail.get("text"), str)
    if detail.get("type") == "reasoning.text" and is_signed:
        return {
            "type": "thinking",
            "thinking": detail["text"],
            "signature": detail["signature"],
        }
    return None
