"""What the cases of a gate say: a paired interval, and whether the answers are sane.

Every prompt is its own pair: the mean reward of the candidate's answers less that of the
baseline's. A checkpoint passes if the lower end of the interval lies above −margin and no check
is broken.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import fmean
from typing import Any

from apps.core.said import say, together
from apps.core.statistics.pairs import chance, interval
from apps.training.degeneracy import Check, Figures, checks
from apps.training.models import Gate, GateCase

# With fewer prompts an interval is no interval.
LEAST_PAIRS = 6


@dataclass(frozen=True, slots=True)
class Finding:
    """How a gate ends."""

    status: str
    reason: str
    note: str
    result: dict[str, Any]


def finding(cases: Sequence[GateCase], *, margin: float) -> Finding:
    """Deterministic: the same cases always say the same."""
    done = [case for case in cases if case.status == GateCase.Status.DONE]
    skipped = sum(case.status == GateCase.Status.SKIPPED for case in cases)
    if len(done) < LEAST_PAIRS:
        why = next((case.reason for case in cases if case.reason), "")
        note = say(
            "gate_too_few",
            "Only {count} prompts could be asked and judged, {needed} are needed.",
            count=len(done),
            needed=LEAST_PAIRS,
        )
        return Finding(Gate.Status.ERROR, "too_few", together(note, why), {"skipped": skipped})
    baseline, candidate = (_answers(done, side) for side in ("baseline", "candidate"))
    pairs = [(_mean(_of(case.baseline)), _mean(_of(case.candidate))) for case in done]
    differences = [after - before for before, after in pairs]
    low, high = interval(differences)
    found = checks(baseline, candidate)
    result = {
        "pairs": len(pairs),
        "wins": sum(one > 0 for one in differences),
        "ties": sum(one == 0 for one in differences),
        "losses": sum(one < 0 for one in differences),
        "baseline": fmean(before for before, _ in pairs),
        "candidate": fmean(after for _, after in pairs),
        "difference": fmean(differences),
        "low": low,
        "high": high,
        "p_better": chance(differences),
        "p_worse": chance([-one for one in differences]),
        "margin": margin,
        "skipped": skipped,
        "checks": [asdict(one) for one in found],
    }
    return Finding(*_decided(result, found, margin), result)


def _decided(result: dict[str, Any], found: Sequence[Check], margin: float) -> tuple[str, str, str]:
    told = ("candidate", "baseline", "pairs", "difference", "low", "high")
    numbers = say(
        "gate_numbers",
        "Mean reward {candidate:+.2f} against {baseline:+.2f} over {pairs} prompts:"
        " {difference:+.2f}, with 95 % certainty from {low:+.2f} to {high:+.2f}.",
        **{name: result[name] for name in told},
    )
    broken = next((one for one in found if one.is_broken), None)
    if broken is not None:
        what = say(
            f"gate_broken_{broken.code}",
            broken.title + ": {candidate:.3g}, before it was {baseline:.3g}.",
            candidate=broken.candidate,
            baseline=broken.baseline,
        )
        return Gate.Status.FAILED, f"degenerate_{broken.code}", together(what, numbers)
    if result["low"] > -margin:
        return Gate.Status.PASSED, "", numbers
    if result["high"] < -margin:
        return Gate.Status.FAILED, "worse", numbers
    doubt = say(
        "gate_in_doubt",
        "It may be worse by more than {margin:.2f}: more prompts, or a wider margin, would tell.",
        margin=margin,
    )
    return Gate.Status.FAILED, "in_doubt", together(numbers, doubt)


def _answers(cases: Sequence[GateCase], side: str) -> list[Figures]:
    return [one for case in cases for one in _of(getattr(case, side))]


def _of(stored: Sequence[dict[str, Any]]) -> list[Figures]:
    return [Figures(**one) for one in stored]


def _mean(side: Sequence[Figures]) -> float:
    return fmean(one.reward for one in side if one.reward is not None)
