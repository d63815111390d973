"""What the outcomes of an arm come to, and whether the aims are met."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bench.learning.agent import Outcome
from bench.learning.arms import ArmResult

MOST_INJECTED = 3_000
LEAST_OF_NOTEBOOK = 0.95
# Points of a hundred.
MOST_BANK_DIFFERENCE = 2.0


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares are 0 to 1. Tasks for which no rule is due count for nothing but tokens.

    ``accuracy``: rules kept of rules due; ``completion``: tasks with every due rule kept;
    ``exact``: tasks that also hold exactly the text asked for."""

    accuracy: float
    completion: float
    exact: float
    requests: int
    input_tokens: int
    output_tokens: int
    cached_share: float


@dataclass(frozen=True, slots=True)
class Aim:
    name: str
    measured: str
    is_met: bool


def of(outcomes: Sequence[Outcome]) -> Figures:
    counted = [one for one in outcomes if one.task.due]
    due = sum(len(one.task.due) for one in counted)
    broken = sum(len(one.broken) for one in counted)
    tokens = sum(one.input_tokens for one in outcomes)
    return Figures(
        accuracy=_share(due - broken, due),
        completion=_share(sum(not one.broken for one in counted), len(counted)),
        exact=_share(sum(one.is_exact and not one.broken for one in counted), len(counted)),
        requests=sum(one.requests for one in outcomes),
        input_tokens=tokens,
        output_tokens=sum(one.output_tokens for one in outcomes),
        cached_share=_share(sum(one.cached_tokens for one in outcomes), tokens),
    )


def by_day(outcomes: Sequence[Outcome]) -> dict[str, Figures]:
    days = dict.fromkeys(one.task.day for one in outcomes)
    return {day: of([one for one in outcomes if one.task.day == day]) for day in days}


def aims(results: Sequence[ArmResult], *, is_simulated: bool) -> list[Aim]:
    """The aims whose arms were played. Arms that must equal each other do so task by task on the
    practice model; a real model is never quite the same, so there it is within 2 points."""
    found = {one.arm.name: one for one in results}
    done = {name: of(one.outcomes).completion for name, one in found.items()}
    checked: list[Aim] = []
    for name in ("learn", "learn-bank"):
        if name not in found:
            continue
        if "notebook" in found:
            share = done[name] / done["notebook"] if done["notebook"] else 0.0
            checked.append(
                Aim(
                    f"{name}: ≥ {LEAST_OF_NOTEBOOK} of the notebook's completion",
                    f"{share:.3f}",
                    share >= LEAST_OF_NOTEBOOK,
                )
            )
        most = found[name].injected_characters
        checked.append(
            Aim(
                f"{name}: at most {MOST_INJECTED:,} characters injected into a request",
                f"{most:,}",
                0 < most <= MOST_INJECTED,
            )
        )
    checked += [
        _equal(found[name], found["observe"], is_simulated=is_simulated)
        for name in ("rejected", "second-tenant")
        if name in found and "observe" in found
    ]
    for name in ("observe", "learn"):
        if name in found and f"{name}-bank" in found:
            points = 100 * abs(done[name] - done[f"{name}-bank"])
            checked.append(
                Aim(
                    f"{name}: empty library and bank within {MOST_BANK_DIFFERENCE:.0f} points",
                    f"{points:.1f} points",
                    points <= MOST_BANK_DIFFERENCE,
                )
            )
    return checked


def as_json(results: Sequence[ArmResult], checked: Sequence[Aim], **head: Any) -> dict[str, Any]:
    return {
        **head,
        "aims": [asdict(aim) for aim in checked],
        "arms": {
            one.arm.name: {
                "all": _rounded(of(one.outcomes)),
                "days": {day: _rounded(each) for day, each in by_day(one.outcomes).items()},
                "injected_characters": one.injected_characters,
                "decisions": one.decisions,
                "seconds_to_decision": [round(each, 1) for each in one.waits],
                "broken": {each.task.id: each.broken for each in one.outcomes if each.broken},
            }
            for one in results
        },
    }


def _equal(one: ArmResult, other: ArmResult, *, is_simulated: bool) -> Aim:
    name = f"{one.arm.name} equals {other.arm.name}"
    pairs = zip(one.outcomes, other.outcomes, strict=True)
    differing = sum(mine.broken != theirs.broken for mine, theirs in pairs)
    points = 100 * abs(of(one.outcomes).completion - of(other.outcomes).completion)
    if one.arm.decides and not one.decisions:
        return Aim(name, "nothing was proposed, so nothing was rejected", is_met=False)
    is_met = not differing if is_simulated else points <= MOST_BANK_DIFFERENCE
    return Aim(name, f"{differing} tasks differ, {points:.1f} points", is_met)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _rounded(figures: Figures) -> dict[str, Any]:
    return {name: round(value, 4) for name, value in asdict(figures).items()}
