"""Limits while Redis is away: this process keeps its share of them by itself.

Rates are then kept roughly: every process lets through its part. Money is not: what was spent
comes from the ledger, and what this process has let through since counts on top.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from apps.usage.counters.operations import Obstacle
from apps.usage.types import LimitRule, Spent

_MINUTE = 60.0
# After this a process forgets what it let through: by then the ledger has it.
_UNRECORDED_SECONDS = 900.0


@dataclass(slots=True)
class _Used:
    minute: int = 0
    requests: int = 0
    tokens: int = 0
    open: int = 0
    # Money let through: when, and how much at most.
    held: dict[UUID, tuple[float, int]] = field(default_factory=dict)


class OwnCounters:
    """One per process; ``processes`` share every limit."""

    def __init__(self, processes: int) -> None:
        self._processes = max(1, processes)
        self._used: dict[UUID, _Used] = {}

    def reserve(
        self,
        turn_id: UUID,
        rules: Sequence[LimitRule],
        spent: dict[UUID, Spent],
        *,
        tokens: int,
        micros: int,
    ) -> Obstacle | None:
        """Take it off the process's share, or say what stands in the way.

        ``spent`` names limits by id; one with money that is not in there is ``unknown``.
        """
        now = time.time()
        for rule in rules:
            found = self._obstacle(rule, self._of(rule, now), spent.get(rule.limit_id), micros, now)
            if found is not None:
                return found
        for rule in rules:
            used = self._of(rule, now)
            used.requests += 1
            used.tokens += tokens
            used.open += 1
            used.held[turn_id] = (now, micros)
        return None

    def settle(
        self, turn_id: UUID, rules: Sequence[LimitRule], *, tokens: int, micros: int
    ) -> None:
        for rule in rules:
            used = self._used.get(rule.limit_id)
            if used is None or turn_id not in used.held:
                continue
            used.open -= 1
            used.tokens = max(0, used.tokens + tokens)
            began, _ = used.held.pop(turn_id)
            if micros:
                used.held[turn_id] = (began, micros)

    def _of(self, rule: LimitRule, now: float) -> _Used:
        used = self._used.setdefault(rule.limit_id, _Used())
        minute = int(now // _MINUTE)
        if used.minute != minute:
            used.minute, used.requests, used.tokens = minute, 0, 0
            for turn_id, (began, _) in list(used.held.items()):
                if now - began > _UNRECORDED_SECONDS:
                    del used.held[turn_id]
        return used

    def _obstacle(
        self, rule: LimitRule, used: _Used, spent: Spent | None, micros: int, now: float
    ) -> Obstacle | None:
        rest_of_minute = _MINUTE - now % _MINUTE
        if used.requests + 1 > self._share(rule.requests_per_minute):
            return Obstacle(rule, "requests_per_minute", rest_of_minute)
        if used.tokens and used.tokens >= self._share(rule.tokens_per_minute):
            return Obstacle(rule, "tokens_per_minute", rest_of_minute)
        if used.open + 1 > self._share(rule.concurrent_streams):
            return Obstacle(rule, "concurrent_streams", 1.0)
        if not rule.has_money:
            return None
        if spent is None:
            return Obstacle(rule, "unknown", 0.0)
        pending = micros + sum(held for _, held in used.held.values())
        if rule.day_micros is not None and spent.day_micros + pending > rule.day_micros:
            return Obstacle(rule, "day_money", 0.0)
        if rule.month_micros is not None and spent.month_micros + pending > rule.month_micros:
            return Obstacle(rule, "month_money", 0.0)
        return None

    def _share(self, limit: int | None) -> float:
        return float("inf") if limit is None else max(1, limit // self._processes)
