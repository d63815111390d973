"""What the settled sessions of a trial say, and whether that is enough to decide.

The test may be looked at after every session (apps.core.statistics.betting): that is what makes
an automatic decision right as often as it says.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from apps.core.said import Said, say
from apps.core.statistics.betting import Standing, best_of, paired, standing
from apps.training.models import CheckpointSession, CheckpointTrial

# Of a canary that fails requests although it is no worse at answering.
_FAILURES_ALPHA = 0.01

Row = CheckpointSession


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of a trial; ``status`` is empty while nothing is decided."""

    status: str
    note: str
    result: dict[str, Any]


def finding(trial: CheckpointTrial, rows: Sequence[Row]) -> Finding:
    """Judge the settled sessions, in the order in which they were settled. Deterministic."""
    rewards = _arms(rows, lambda row: row.reward)
    failures = _arms(rows, lambda row: row.failed_requests / row.turns if row.turns else None)
    reward = standing(paired(*rewards, share=trial.share), alpha=trial.alpha)
    failed = paired(*failures, share=trial.share)
    coins = best_of(np.asarray(failed)) if failed else 1.0
    status, note = _decided(trial, reward, coins, rewards)
    result = {
        "reward": asdict(reward),
        "candidate": _mean(rewards[0]),
        "baseline": _mean(rewards[1]),
        "candidate_sessions": len(rewards[0]),
        "baseline_sessions": len(rewards[1]),
        "failures": {
            "candidate": _mean(failures[0]),
            "baseline": _mean(failures[1]),
            "coins": coins,
            "needed": 1 / _FAILURES_ALPHA,
        },
    }
    return Finding(status, note, result)


def _decided(
    trial: CheckpointTrial,
    reward: Standing,
    coins: float,
    rewards: tuple[list[float], list[float]],
) -> tuple[str, str]:
    of = CheckpointTrial.Status

    def moved(code: str, verdict: str) -> Said:
        return say(
            f"trial_{code}",
            "Success moved by {difference:+.2f} (from {low:+.2f} to {high:+.2f}) over {pairs}"
            f" pairs of sessions{verdict}.",
            difference=reward.difference,
            low=reward.low,
            high=reward.high,
            pairs=reward.pairs,
        )

    needed = 1 / trial.alpha
    if coins >= 1 / _FAILURES_ALPHA:
        return of.ROLLED_BACK, say(
            "trial_fails_more", "It fails or refuses more requests than what it is compared with."
        )
    if reward.for_worse >= needed:
        return of.ROLLED_BACK, moved("worse", ": it does worse")
    is_canary = trial.kind == CheckpointTrial.Kind.CANARY
    if is_canary and reward.for_better >= needed:
        return of.PROMOTED, moved("better", ": it does better")
    # A watch has had its say when all the sessions before it have met one of its own.
    seen = sum(map(len, rewards)) if is_canary else len(rewards[0])
    if seen >= trial.sessions_max:
        return of.UNDECIDED, moved("chance", ", which may be chance")
    return "", ""


def _arms(
    rows: Sequence[Row], value: Callable[[Row], float | None]
) -> tuple[list[float], list[float]]:
    """The values of the candidate's sessions and of the others, in their order."""
    candidate: list[float] = []
    baseline: list[float] = []
    for row in rows:
        found = value(row)
        if found is not None:
            (candidate if row.arm == Row.Arm.CANDIDATE else baseline).append(found)
    return candidate, baseline


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if values else None
