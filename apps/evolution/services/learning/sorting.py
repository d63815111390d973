"""Which failure belongs to which pattern, as it is stored."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from uuid import UUID

from apps.core.clock import now
from apps.core.errors import UpstreamFailed
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.models import ClusteredTurn, FailureCluster, LearningPolicy
from apps.evolution.services.learning.clustering import clusters, likenesses
from apps.evolution.services.learning.policy import policy_locked
from apps.evolution.services.learning.similarity import Failure, failure_of, joined, texts_of
from apps.integrations.embeddings.client import embed, is_configured
from apps.jobs.handlers import JobRun
from apps.live.events import Changed, publish_on_commit
from apps.skills.selectors import vector_model
from apps.trajectories import selectors as turns
from apps.trajectories.types import BriefTurn

LOOK_BACK = timedelta(days=7)
# How often a turn is shown to an evolver that makes nothing of it.
SHOWN_TWICE = 2
_NEW_AT_ONCE = 200
_EMBEDDED_AT_ONCE = 32
# Of a large pattern the latest are enough to know it by.
_KNOWN_BY = 30
_KEPT = timedelta(days=30)
_OPEN = (FailureCluster.State.WAITING, FailureCluster.State.DEAD)

Vectors = dict[UUID, tuple[float, ...]]


def failures_sort(run: JobRun) -> None:
    """Put every new failure with those that are like it; forget what is too old.

    Makes network calls where there is an embedder: no transaction may be open.
    """
    with tenant_tx(run.tenant_id):
        policy = selectors.learning_policy(tenant_id=run.tenant_id)
        fresh = _unsorted(run.tenant_id, policy)
    vectors = _vectors(fresh)
    with run.effect():
        policy_locked(run.tenant_id)
        _forget(run.tenant_id)
        sorted_by_now = selectors.clustered_ids(tenant_id=run.tenant_id)
        fresh = [turn for turn in fresh if turn.turn_id not in sorted_by_now]
        if fresh:
            _place(run.tenant_id, fresh, vectors, policy)
            publish_on_commit(run.tenant_id, Changed("evolution.run", "", "sorted"))


def _unsorted(tenant_id: UUID, policy: LearningPolicy) -> list[BriefTurn]:
    is_summary = policy.evidence == LearningPolicy.EvidenceMode.SUMMARIZE
    find = turns.sessions_ended if is_summary else turns.failures_open
    return find(
        tenant_id=tenant_id,
        since=now() - LOOK_BACK,
        attempts_below=SHOWN_TWICE,
        without=selectors.clustered_ids(tenant_id=tenant_id),
        limit=_NEW_AT_ONCE,
        with_corrected=not policy.spares_corrected,
    )


def _vectors(fresh: Sequence[BriefTurn]) -> Vectors:
    """Without an embedder, or while it is away, failures are compared by their words."""
    if not is_configured():
        return {}
    found: Vectors = {}
    try:
        for start in range(0, len(fresh), _EMBEDDED_AT_ONCE):
            some = fresh[start : start + _EMBEDDED_AT_ONCE]
            made = iter(embed([text for turn in some for text in texts_of(turn)]))
            found |= {turn.turn_id: joined(next(made), next(made)) for turn in some}
    except UpstreamFailed:
        return found
    return found


def _place(
    tenant_id: UUID, fresh: Sequence[BriefTurn], vectors: Vectors, policy: LearningPolicy
) -> None:
    open_clusters = list(
        FailureCluster.objects.for_tenant(tenant_id).filter(state__in=_OPEN).order_by("id")
    )
    known = _known(tenant_id, [cluster.id for cluster in open_clusters], policy)
    # One whose turns are all gone has nothing to be compared with.
    open_clusters = [cluster for cluster in open_clusters if known.get(cluster.id)]
    failures: list[Failure] = []
    given: list[list[int]] = []
    for cluster in open_clusters:
        members = known[cluster.id]
        given.append(list(range(len(failures), len(failures) + len(members))))
        failures += members
    first_new = len(failures)
    failures += [failure_of(turn, vectors.get(turn.turn_id)) for turn in fresh]
    dead = [
        place
        for place, cluster in enumerate(open_clusters)
        if cluster.state == FailureCluster.State.DEAD
    ]
    found = clusters(likenesses(failures), given, apart=dead)
    for group in found:
        _store(
            tenant_id,
            into=[c for c, own in zip(open_clusters, given, strict=True) if own[0] in group],
            new=[failures[index] for index in group if index >= first_new],
        )


def _known(
    tenant_id: UUID, cluster_ids: Sequence[UUID], policy: LearningPolicy
) -> dict[UUID, list[Failure]]:
    """What the open clusters hold, the latest of each."""
    rows: dict[UUID, list[ClusteredTurn]] = {}
    members = ClusteredTurn.objects.for_tenant(tenant_id).filter(cluster_id__in=cluster_ids)
    for member in members.order_by("-turn_id"):
        kept = rows.setdefault(member.cluster_id, [])
        if len(kept) < _KNOWN_BY:
            kept.append(member)
    wanted = [member.turn_id for kept in rows.values() for member in kept]
    is_summary = policy.evidence == LearningPolicy.EvidenceMode.SUMMARIZE
    brief = {
        turn.turn_id: turn
        for turn in turns.turns_brief(
            tenant_id=tenant_id, turn_ids=wanted, whole_sessions=is_summary
        )
    }
    return {
        cluster_id: [
            failure_of(brief[member.turn_id], _vector_of(member))
            for member in reversed(kept)
            if member.turn_id in brief
        ]
        for cluster_id, kept in rows.items()
    }


def _vector_of(member: ClusteredTurn) -> tuple[float, ...] | None:
    if member.vector is None or member.vector_model != vector_model():
        return None
    return tuple(float(x) for x in member.vector)


def _store(tenant_id: UUID, *, into: Sequence[FailureCluster], new: Iterable[Failure]) -> None:
    """A group of failures as one cluster: the oldest of those it was, or a new one."""
    if into:
        cluster, *others = into
        ids = [other.id for other in others]
        members = ClusteredTurn.objects.for_tenant(tenant_id)
        members.filter(cluster_id__in=ids).update(cluster=cluster)
        FailureCluster.objects.for_tenant(tenant_id).filter(id__in=ids).delete()
    else:
        cluster = FailureCluster.objects.create(id=uuid7(), tenant_id=tenant_id)
    ClusteredTurn.objects.bulk_create(
        [
            ClusteredTurn(
                tenant_id=tenant_id,
                cluster=cluster,
                turn_id=failure.turn_id,
                session_id=failure.session_id,
                vector=list(failure.vector) if failure.vector else None,
                vector_model=vector_model() if failure.vector else "",
            )
            for failure in new
        ]
    )


def _forget(tenant_id: UUID) -> None:
    """Failures of last week that never became a pattern, and what was decided long ago."""
    rows = FailureCluster.objects.for_tenant(tenant_id)
    members = ClusteredTurn.objects.for_tenant(tenant_id)
    waiting = rows.filter(state=FailureCluster.State.WAITING)
    members.filter(cluster_id__in=waiting.values("id"), created_at__lt=now() - LOOK_BACK).delete()
    waiting.exclude(id__in=members.values("cluster_id")).delete()
    rows.exclude(state=FailureCluster.State.PROPOSING).filter(updated_at__lt=now() - _KEPT).delete()
