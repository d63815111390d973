"""When the evolver is asked."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import directory, tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import LearningPaused
from apps.evolution.models import LearningPolicy
from apps.evolution.services.learning.policy import policy_locked
from apps.jobs.services import job_enqueue
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.trajectories import selectors as turns

EVOLVE_KIND = "evolution.learn"
Trigger = Literal["failure", "session_end", "turns", "success", "manual", "next_day"]

# The judge looks at a session's last turns when it is over: let it finish first.
_SESSION_WAIT = timedelta(seconds=30)
_LOOK_BACK = timedelta(days=7)


def evolution_request(*, tenant_id: UUID) -> None:
    """A turn failed. Failures that follow shortly are looked at together.

    Where the policy does not let a failure ask the evolver, they are sorted all the same, so
    that people see which patterns wait.
    """
    policy = selectors.learning_policy(tenant_id=tenant_id)
    if policy.on_failure and not policy.is_stopped:
        run_enqueue(tenant_id=tenant_id, trigger="failure")
    else:
        job_enqueue(
            tenant_id=tenant_id,
            kind=EVOLVE_KIND,
            payload={"only_sorts": True},
            queue="slow",
            run_after=now() + _pause(),
            dedupe_key="sort",
        )


def run_enqueue(*, tenant_id: UUID, trigger: Trigger, at: datetime | None = None) -> None:
    """Ask for one run, soon or at that time; a run that waits already is as good."""
    job_enqueue(
        tenant_id=tenant_id,
        kind=EVOLVE_KIND,
        payload={"trigger": trigger},
        queue="slow",
        run_after=at or now() + _pause(),
        # One that waits for tomorrow must not swallow what is asked for today's reasons.
        dedupe_key="tomorrow" if trigger == "next_day" else "tenant",
    )


def run_ask(*, tenant_id: UUID, actor: Actor) -> None:
    """A person asks for a run. Raises LearningPaused."""
    with tenant_tx(tenant_id):
        policy = selectors.learning_policy(tenant_id=tenant_id)
        if policy.is_paused:
            raise LearningPaused(say("learning_paused", "Learning is paused in this workspace."))
        if policy.is_stopped:
            english = "Learning is paused: judge and people differ too much."
            raise LearningPaused(say("learning_held", english))
        run_enqueue(tenant_id=tenant_id, trigger="manual", at=now())
        audit_record(tenant_id=tenant_id, actor=actor, action="learning.asked")


def triggers_sweep() -> int:
    """Look at the triggers that are not the failure of a turn; answers with how many asked."""
    with directory():
        watched = list(
            LearningPolicy.objects.across_tenants()
            .filter(
                Q(on_session_end=True)
                | Q(every_turns__isnull=False)
                | Q(success_below__isnull=False),
                is_paused=False,
                held_at__isnull=True,
            )
            .values_list("tenant_id", flat=True)
        )
    return sum(_look(tenant_id) for tenant_id in watched)


def _look(tenant_id: UUID) -> bool:
    with tenant_tx(tenant_id):
        policy = policy_locked(tenant_id)
        found: dict[Trigger, bool] = {
            "session_end": _is_session_due(policy),
            "turns": _are_turns_due(policy),
            "success": _is_success_low(policy),
        }
        asked = [trigger for trigger, is_due in found.items() if is_due]
        policy.save(update_fields=["sessions_seen_at", "turns_seen_at", "rate_seen_at"])
        for trigger in asked:
            wait = _SESSION_WAIT if trigger == "session_end" else _pause()
            run_enqueue(tenant_id=tenant_id, trigger=trigger, at=now() + wait)
        return bool(asked)


def _is_session_due(policy: LearningPolicy) -> bool:
    """A session ended since the last look."""
    since, policy.sessions_seen_at = policy.sessions_seen_at, now()
    if not policy.on_session_end or since is None:
        return False
    return turns.is_session_over(tenant_id=policy.tenant_id, since=since)


def _are_turns_due(policy: LearningPolicy) -> bool:
    """So many main turns came since the last time there were so many."""
    if policy.every_turns is None or policy.turns_seen_at is None:
        policy.turns_seen_at = now()
        return False
    count = turns.main_turns_count(
        tenant_id=policy.tenant_id, since=policy.turns_seen_at, most=policy.every_turns
    )
    if count < policy.every_turns:
        return False
    policy.turns_seen_at = now()
    return True


def _is_success_low(policy: LearningPolicy) -> bool:
    """Too few of the latest scored turns went well. Each turn is counted in one window only, so
    that a bad day does not ask again every few seconds."""
    if policy.success_below is None:
        return False
    since = policy.rate_seen_at or now() - _LOOK_BACK
    scores = turns.latest_scores(
        tenant_id=policy.tenant_id, since=since, limit=policy.success_window
    )
    if len(scores) < policy.success_window:
        return False
    if 100 * scores.count(1) >= policy.success_below * len(scores):
        return False
    policy.rate_seen_at = now()
    return True


def _pause() -> timedelta:
    return timedelta(seconds=settings.METACLAW_EVOLVE_WAIT_SECONDS)
