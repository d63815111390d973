"""What a caller is told who came up against a limit."""

import math
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.proxy.gateway.refusal import Refusal
from apps.usage.counters.operations import Obstacle
from apps.usage.days import day_end, month_end
from apps.usage.types import LimitRule

_RATES = {
    "requests_per_minute": "{count:,} requests a minute",
    "tokens_per_minute": "{count:,} tokens a minute",
    "concurrent_streams": "{count:,} answers under way at once",
}
_AGAIN_SECONDS = 5


def refusal(found: Obstacle, moment: datetime, zone: ZoneInfo) -> Refusal:
    """429, or 503 where nobody can say what was spent, with when to come again."""
    whose = _whose(found.rule)
    if found.what == "unknown":
        return Refusal(
            503,
            "budget_unknown",
            f"{whose} has a budget, and what was spent of it cannot be found out right now:"
            " neither Redis nor the database answers. Nothing is spent until one of them does.",
            (("retry-after", str(_AGAIN_SECONDS)),),
        )
    if found.what in _RATES:
        allowed = _RATES[found.what].format(count=getattr(found.rule, found.what))
        seconds = max(1, math.ceil(found.wait_seconds))
        return Refusal(
            429,
            "rate_limit_exceeded",
            f"{whose} is limited to {allowed}. Try again in {seconds} s.",
            (("retry-after", str(seconds)), ("x-metaclaw-limit", found.what)),
        )
    return _money(found, whose, moment, zone)


def price_unknown(model: str) -> Refusal:
    return Refusal(
        400,
        "price_unknown",
        f"This request falls under a budget, and nobody knows what {model} costs. Enter its"
        " price in the console under Budgets (0 for a model of your own).",
    )


def _money(found: Obstacle, whose: str, moment: datetime, zone: ZoneInfo) -> Refusal:
    is_day = found.what == "day_money"
    cap = (found.rule.day_micros if is_day else found.rule.month_micros) or 0
    ends = day_end(moment, zone) if is_day else month_end(moment, zone)
    seconds = max(1, math.ceil((ends - moment).total_seconds()))
    return Refusal(
        429,
        # As OpenAI names it; clients tell it from a rate by this and give up at once.
        "insufficient_quota",
        f"{whose} may spend ${cap / 1_000_000:,.2f} a {'day' if is_day else 'month'}, and what is"
        " left does not cover this request. The budget is renewed at"
        f" {ends.astimezone(zone):%Y-%m-%d %H:%M} ({zone.key}); an admin can raise it in the"
        " console under Budgets.",
        (
            ("retry-after", str(seconds)),
            ("x-should-retry", "false"),
            ("x-metaclaw-limit", found.what),
        ),
    )


def _whose(rule: LimitRule) -> str:
    if rule.scope == "tenant":
        return "This workspace"
    return "This API key" if rule.scope == "key" else f"The agent {rule.subject}"
