"""Rounds and rows with only what a test is about."""

from typing import Any

from bench import figures
from bench.load import Round
from bench.measuring import GATEWAY, Row


def make_round(**given: Any) -> Round:
    plain: dict[str, Any] = {
        "requests": 100,
        "errors": 0,
        "per_second": 1000.0,
        "p50": 1.0,
        "p99": 5.0,
        "first_byte_p50": 0.5,
        "first_byte_p99": 2.0,
        "cpu_us": 0.0,
    }
    return Round(**plain | given)


def make_row(scenario: str, clients: int, *, target: str = GATEWAY, **given: Any) -> Row:
    through = make_round(**given)
    added = figures.added(make_round(), through) if target == GATEWAY else None
    return Row(scenario, clients, target, through, added)
