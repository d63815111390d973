"""Which cluster is asked about next, and by whom: of two workers never by both."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, F, Q, QuerySet

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import ClusterBusy
from apps.evolution.models import FailureCluster, LearningPolicy, Proposal
from apps.evolution.services.learning.policy import policy_locked
from apps.evolution.services.learning.triggers import run_enqueue
from apps.jobs.handlers import JobRun
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record
from apps.tenants.types import Actor

State = FailureCluster.State


def cluster_claim(run: JobRun, policy: LearningPolicy) -> FailureCluster | None:
    """The oldest cluster with enough sessions, marked as asked about by this job.

    A worker that took over the job goes on with the same one.
    """
    with run.effect():
        policy_locked(run.tenant_id)
        rows = FailureCluster.objects.for_tenant(run.tenant_id)
        mine = rows.filter(state=State.PROPOSING, job_id=run.job_id).first()
        found = mine or _ripe(run.tenant_id, policy).order_by("id").first()
        if found is None:
            return None
        rows.filter(id=found.id).update(
            state=State.PROPOSING, job_id=run.job_id, claimed_at=now(), updated_at=now()
        )
        _say(run.tenant_id, found.id, State.PROPOSING)
        return found


def is_more_ripe(tenant_id: UUID, policy: LearningPolicy) -> bool:
    return _ripe(tenant_id, policy).exists()


def cluster_release(run: JobRun, cluster: FailureCluster, reason: str) -> None:
    """Let it wait again: nobody could be asked."""
    with run.effect():
        cluster_end(cluster, State.WAITING, reason=reason)


def cluster_end(
    cluster: FailureCluster,
    state: FailureCluster.State,
    *,
    reason: str = "",
    tries: int | None = None,
    proposal: Proposal | None = None,
) -> None:
    """Note what came of asking, in the caller's transaction."""
    FailureCluster.objects.for_tenant(cluster.tenant_id).filter(id=cluster.id).update(
        state=state,
        reason=reason,
        tries=cluster.tries if tries is None else tries,
        proposal=proposal,
        job_id=None,
        claimed_at=None,
        updated_at=now(),
    )
    _say(cluster.tenant_id, cluster.id, state)


def cluster_retry(*, tenant_id: UUID, actor: Actor, cluster_id: UUID) -> FailureCluster:
    """Have failures that were given up, or that wait, asked about again: as if never tried.

    The policy's minimum of sessions holds all the same. Raises ClusterBusy.
    """
    with tenant_tx(tenant_id):
        rows = FailureCluster.objects.for_tenant(tenant_id).select_for_update()
        found = rows.filter(id=cluster_id).first()
        if found is None:
            return selectors.cluster_get(tenant_id=tenant_id, cluster_id=cluster_id)
        if found.state not in (State.DEAD, State.WAITING):
            english = "Failures can be tried again while they wait or are given up; these are not."
            raise ClusterBusy(say("failures_busy", english))
        cluster_end(found, State.WAITING, tries=0)
        audit_record(
            tenant_id=tenant_id, actor=actor, action="learning.retried", subject=str(cluster_id)
        )
        if not selectors.learning_policy(tenant_id=tenant_id).is_stopped:
            run_enqueue(tenant_id=tenant_id, trigger="manual", at=now())
        return selectors.cluster_get(tenant_id=tenant_id, cluster_id=cluster_id)


def _ripe(tenant_id: UUID, policy: LearningPolicy) -> "QuerySet[FailureCluster]":
    # Whoever claimed it so long ago was ended for it.
    given_up = now() - timedelta(seconds=settings.CELERY_TASK_TIME_LIMIT)
    return (
        FailureCluster.objects.for_tenant(tenant_id)
        .filter(Q(state=State.WAITING) | Q(state=State.PROPOSING, claimed_at__lt=given_up))
        .annotate(sessions=Count("members__session_id", distinct=True))
        .filter(sessions__gte=policy.min_sessions)
        .order_by(F("id"))
    )


def _say(tenant_id: UUID, cluster_id: UUID, state: str) -> None:
    publish_on_commit(tenant_id, Changed("evolution.run", str(cluster_id), state))
