"""Text and JSON that Postgres takes: it has no place for NUL and for halves of surrogate pairs."""

import math
from typing import Any


def storable(value: Any) -> Any:
    """The value with what Postgres cannot hold replaced by a mark; other values as they are."""
    if isinstance(value, str):
        if value.isprintable():
            return value
        return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {storable(key): storable(item) for key, item in value.items()}
    if isinstance(value, list):
        return [storable(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        # What Python makes of a number like 1e999.
        return str(value)
    return value
