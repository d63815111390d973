from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from apps.usage.models import PriceOverride
from apps.usage.prices import listed
from apps.usage.types import Price, PriceTable


@dataclass(frozen=True, slots=True)
class EffectivePrice:
    """A line of the price list, and whose it is."""

    pattern: str
    price: Price
    origin: Literal["own", "listed"]


def price_table(*, tenant_id: UUID) -> PriceTable:
    """The workspace's own prices, and behind them those that come with the product."""
    own = {row.pattern: _price(row) for row in PriceOverride.objects.for_tenant(tenant_id)}
    return PriceTable(own, listed())


def price_list(*, tenant_id: UUID, q: str = "") -> list[EffectivePrice]:
    """What holds, by name; ``q`` is a part of the name. An own price hides the listed one."""
    table = price_table(tenant_id=tenant_id)
    found = [EffectivePrice(name, price, "own") for name, price in table.own.items()]
    found += [
        EffectivePrice(name, price, "listed")
        for name, price in table.listed.items()
        if name not in table.own
    ]
    wanted = q.lower()
    return sorted(
        (one for one in found if wanted in one.pattern.lower()), key=lambda one: one.pattern
    )


def _price(row: PriceOverride) -> Price:
    return Price(row.input, row.output, row.cache_read, row.cache_write)
