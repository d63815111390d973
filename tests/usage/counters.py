"""The counters of one workspace, asked one after the other, without a gateway."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import redis
from django.conf import settings

from apps.core.ids import uuid7
from apps.usage.counters import operations
from apps.usage.counters.operations import Obstacle, Operation, Today
from apps.usage.types import LimitRule, Spent

TODAY = Today("2026-03-10", "2026-03")


def a_rule(**limits: Any) -> LimitRule:
    return LimitRule(uuid7(), "tenant", "", **limits)


@dataclass
class Counters:
    tenant_id: UUID = field(default_factory=uuid7)
    today: Today = TODAY

    def run(self, *asked: Operation) -> list[list[Any]]:
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            count, *rest = operations.arguments(self.tenant_id, asked)
            raw = client.eval(operations.SCRIPT, int(count), *rest)
        return operations.answers(raw)

    def reserve(
        self, *rules: LimitRule, turn: UUID | None = None, tokens: int = 0, micros: int = 0
    ) -> Obstacle | None:
        wanted = operations.reserve(
            turn or uuid7(), rules, self.today, tokens=tokens, micros=micros
        )
        (answer,) = self.run(wanted)
        return operations.obstacle(answer, rules)

    def settle(self, turn: UUID, *rules: LimitRule, tokens: int = 0, micros: int = 0) -> None:
        self.run(operations.settle(turn, rules, tokens=tokens, micros=micros))

    def recorded(self, rule: LimitRule, *turns: UUID, day: int = 0, month: int = 0) -> None:
        self.run(operations.recorded(turns, [(rule, Spent(day, month))], self.today))

    def state(self, rule: LimitRule) -> dict[str, str]:
        name = f"metaclaw:limit:{{{self.tenant_id.hex}}}:{rule.limit_id.hex}"
        with redis.Redis.from_url(settings.REDIS_URL, decode_responses=True) as client:
            found: dict[str, str] = client.hgetall(name)
        return found

    def expire(self, rule: LimitRule) -> None:
        """As if a minute had passed in which nobody spoke for any reservation."""
        name = f"metaclaw:limit:{{{self.tenant_id.hex}}}:{rule.limit_id.hex}:open"
        with redis.Redis.from_url(settings.REDIS_URL) as client:
            for member in client.zrange(name, 0, -1):
                client.zadd(name, {member: 1})
