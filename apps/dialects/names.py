"""Names and ids that one API allows and the other does not."""

import hashlib
import re

from apps.dialects.shape import as_json

_TOOL_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_-]")
_PREFIX = re.compile(r"^(?:chatcmpl|msg|resp|gen|cmpl)[-_]")
# https://platform.openai.com/docs/api-reference/chat: longer ids of calls are refused.
CALL_ID_MAX = 40


def tool_name(name: str) -> str:
    """A name that every provider takes: itself, or shortened, always to the same."""
    if _TOOL_NAME.fullmatch(name):
        return name
    return f"{_NOT_IN_NAMES.sub('_', name)[:51]}_{_digest(name)}"


def flat_name(namespace: str, name: str) -> str:
    """A tool of a namespace as one name: ``mcp__files__`` and ``read``: ``mcp__files__read``."""
    between = "" if namespace.endswith("__") else "__"
    return tool_name(f"{namespace}{between}{name}")


def chat_call_id(call_id: str) -> str:
    """The id of a call, within OpenAI's length."""
    if len(call_id) <= CALL_ID_MAX:
        return call_id
    return f"{call_id[: CALL_ID_MAX - 13]}_{_digest(call_id)}"


def plain_call_id(call_id: str) -> str:
    """The id of a call, in Anthropic's characters."""
    cleaned = _NOT_IN_NAMES.sub("_", call_id)
    return call_id if cleaned == call_id else f"{cleaned}_{_digest(call_id)}"


def user_id(value: str) -> str:
    """A caller's id of its user, within OpenAI's length; a longer one becomes its hash."""
    return value if len(value) <= 64 else hashlib.sha256(value.encode()).hexdigest()


def core_of(answer_id: object, request: object) -> str:
    """What ids of an answer are derived from: the provider's id, else the request."""
    said = _PREFIX.sub("", answer_id) if isinstance(answer_id, str) else ""
    core = _NOT_IN_NAMES.sub("", said)
    return core or hashlib.sha256(as_json(request).encode(errors="replace")).hexdigest()[:24]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()[:12]
