"""What the settled sessions of a canary say, and whether that is enough to decide."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from apps.core.said import Said, say
from apps.core.statistics.betting import Standing, best_of, paired, standing
from apps.evolution.models import Canary, CanarySession

# A guard is a bet of its own; three of them together may be wrong this often.
_GUARDS_ALPHA = 0.03
# More of these than the other arm by this factor is a harm.
_TOKENS_FACTOR = 1.5
_LATENCY_FACTOR = 2.0
_POINTS = 50

Row = CanarySession
_TREATED = CanarySession.Arm.TREATMENT


@dataclass(frozen=True, slots=True)
class Guard:
    """A harm that a reward does not show. ``coins`` as in ``betting``; 1/alpha is proof."""

    name: str
    treated: float
    control: float
    coins: float
    needed: float

    @property
    def is_broken(self) -> bool:
        return self.coins >= self.needed


@dataclass(frozen=True, slots=True)
class Finding:
    """The state of a canary: what it is known to be by now, or nothing yet."""

    reward: Standing
    guards: list[Guard]
    treated: int
    control: int
    # A status of Canary, or empty while nothing is decided.
    verdict: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """As it is stored with the canary and shown on the console."""
        guards = [asdict(one) | {"is_broken": one.is_broken} for one in self.guards]
        counts = {"treated": self.treated, "control": self.control}
        return {"reward": asdict(self.reward), "guards": guards, **counts}


def finding(canary: Canary, rows: Sequence[Row]) -> Finding:
    """Judge the settled sessions, in the order in which they were settled. Deterministic."""
    judged = [row for row in rows if row.reward is not None]
    arms = _arms(judged, lambda row: row.reward)
    reward = standing(paired(*arms, share=canary.share), alpha=canary.alpha)
    guards = _guards(canary, rows)
    verdict, reason = _decide(canary, reward, guards, len(judged))
    return Finding(
        reward=reward,
        guards=guards,
        treated=sum(row.arm == _TREATED for row in rows),
        control=sum(row.arm != _TREATED for row in rows),
        verdict=verdict,
        reason=reason,
    )


def _decide(
    canary: Canary, reward: Standing, guards: Sequence[Guard], judged: int
) -> tuple[str, str]:

    def moved(code: str, english: str) -> Said:
        return say(
            code,
            "Success moved by {difference:+.2f} (from {low:+.2f} to {high:+.2f}) over {pairs}"
            f" pairs of sessions{english}.",
            difference=reward.difference,
            low=reward.low,
            high=reward.high,
            pairs=reward.pairs,
        )

    broken = next((one for one in guards if one.is_broken), None)
    if broken is not None:
        return Canary.Status.ROLLED_BACK, say(
            "canary_guard",
            "{name}: {treated:.3g} with it, {control:.3g} without it.",
            name=broken.name,
            treated=broken.treated,
            control=broken.control,
        )
    needed = 1 / canary.alpha
    if reward.for_worse >= needed:
        return Canary.Status.ROLLED_BACK, moved("canary_moved", "")
    if reward.for_better >= needed:
        return Canary.Status.PROMOTED, moved("canary_moved", "")
    if judged >= canary.sessions_max:
        return Canary.Status.NO_LIFT, moved("trial_chance", ", which may be chance")
    return "", ""


def _guards(canary: Canary, rows: Sequence[Row]) -> list[Guard]:
    errors = _arms(rows, lambda row: row.failed_requests / row.turns if row.turns else None)
    tokens = _arms(rows, lambda row: row.tokens_per_turn)
    latency = _arms(rows, lambda row: row.latency_ms)
    gains = {
        "Failed or refused requests": (errors, paired(*errors, share=canary.share)),
        "Tokens a turn": (tokens, _signs(*tokens, factor=_TOKENS_FACTOR)),
        "Milliseconds a turn": (latency, _signs(*latency, factor=_LATENCY_FACTOR)),
    }
    return [
        Guard(
            name=name,
            treated=_mean(treated),
            control=_mean(control),
            coins=best_of(np.asarray(bets)) if bets else 1.0,
            needed=len(gains) / _GUARDS_ALPHA,
        )
        for name, ((treated, control), bets) in gains.items()
    ]


def _signs(treated: Sequence[float], control: Sequence[float], *, factor: float) -> list[float]:
    """Of every two sessions, whether the treated one took more than ``factor`` times as much.

    Amounts have no upper bound, their order has: one session in which everything takes long
    decides nothing.
    """
    return [float(np.sign(a - factor * b)) for a, b in zip(treated, control, strict=False)]


def _arms(
    rows: Sequence[Row], value: Callable[[Row], float | None]
) -> tuple[list[float], list[float]]:
    """The values of the treated sessions and of the control ones, in their order."""
    treated: list[float] = []
    control: list[float] = []
    for row in rows:
        found = value(row)
        if found is not None:
            (treated if row.arm == _TREATED else control).append(found)
    return treated, control


def _mean(values: Sequence[float]) -> float:
    return float(np.mean(values)) if values else 0.0


def curve(canary: Canary, rows: Sequence[Row]) -> list[Standing]:
    """What was known on the way, at up to fifty points: for a drawing."""
    arms = _arms([row for row in rows if row.reward is not None], lambda row: row.reward)
    pairs = paired(*arms, share=canary.share)
    step = max(1, -(-len(pairs) // _POINTS))
    ends = [*range(step, len(pairs), step), len(pairs)] if pairs else []
    return [standing(pairs[:end], alpha=canary.alpha) for end in ends]
