"""Reading values whose type nobody has checked.

Of a request: a wrong type is the caller's mistake and is said. Of an answer: a wrong type is
read as nothing, because an answer on its way cannot be refused.
"""

import json
from typing import Any

from apps.dialects.errors import Untranslatable

_COUNT_MAX = 500_000_000


def mapping(value: Any, field: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise Untranslatable(field, "must be an object.")
    return value


def sequence(value: Any, field: str) -> list[Any]:
    if not isinstance(value, list):
        raise Untranslatable(field, "must be a list.")
    return value


def string(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise Untranslatable(field, "must be a string.")
    return value


def listed(value: Any, field: str) -> list[tuple[dict[str, Any], str]]:
    """The objects of a list, each with the name of its place; nothing for ``None``."""
    if value is None:
        return []
    return [
        (mapping(one, f"{field}[{at}]"), f"{field}[{at}]")
        for at, one in enumerate(sequence(value, field))
    ]


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def dict_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def dicts_in(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def count_of(value: Any) -> int:
    """A number of tokens; 0 for what cannot be one."""
    is_count = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _COUNT_MAX
    return value if is_count else 0


def as_json(value: Any) -> str:
    """The same text for the same value, always: providers cache prompts by their bytes."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
