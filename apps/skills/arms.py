"""Versions on trial: which of two versions of a skill a session gets, and whether it matters.

A session is in the same arm of a trial for as long as the trial lasts, in every process. It
counts for the trial from the first request on to which the skill fits, in whichever version,
and whichever it got: only so do the two arms hold sessions of the same kind.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from apps.skills.types import CONTROL, ON_TRIAL, Trial

TREATMENT = "treatment"


@dataclass(frozen=True, slots=True)
class Arm:
    """Where a session stands in a trial."""

    trial: Trial
    is_treated: bool
    takes_part: bool

    def withheld(self) -> dict[str, str]:
        """The version this session does not get, and why; as the record of the turn says it."""
        if not self.is_treated:
            return {str(self.trial.skill.version_id): CONTROL}
        return {str(self.trial.instead_of): ON_TRIAL} if self.trial.instead_of else {}

    def other(self) -> "Arm":
        return Arm(self.trial, not self.is_treated, self.takes_part)


def arms_of(trials: Sequence[Trial], session_id: UUID, carried: set[str]) -> list[Arm]:
    """The arms of a session that carries these versions already.

    One that carried the live version before the trial began goes on with it: its prompt only
    grows (P8).
    """
    arms = []
    for trial in trials:
        is_older = str(trial.instead_of) in carried and str(trial.skill.version_id) not in carried
        arms.append(Arm(trial, not is_older and trial.treats(session_id), not is_older))
    return arms


def withheld_from(arms: Sequence[Arm], barred: Mapping[str, str]) -> Mapping[str, str]:
    """What is not for a turn, with what its session does not get."""
    found = dict(barred)
    for arm in arms:
        for version, reason in arm.withheld().items():
            found.setdefault(version, reason)
    return found


def taking_part(
    arms: Sequence[Arm], slugs: set[str], choose_as: Callable[[Sequence[Arm]], set[str]]
) -> list[tuple[str, str]]:
    """The trials this request counts for, and the arm; ``slugs`` is what was chosen for it.

    ``choose_as`` says what would have been chosen in other arms.
    """
    found = []
    for arm in arms:
        if not arm.takes_part:
            continue
        fits = arm.trial.skill.slug in slugs
        if not fits:
            others = [one.other() if one is arm else one for one in arms]
            fits = arm.trial.skill.slug in choose_as(others)
        if fits:
            found.append((arm.trial.id.hex, TREATMENT if arm.is_treated else CONTROL))
    return found
