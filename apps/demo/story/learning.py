"""What people and the evolver do in the story, through the services that do it elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.conf import settings

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.demo.story.model import PracticeModel
from apps.demo.story.setting import COLLEAGUE, REVIEWER
from apps.demo.story.stage import Stage
from apps.evolution import selectors
from apps.evolution.services import (
    REPLAY_KIND,
    canary_look,
    evolution_run,
    item_answer,
    item_next,
    proposal_approve,
    proposal_quarantine,
    proposal_reject,
    replay_run,
    replay_start,
    skill_kill,
)
from apps.evolution.types import Reviewer
from apps.jobs.services import job_enqueue, jobs_withdraw
from apps.trajectories.selectors import judge_said

# So many patterns may be before the one that is wanted.
_TRIES = 4
_MIRA = Reviewer(REVIEWER)
_ANSWERED_AT_ONCE = 5
# From every day of the story, later than today.
_CARED_FOR = timedelta(days=30)

Act = Callable[[Stage], None]


def propose(slug: str) -> Act:
    """The evolver is asked until there is a proposal for it."""

    def act(stage: Stage) -> None:
        for _ in range(_TRIES):
            if _proposal(stage, slug) is not None:
                return
            evolution_run(
                run=stage.job(trigger="manual"),
                model=PracticeModel(),
                is_simulated=True,
                # The story says what is proposed when.
                goes_on=False,
            )

    return act


def sort(stage: Stage) -> None:
    """The failures of the day are put with those that are like them; nobody is asked yet."""
    evolution_run(run=stage.job(only_sorts=True), model=PracticeModel(), is_simulated=True)


def approve(slug: str, *, is_canary: bool = False) -> Act:
    def act(stage: Stage) -> None:
        found = _proposal(stage, slug)
        if found is None:
            return
        proposal_approve(
            tenant_id=stage.tenant_id,
            reviewer=_MIRA,
            proposal_id=found.id,
            sha256=found.sha256,
            to="canary" if is_canary else "all",
        )
        stage.changed()

    return act


def reject(slug: str, reason: str, comment: str) -> Act:
    return _turned_down(proposal_reject, slug, reason, comment)


def quarantine(slug: str, reason: str, comment: str) -> Act:
    return _turned_down(proposal_quarantine, slug, reason, comment)


def _turned_down(deed: Callable[..., object], slug: str, reason: str, comment: str) -> Act:
    def act(stage: Stage) -> None:
        found = _proposal(stage, slug)
        if found is not None:
            deed(
                tenant_id=stage.tenant_id,
                reviewer=_MIRA,
                proposal_id=found.id,
                reason=reason,
                comment=comment,
            )

    return act


def replay(slug: str) -> Act:
    """Try it on recorded turns. That asks the practice model itself: where it runs."""

    def act(stage: Stage) -> None:
        found = _proposal(stage, slug)
        if found is None or not settings.METACLAW_PRACTICE_URL:
            return
        replay_id = _replay_of(stage, found.id)
        replay_run(run=stage.job(), replay_id=replay_id, judge=PracticeModel(), is_simulated=True)
        jobs_withdraw(tenant_id=stage.tenant_id, kind=REPLAY_KIND, dedupe_keys=[str(replay_id)])

    return act


def _replay_of(stage: Stage, proposal_id: UUID) -> UUID:
    """The one that is under way, where the day was left in the middle of it, or a new one."""
    tenant_id = stage.tenant_id
    with tenant_tx(tenant_id):
        rows = selectors.replay_list(tenant_id=tenant_id, proposal_id=proposal_id, status="running")
        found = rows.first() or replay_start(
            tenant_id=tenant_id, actor=REVIEWER, proposal_id=proposal_id
        )
        # It is done here, and at the time of the story. With a job to come it counts as cared for.
        jobs_withdraw(tenant_id=tenant_id, kind=REPLAY_KIND, dedupe_keys=[str(found.id)])
        job_enqueue(
            tenant_id=tenant_id,
            kind=REPLAY_KIND,
            payload={"replay_id": str(found.id)},
            queue="slow",
            run_after=now() + _CARED_FOR,
            dedupe_key=str(found.id),
        )
        return found.id


def kill(slug: str, reason: str) -> Act:
    def act(stage: Stage) -> None:
        skill_kill(tenant_id=stage.tenant_id, actor=COLLEAGUE, slug=slug, reason=reason)
        stage.changed()

    return act


def annotate(stage: Stage) -> None:
    """Somebody works through a part of the queue, and mostly finds what the judge found."""
    for _ in range(_ANSWERED_AT_ONCE):
        item = item_next(tenant_id=stage.tenant_id, actor=COLLEAGUE)
        if item is None:
            return
        value = _found(stage, item.turn_id)
        item_answer(
            tenant_id=stage.tenant_id,
            actor=COLLEAGUE,
            item_id=item.id,
            value=value,
            comment="As our house rules have it." if value > 0 else "",
        )


def _found(stage: Stage, turn_id: UUID) -> int:
    with tenant_tx(stage.tenant_id):
        said = judge_said(tenant_id=stage.tenant_id, turn_id=turn_id)
    judged = said.value if said else 0
    return judged if stage.dice("annotation", turn_id).random() < 0.85 else -1 if judged >= 0 else 1


def canaries_look(stage: Stage) -> None:
    with tenant_tx(stage.tenant_id):
        running = list(selectors.canary_list(tenant_id=stage.tenant_id, status="running"))
    for canary in running:
        canary_look(run=stage.job(), canary_id=canary.id)
    if running:
        stage.changed()


@dataclass(frozen=True, slots=True)
class _Waiting:
    id: UUID
    sha256: str


def _proposal(stage: Stage, slug: str) -> _Waiting | None:
    with tenant_tx(stage.tenant_id):
        rows = selectors.proposal_list(tenant_id=stage.tenant_id, status="pending")
        return next((_Waiting(row.id, row.sha256) for row in rows if row.slug == slug), None)
