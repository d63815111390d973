"""Holding a workspace, its keys and its agents to their limits, before anybody is asked.

A request reserves what it may cost at most, and settles when its answer is over. Workspaces
without limits pass at the price of one look. Rates fail soft: without Redis every process
keeps its share by itself. Money fails closed: what nobody can count is not spent.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.core.clock import now
from apps.proxy.gateway.limits.alone import OwnCounters
from apps.proxy.gateway.limits.ledger import Ledger
from apps.proxy.gateway.limits.meter import Meter
from apps.proxy.gateway.limits.refusing import price_unknown, refusal
from apps.proxy.gateway.limits.shared import CountersAway, SharedCounters
from apps.usage.counters.operations import (
    Obstacle,
    Today,
    keep,
    obstacle,
    recorded,
    reserve,
    settle,
)
from apps.usage.types import LimitRule, LimitRules, Price

_KEEP_SECONDS = 20.0
# What an answer may hold where its request does not say.
_ANSWER_TOKENS = 4096
_BYTES_PER_TOKEN = 4
_FREE = Price(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a request would use."""

    tenant_id: UUID
    key_id: UUID
    agent: str
    # The model as its provider calls it; ``is_free`` where the provider costs nothing.
    model: str
    is_free: bool
    is_stream: bool
    body_bytes: int
    max_tokens: int | None


@dataclass(slots=True)
class Ticket:
    """A request that was let in. ``settle`` has to be called, once; again does nothing."""

    gate: "Gate"
    turn_id: UUID
    tenant_id: UUID
    rules: tuple[LimitRule, ...]
    price: Price
    tokens: int
    is_shared: bool
    meter: Meter
    is_settled: bool = False

    def settle(self, *, is_answered: bool) -> None:
        """The answer is over. Never raises.

        Without an answer everything is given back; otherwise what it seems to have cost is
        held until the ledger has the exact sum.
        """
        if self.is_settled:
            return
        self.is_settled = True
        extra, micros = -self.tokens, 0
        if is_answered:
            used = self.meter.used(self.tokens)
            extra += used.input_tokens + used.output_tokens
            micros = self.price.cost(
                input_tokens=used.input_tokens,
                output_tokens=used.output_tokens,
                read=used.cache_read,
                written=used.cache_write,
            )
        self.gate.settled(self, extra, micros)


class Gate:
    """One per process."""

    def __init__(self) -> None:
        self._shared = SharedCounters()
        self._own = OwnCounters(settings.METACLAW_GATEWAY_WORKERS)
        self._ledger = Ledger()
        self._open: dict[UUID, Ticket] = {}
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._shared.start()
        self._task = asyncio.create_task(self._keep_forever())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        await self._shared.stop()
        self._ledger.stop()

    async def enter(self, limits: LimitRules, turn_id: UUID, wish: Wish) -> Ticket | None:
        """Let a request in; None where no limit concerns it. Raises Refusal 400, 429 or 503."""
        if not limits.rules:
            return None
        rules = tuple(rule for rule in limits.rules if _concerns(rule, wish))
        if not rules:
            return None
        tokens = wish.body_bytes // _BYTES_PER_TOKEN
        price, micros = _FREE, 0
        if any(rule.has_money for rule in rules):
            price = _price(limits, wish)
            most = _ANSWER_TOKENS if wish.max_tokens is None else wish.max_tokens
            micros = price.cost(input_tokens=tokens, output_tokens=most)
        zone = ZoneInfo(limits.time_zone)
        is_shared, found = await self._reserve(
            wish.tenant_id, limits.rules, rules, turn_id, zone, tokens, micros
        )
        if found is not None:
            raise refusal(found, now(), zone)
        meter = Meter(is_stream=wish.is_stream)
        ticket = Ticket(self, turn_id, wish.tenant_id, rules, price, tokens, is_shared, meter)
        self._open[turn_id] = ticket
        return ticket

    def settled(self, ticket: Ticket, extra_tokens: int, micros: int) -> None:
        """Called by tickets."""
        self._open.pop(ticket.turn_id, None)
        if ticket.is_shared:
            operation = settle(ticket.turn_id, ticket.rules, tokens=extra_tokens, micros=micros)
            self._shared.tell(ticket.tenant_id, operation)
        else:
            self._own.settle(ticket.turn_id, ticket.rules, tokens=extra_tokens, micros=micros)

    async def _reserve(
        self,
        tenant_id: UUID,
        all_rules: Sequence[LimitRule],
        rules: tuple[LimitRule, ...],
        turn_id: UUID,
        zone: ZoneInfo,
        tokens: int,
        micros: int,
    ) -> tuple[bool, Obstacle | None]:
        """Whether Redis counted it, and what stood in the way."""
        moment = now()
        today = Today.at(moment, zone)
        wanted = reserve(turn_id, rules, today, tokens=tokens, micros=micros)
        try:
            found = obstacle(await self._shared.ask(tenant_id, wanted), rules)
            if found is not None and found.what == "unknown":
                # Redis was emptied, or a new day began: the ledger knows.
                sums = await self._ledger.spent(tenant_id, all_rules, moment, today)
                known = [(rule, sums[rule.limit_id]) for rule in all_rules if rule.limit_id in sums]
                await self._shared.ask(tenant_id, recorded((), known, today))
                found = obstacle(await self._shared.ask(tenant_id, wanted), rules)
            return True, found
        except CountersAway:
            sums = {}
            if any(rule.has_money for rule in rules):
                sums = await self._ledger.spent(tenant_id, all_rules, moment, today)
            return False, self._own.reserve(turn_id, rules, sums, tokens=tokens, micros=micros)

    async def _keep_forever(self) -> None:
        """Answers under way hold what they reserved; those of a process that died do not."""
        while True:
            await asyncio.sleep(_KEEP_SECONDS)
            held: dict[tuple[UUID, LimitRule], list[UUID]] = defaultdict(list)
            for ticket in self._open.values():
                for rule in ticket.rules if ticket.is_shared else ():
                    held[ticket.tenant_id, rule].append(ticket.turn_id)
            for (tenant_id, rule), turn_ids in held.items():
                self._shared.tell(tenant_id, keep(turn_ids, rule))


def _concerns(rule: LimitRule, wish: Wish) -> bool:
    if rule.scope == "key":
        return rule.subject == str(wish.key_id)
    return rule.scope == "tenant" or rule.subject == wish.agent


def _price(limits: LimitRules, wish: Wish) -> Price:
    if wish.is_free:
        return _FREE
    price = limits.prices.price_of(wish.model)
    if price is None:
        raise price_unknown(wish.model)
    return price
