"""Values of an answer that may be anything: what they are if they are right, else nothing."""

from typing import Any

_COUNT_MAX = 500_000_000


def text_of(value: Any) -> str:
    return value if isinstance(value, str) else ""


def number_of(value: Any) -> int:
    return value if isinstance(value, int) else 0


def count_of(value: Any) -> int | None:
    """A number of tokens, if it can be one."""
    return value if isinstance(value, int) and 0 <= value <= _COUNT_MAX else None


def dict_of(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def list_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
