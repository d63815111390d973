"""What the counters are asked, and what they answer: plain values for ``script.lua``."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from apps.usage.types import LimitRule, Spent

SCRIPT = (Path(__file__).parent / "script.lua").read_text()

Operation = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Today:
    """The day and month of a workspace, as the counters and the ledger name them."""

    day: str
    month: str

    @classmethod
    def at(cls, moment: datetime, zone: ZoneInfo) -> "Today":
        day = moment.astimezone(zone).date().isoformat()
        return cls(day, day[:7])


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a reservation was refused. ``what`` is a number of the rule, or ``unknown``."""

    rule: LimitRule
    what: str
    wait_seconds: float


def reserve(
    turn_id: UUID, rules: Sequence[LimitRule], today: Today, *, tokens: int, micros: int
) -> Operation:
    """Take one request, these tokens and at most this much money off all of these limits."""
    limits = [
        _given(
            rule,
            requests=rule.requests_per_minute,
            tokens=rule.tokens_per_minute,
            streams=rule.concurrent_streams,
            day_micros=rule.day_micros,
            month_micros=rule.month_micros,
            day=today.day,
            month=today.month,
        )
        for rule in rules
    ]
    return {
        "op": "reserve",
        "id": turn_id.hex,
        "limits": limits,
        "tokens": tokens,
        "micros": micros,
    }


def settle(turn_id: UUID, rules: Iterable[LimitRule], *, tokens: int, micros: int) -> Operation:
    """An answer is over: ``tokens`` more (or fewer) than reserved, and what it seems to cost.

    0 micro-units give everything back, for what the ledger will not hear of.
    """
    limits = [_given(rule) for rule in rules]
    return {
        "op": "settle",
        "id": turn_id.hex,
        "limits": limits,
        "tokens": tokens,
        "micros": micros,
    }


def keep(turn_ids: Iterable[UUID], rule: LimitRule) -> Operation:
    """These answers are still coming."""
    return {"op": "keep", "ids": [one.hex for one in turn_ids], "limits": [_given(rule)]}


def recorded(
    turn_ids: Iterable[UUID], spent: Iterable[tuple[LimitRule, Spent]], today: Today
) -> Operation:
    """What the ledger says was spent, these turns among it."""
    limits = [
        _given(
            rule,
            day=today.day,
            month=today.month,
            day_spent=sums.day_micros,
            month_spent=sums.month_micros,
        )
        for rule, sums in spent
    ]
    return {"op": "recorded", "ids": [one.hex for one in turn_ids], "limits": limits}


def arguments(tenant_id: UUID, operations: Sequence[Operation]) -> list[str | bytes]:
    """For ``EVALSHA``: the number of keys, the keys, the operations."""
    keys: dict[str, int] = {}
    numbered = [
        operation
        | {
            "limits": [
                limit | {"key": keys.setdefault(limit["key"], len(keys) + 1)}
                for limit in operation["limits"]
            ]
        }
        for operation in operations
    ]
    # The braces keep the keys of a workspace together where Redis is a cluster.
    names = [f"metaclaw:limit:{{{tenant_id.hex}}}:{name}" for name in keys]
    return [str(len(names)), *names, orjson.dumps(numbered)]


def answers(raw: bytes) -> list[list[Any]]:
    """One for every operation; cjson has the same braces for a list and an object with nothing."""
    return [one or [] for one in orjson.loads(raw)]


def obstacle(answer: Sequence[Any], rules: Sequence[LimitRule]) -> Obstacle | None:
    """What a reservation failed on, if it did."""
    if not answer:
        return None
    index, what, wait_ms = answer
    return Obstacle(rules[index], what, wait_ms / 1000)


def _given(rule: LimitRule, **values: Any) -> dict[str, Any]:
    found = {name: value for name, value in values.items() if value is not None}
    return found | {"key": rule.limit_id.hex}
