"""Which live versions do not pay, by numbers alone. Pure: what follows is for people."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from apps.core.said import say
from apps.evolution.models import LearningPolicy
from apps.evolution.services.value.lifts import Lift
from apps.skills.types import LiveValue

# A normal variable is within this many deviations of its mean 95 times of 100.
_Z = 1.96
# An interval over fewer pairs says nothing, however narrow it is.
PAIRS_LEAST = 10


@dataclass(frozen=True, slots=True)
class Useless:
    """A version that does not pay, and why, in a sentence with the numbers."""

    line: LiveValue
    reason: str
    # It does not help; otherwise nobody asks for it.
    is_tried: bool


def useless(
    lines: Sequence[LiveValue],
    lifts: Mapping[UUID, Lift],
    policy: LearningPolicy,
    *,
    at: datetime,
    is_busy: bool,
) -> list[Useless]:
    """``is_busy``: there was enough work in the policy's days for a skill to be of use."""
    found = []
    for line in lines:
        # What is on trial is decided by its trial.
        if line.is_on_trial:
            continue
        reason = _succeeds_too_little(line, policy) or _lifts_too_little(
            line, lifts.get(line.version_id), policy
        )
        if reason:
            found.append(Useless(line, reason, is_tried=True))
        elif is_busy and (reason := _unused(line, policy, at)):
            found.append(Useless(line, reason, is_tried=False))
    return found


def upper_bound(passed: int, known: int) -> float:
    """The most that the true share can be with 95 % confidence.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference", 1927.
    """
    share, z2 = passed / known, _Z * _Z
    middle = share + z2 / (2 * known)
    spread = _Z * math.sqrt((share * (1 - share) + z2 / (4 * known)) / known)
    return min(1.0, (middle + spread) / (1 + z2 / known))


def _succeeds_too_little(line: LiveValue, policy: LearningPolicy) -> str:
    value, least = line.value, policy.ledger_success_below
    known = value.passed + value.failed
    if least is None or known < policy.ledger_outcomes:
        return ""
    most = upper_bound(value.passed, known)
    if most >= least / 100:
        return ""
    return say(
        "skill_succeeds_little",
        "{passed} of {known} judged turns that carried version {version} went well: at most"
        " {most:.0%} (95 % confidence), and {least} % is asked for.",
        passed=value.passed,
        known=known,
        version=line.version,
        most=most,
        least=least,
    )


def _lifts_too_little(line: LiveValue, lift: Lift | None, policy: LearningPolicy) -> str:
    least = policy.ledger_lift_below
    if least is None or lift is None or lift.is_simulated:
        return ""
    if line.value.uses < policy.ledger_outcomes or lift.pairs < PAIRS_LEAST:
        return ""
    if lift.high > least / 100:
        return ""
    return say(
        "skill_lifts_little",
        "Version {version} moved success by {difference:+.2f} (from {low:+.2f} to {high:+.2f},"
        " {control}, {pairs} pairs), and was carried by {uses} turns: more than {least:+.2f} is"
        " asked for.",
        version=line.version,
        difference=lift.difference,
        low=lift.low,
        high=lift.high,
        control=lift.control,
        pairs=lift.pairs,
        uses=line.value.uses,
        least=least / 100,
    )


def _unused(line: LiveValue, policy: LearningPolicy, at: datetime) -> str:
    """Of the built-in bank only what is used matters: it goes as a whole, as it came."""
    days = policy.ledger_unused_days
    if days is None or line.is_bank:
        return ""
    before = at - timedelta(days=days)
    used_at = line.value.last_used_at
    if line.since > before or (used_at is not None and used_at > before):
        return ""
    if used_at is None:
        return say(
            "skill_never_used",
            "Version {version} was never used, and {days} days are the limit.",
            version=line.version,
            days=days,
        )
    return say(
        "skill_unused",
        "Version {version} was last used on {used_at:%Y-%m-%d}, and {days} days are the limit.",
        version=line.version,
        used_at=used_at,
        days=days,
    )
