"""The list prices that come with the product, and reading a price table."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from apps.usage.types import Price

_FILE = Path(__file__).parent / "prices.json"


@cache
def listed() -> MappingProxyType[str, Price]:
    """By pattern: a model's name, or its beginning with a star behind it."""
    vendors: list[dict[str, Any]] = json.loads(_FILE.read_text(), parse_float=Decimal)["vendors"]
    found = {
        pattern: Price(*(int(number * 1_000_000) for number in numbers))
        for vendor in vendors
        for pattern, numbers in vendor["models"].items()
    }
    return MappingProxyType(found)
