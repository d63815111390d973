"""Sessions as an agent might have them, with a skill that helps, harms or does nothing.

Simulated, and said to be: what is measured is the rule that decides, not any skill.
"""

from dataclasses import dataclass

import numpy as np

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.evolution.models import Canary, CanarySession
from apps.evolution.services.canary.results import Finding, finding
from apps.evolution.services.canary.starting import ALPHA, SESSIONS_MAX

# How much sessions differ from each other, beside what the skill does to them.
_SPREAD = 0.15
_TURNS_MAX = 5


@dataclass(frozen=True, slots=True)
class Scenario:
    """``control`` and ``treated``: how likely a turn of a session succeeds."""

    name: str
    control: float
    treated: float
    share: float = 0.5
    # Treated sessions take this many times as long.
    slower: float = 1.0


@dataclass(frozen=True, slots=True)
class Outcome:
    verdict: str
    # Settled sessions when it was decided.
    sessions: int


def play(scenario: Scenario, seed: int) -> Outcome:
    """One canary, looked at after every session that settles."""
    chance = np.random.default_rng(seed)
    rows = [_session(scenario, chance) for _ in range(SESSIONS_MAX)]
    canary = Canary(share=scenario.share, alpha=ALPHA, sessions_max=SESSIONS_MAX)
    whole = finding(canary, rows)
    # What was won once counts for good: the moment of the decision is found by halving.
    low, high = 0, len(rows)
    while high - low > 1:
        middle = (low + high) // 2
        found: Finding = finding(canary, rows[:middle])
        low, high = (low, middle) if found.verdict else (middle, high)
    return Outcome(finding(canary, rows[:high]).verdict or whole.verdict, high)


def _session(scenario: Scenario, chance: np.random.Generator) -> CanarySession:
    is_treated = chance.random() < scenario.share
    level = scenario.treated if is_treated else scenario.control
    turns = int(chance.integers(1, _TURNS_MAX + 1))
    likely = float(np.clip(chance.normal(level, _SPREAD), 0, 1))
    slower = scenario.slower if is_treated else 1.0
    return CanarySession(
        session_id=uuid7(),
        arm="treatment" if is_treated else "control",
        settled_at=now(),
        reward=chance.binomial(turns, likely) / turns,
        turns=turns,
        failed_requests=int(chance.binomial(turns, 0.02)),
        tokens_per_turn=float(chance.lognormal(7, 0.6)),
        latency_ms=float(chance.lognormal(7, 0.6)) * slower,
    )
