"""What other apps get to see of limits, prices and usage. Money is in micro-units: USD / 10⁶."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

Scope = Literal["tenant", "key", "agent"]

_DATE = re.compile(r"[-@](?:\d{8}|\d{4}-\d{2}-\d{2})$")
_FOUND_MAX = 1000


@dataclass(frozen=True, slots=True)
class LimitRule:
    """The limits of a workspace, of one of its keys or of one of its agents; None: no limit."""

    limit_id: UUID
    scope: Scope
    # Empty for the workspace; a key's id; an agent's name.
    subject: str
    requests_per_minute: int | None = None
    tokens_per_minute: int | None = None
    concurrent_streams: int | None = None
    day_micros: int | None = None
    month_micros: int | None = None

    @property
    def has_money(self) -> bool:
        return self.day_micros is not None or self.month_micros is not None


@dataclass(frozen=True, slots=True)
class Price:
    """USD micro-units per million tokens."""

    input: int
    output: int
    cache_read: int
    cache_write: int

    def cost(
        self, *, input_tokens: int, output_tokens: int, read: int = 0, written: int = 0
    ) -> int:
        """Micro-units, rounded up. ``input_tokens`` is all input, the cached part included."""
        plain = max(0, input_tokens - read - written)
        total = (
            plain * self.input
            + read * self.cache_read
            + written * self.cache_write
            + output_tokens * self.output
        )
        return -(-total // 1_000_000)


FREE = Price(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class PriceTable:
    """What models cost: a workspace's own prices before those that come with the product."""

    # A pattern is a model's name, or its beginning with a star behind it.
    own: Mapping[str, Price] = field(default_factory=dict)
    listed: Mapping[str, Price] = field(default_factory=dict)

    # What was looked up before.
    _found: dict[str, Price | None] = field(default_factory=dict, compare=False, repr=False)

    def price_of(self, model: str) -> Price | None:
        """The price of a model as its provider calls it; None: not known.

        Also without its vendor in front (``openai/gpt-5``) and without its date behind.
        """
        if model not in self._found:
            if len(self._found) >= _FOUND_MAX:
                self._found.clear()
            self._found[model] = self._look_up(model)
        return self._found[model]

    def price_for(self, fact: "UsageFact") -> Price | None:
        """The price of what was served, or of what was asked for; None: not known."""
        served = self.price_of(fact.served_model) if fact.served_model else None
        return served or self.price_of(fact.model)

    def share_nanos(self, fact: "UsageFact", tokens: int) -> int | None:
        """What so many of a request's input tokens cost, in USD / 10⁹; None: not known.

        At what an input token of this request cost on average, kept ones included: nobody says
        which part of a prompt a provider had kept.
        """
        if fact.is_free or not fact.input_tokens:
            return 0
        price = self.price_for(fact)
        if price is None:
            return None
        read, written = fact.cache_read_tokens, fact.cache_write_tokens
        plain = max(0, fact.input_tokens - read - written)
        # Micro-units per million tokens, times tokens, are units of 10⁻¹²: a thousandth.
        picos = plain * price.input + read * price.cache_read + written * price.cache_write
        return round(picos * tokens / fact.input_tokens / 1_000)

    def _look_up(self, model: str) -> Price | None:
        names = [model, model.rpartition("/")[2]]
        names += [_DATE.sub("", name) for name in names]
        for prices in (self.own, self.listed):
            for name in names:
                if name in prices:
                    return prices[name]
            beginnings = [
                pattern
                for pattern in prices
                if pattern.endswith("*") and any(name.startswith(pattern[:-1]) for name in names)
            ]
            if beginnings:
                return prices[max(beginnings, key=len)]
        return None


@dataclass(frozen=True, slots=True)
class LimitRules:
    """All that a gateway needs to hold a workspace to its limits."""

    time_zone: str = "UTC"
    rules: tuple[LimitRule, ...] = ()
    prices: PriceTable = field(default_factory=PriceTable)


@dataclass(frozen=True, slots=True)
class Spent:
    """What a scope spent since its day and its month began, in micro-units."""

    day_micros: int = 0
    month_micros: int = 0


@dataclass(frozen=True, slots=True)
class UsageFact:
    """What one answered request used. ``id`` (the turn's) makes recording it repeatable."""

    id: UUID
    at: datetime
    key_id: UUID
    agent: str
    # As it was asked for, and as the provider names what it served.
    model: str
    served_model: str
    upstream: str
    status: str
    # All input, the cached parts of it included.
    input_tokens: int
    output_tokens: int
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    # The provider did not say: counted from the text.
    is_estimated: bool = False
    # Its provider is paid by nobody: a model on the operator's own machines.
    is_free: bool = False
