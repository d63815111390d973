"""Scoring a turn and what follows from it: this app knows turns, skills and learning."""

from collections.abc import Sequence
from uuid import UUID

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution.services.annotation.brake import judge_seen
from apps.evolution.services.annotation.sampling import item_said_elsewhere, item_sample
from apps.evolution.services.learning import evolution_request
from apps.integrations.llm.client import ChatModel
from apps.jobs.handlers import JobRun
from apps.skills import services as skills
from apps.tenants.types import Actor
from apps.trajectories import selectors as turns
from apps.trajectories import services as trajectories
from apps.trajectories.errors import TurnNotFound
from apps.trajectories.services.judging import verdict_get, verdict_priced
from apps.trajectories.types import GivenScore, RatedTurn


def turn_score(
    *, run: JobRun, turn_id: UUID, model: ChatModel, is_simulated: bool, is_free: bool = False
) -> None:
    """Have a turn judged; a failing one asks for evolution in the same transaction.

    ``is_free``: the judge's provider is paid by nobody.
    """
    version = trajectories.PROMPT_VERSION
    with tenant_tx(run.tenant_id):
        if turns.is_judged(tenant_id=run.tenant_id, turn_id=turn_id, prompt_version=version):
            return
        turn = turns.judge_input(tenant_id=run.tenant_id, turn_id=turn_id)
    verdict = verdict_get(model=model, turn=turn, is_simulated=is_simulated)
    with run.effect():
        priced = verdict_priced(tenant_id=run.tenant_id, verdict=verdict, is_free=is_free)
        score = trajectories.score_of(turn_id, priced)
        taken = trajectories.scores_put(tenant_id=run.tenant_id, scores=[score])
        if taken.rated:
            item_sample(tenant_id=run.tenant_id, turn_id=turn_id, verdict=verdict)
            judge_seen(tenant_id=run.tenant_id)
        _follow(run.tenant_id, taken.rated)


def feedback_give(
    *, tenant_id: UUID, actor: Actor, turn_id: UUID, value: float, comment: str
) -> None:
    """Say how useful an answer was; saying it again replaces it. Raises TurnNotFound."""
    score = trajectories.feedback_of(
        turn_id=turn_id, value=value, comment=comment, by=actor, at=now()
    )
    _give(tenant_id, score)


def verdict_give(
    *,
    tenant_id: UUID,
    actor: Actor,
    turn_id: UUID,
    value: int,
    comment: str,
    correction: str = "",
) -> None:
    """A reviewer's word on a turn, which stands above all else; ``correction`` is what they
    would have answered. Raises TurnNotFound."""
    score = trajectories.human_verdict(
        turn_id=turn_id, value=value, comment=comment, by=actor, at=now(), correction=correction
    )
    with tenant_tx(tenant_id):
        _give(tenant_id, score)
        item_said_elsewhere(tenant_id=tenant_id, turn_id=turn_id)


def score_take_back(*, tenant_id: UUID, actor: Actor, turn_id: UUID, kind: str) -> None:
    """Take back what the caller said of a turn, if anything. Raises TurnNotFound."""
    with tenant_tx(tenant_id):
        rated = trajectories.score_remove(
            tenant_id=tenant_id, turn_id=turn_id, kind=kind, author_id=actor.id
        )
        _follow(tenant_id, rated)


def scores_take(*, run: JobRun) -> None:
    """Store what was said of turns, and do what follows, as the job says.

    Feedback may come before its turn: then it is tried again later, for a day.
    """
    scores, tries = trajectories.scores_wanted(run.payload)
    with run.effect():
        taken = trajectories.scores_put(tenant_id=run.tenant_id, scores=scores)
        _follow(run.tenant_id, taken.rated)
        trajectories.scores_wait(
            tenant_id=run.tenant_id, scores=taken.unknown, tries=tries + 1, after=run.job_id
        )


def _give(tenant_id: UUID, score: GivenScore) -> None:
    with tenant_tx(tenant_id):
        taken = trajectories.scores_put(tenant_id=tenant_id, scores=[score])
        if taken.unknown:
            raise TurnNotFound
        _follow(tenant_id, taken.rated)


def _follow(tenant_id: UUID, rated: Sequence[RatedTurn]) -> None:
    """Count anew for the skills of these turns; failing ones ask for evolution.

    Not of turns that were played to train a policy: they say nothing of anybody's work.
    """
    rated = [turn for turn in rated if not turn.is_rollout]
    for turn in rated:
        if turn.before != turn.after:
            skills.skills_scored(
                tenant_id=tenant_id,
                version_ids=turn.version_ids,
                at=turn.at,
                value=turn.after,
                before=turn.before,
            )
    # Also where it failed before: there is more to learn it from now.
    if any(turn.after == -1 for turn in rated):
        evolution_request(tenant_id=tenant_id)
