from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber

from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.tenancy import directory, tenant_tx
from apps.evolution.models import (
    Canary,
    CanarySession,
    ClusteredTurn,
    Evidence,
    EvolutionRun,
    FailureCluster,
    LearningPolicy,
    Proposal,
    Replay,
    ReplayCase,
    Review,
    ReviewLease,
    ReviewPolicy,
)
from apps.trajectories import selectors as turns
from apps.trajectories.types import BriefTurn


def proposal_list(
    *, tenant_id: UUID, status: str = "", turn: UUID | None = None
) -> QuerySet[Proposal]:
    """Proposals with the size of their evidence."""
    proposals = (
        Proposal.objects.for_tenant(tenant_id)
        .defer("text", "model_findings")
        .select_related("base_version")
        .annotate(
            evidence_count=Count("evidence", distinct=True),
            session_count=Count("evidence__session_id", distinct=True),
        )
    )
    if status:
        proposals = proposals.filter(status=status)
    if turn:
        about = Evidence.objects.for_tenant(tenant_id).filter(turn_id=turn)
        proposals = proposals.filter(id__in=about.values("proposal_id"))
    return proposals


def proposal_get(*, tenant_id: UUID, proposal_id: UUID) -> Proposal:
    found = (
        proposal_list(tenant_id=tenant_id)
        .defer(None)
        .prefetch_related("reviews")
        .filter(id=proposal_id)
        .first()
    )
    if found is None:
        raise NotFound
    return found


def policy_get(*, tenant_id: UUID) -> ReviewPolicy:
    """What it takes to approve here; the defaults where nobody set anything."""
    found = ReviewPolicy.objects.for_tenant(tenant_id).first()
    return found or ReviewPolicy(tenant_id=tenant_id)


def lease_find(*, tenant_id: UUID, proposal_id: UUID) -> ReviewLease | None:
    """Who reads the proposal right now."""
    rows = ReviewLease.objects.for_tenant(tenant_id).filter(proposal_id=proposal_id)
    return rows.filter(expires_at__gt=now()).first()


def proof_find(*, tenant_id: UUID, proposal_id: UUID, sha256: str) -> Replay | None:
    """The latest replay of exactly this text that was finished."""
    rows = Replay.objects.for_tenant(tenant_id).filter(
        proposal_id=proposal_id, sha256=sha256, status=Replay.Status.DONE
    )
    return rows.order_by("-id").first()


def evidence_ids(*, tenant_id: UUID, proposal_id: UUID) -> list[UUID]:
    rows = Evidence.objects.for_tenant(tenant_id).filter(proposal_id=proposal_id)
    return list(rows.values_list("turn_id", flat=True))


def pending_count(*, tenant_id: UUID) -> int:
    return Proposal.objects.for_tenant(tenant_id).filter(status=Proposal.Status.PENDING).count()


def oldest_pending(*, tenant_id: UUID) -> Proposal | None:
    pending = Proposal.objects.for_tenant(tenant_id).filter(status=Proposal.Status.PENDING)
    return pending.order_by("id").first()


def taught_by(*, tenant_id: UUID, turn_id: UUID) -> list[Proposal]:
    """The proposals that have this turn among their evidence, the oldest first."""
    about = Evidence.objects.for_tenant(tenant_id).filter(turn_id=turn_id)
    rows = Proposal.objects.for_tenant(tenant_id).filter(id__in=about.values("proposal_id"))
    return list(rows.only("id", "tenant", "slug", "run").order_by("id"))


def rejections(*, tenant_id: UUID, limit: int) -> list[dict[str, str]]:
    """The latest rejections with their reasons, for the evolver."""
    rows = (
        Review.objects.for_tenant(tenant_id)
        .filter(decision=Review.Decision.REJECTED)
        .select_related("proposal")
        .order_by("-id")[:limit]
    )
    return [
        {"slug": row.proposal.slug, "reason": row.reason, "comment": row.comment} for row in rows
    ]


def turns_shown(*, tenant_id: UUID, run_id: UUID | None) -> list[UUID]:
    """What the evolver read before it wrote; nothing if it was not the evolver."""
    if run_id is None:
        return []
    rows = EvolutionRun.objects.for_tenant(tenant_id).filter(id=run_id)
    return rows.values_list("shown_turn_ids", flat=True).first() or []


def replay_list(
    *,
    tenant_id: UUID,
    status: str = "",
    verdict: str = "",
    skill: str = "",
    proposal_id: UUID | None = None,
    turn: UUID | None = None,
) -> QuerySet[Replay]:
    """Replays with what they are about and how far they are."""
    rows = (
        Replay.objects.for_tenant(tenant_id)
        .select_related("proposal", "skill_version__skill")
        .annotate(
            case_count=Count("cases"),
            done_count=Count("cases", filter=~Q(cases__status=ReplayCase.Status.WAITING)),
        )
    )
    wanted = {"status": status, "verdict": verdict, "proposal_id": proposal_id, "turn_id": turn}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if skill:
        rows = rows.filter(Q(proposal__slug=skill) | Q(skill_version__skill__slug=skill))
    return rows


def replay_get(*, tenant_id: UUID, replay_id: UUID) -> Replay:
    rows = replay_list(tenant_id=tenant_id).prefetch_related("cases")
    found = rows.filter(id=replay_id).first()
    if found is None:
        raise NotFound
    return found


def replays_running() -> list[tuple[UUID, UUID]]:
    """Workspace and id of every replay that is not over."""
    with directory():
        rows = Replay.objects.across_tenants().filter(status=Replay.Status.RUNNING)
        return list(rows.order_by("id").values_list("tenant_id", "id"))


def cases_waiting(*, tenant_id: UUID, replay_id: UUID) -> list[ReplayCase]:
    with tenant_tx(tenant_id):
        rows = ReplayCase.objects.for_tenant(tenant_id).filter(
            replay_id=replay_id, status=ReplayCase.Status.WAITING
        )
        return list(rows.order_by("id"))


def canary_list(*, tenant_id: UUID, status: str = "", slug: str = "") -> QuerySet[Canary]:
    """Canaries with how many sessions count for them."""
    rows = Canary.objects.for_tenant(tenant_id).annotate(
        sessions_seen=Count("sessions"),
        sessions_settled=Count("sessions", filter=Q(sessions__settled_at__isnull=False)),
    )
    if status:
        rows = rows.filter(status=status)
    if slug:
        rows = rows.filter(slug=slug)
    return rows


def canary_get(*, tenant_id: UUID, canary_id: UUID) -> Canary:
    found = canary_list(tenant_id=tenant_id).filter(id=canary_id).first()
    if found is None:
        raise NotFound
    return found


def learning_policy(*, tenant_id: UUID) -> LearningPolicy:
    """The workspace's rules for learning; the defaults where nobody set any."""
    found = LearningPolicy.objects.for_tenant(tenant_id).first()
    return found or LearningPolicy(tenant_id=tenant_id)


def cluster_list(*, tenant_id: UUID, state: str = "") -> QuerySet[FailureCluster]:
    """Failures by pattern, with their number and that of their sessions."""
    rows = (
        FailureCluster.objects.for_tenant(tenant_id)
        .select_related("proposal")
        .annotate(
            size=Count("members", distinct=True),
            sessions=Count("members__session_id", distinct=True),
        )
    )
    return rows.filter(state=state) if state else rows


def cluster_get(*, tenant_id: UUID, cluster_id: UUID) -> FailureCluster:
    found = cluster_list(tenant_id=tenant_id).filter(id=cluster_id).first()
    if found is None:
        raise NotFound
    return found


def canary_sessions(*, canary: Canary) -> list[CanarySession]:
    """Those that are settled, in the order in which they were."""
    rows = CanarySession.objects.for_tenant(canary.tenant_id).filter(
        canary=canary, settled_at__isnull=False
    )
    return list(rows.order_by("settled_at", "id"))


def canaries_running(*, demos: Collection[UUID] | None = None) -> list[tuple[UUID, UUID]]:
    """Workspace and id of every canary that is not over: outside of demos, or in these."""
    whose = Q(tenant__is_demo=False) if demos is None else Q(tenant_id__in=demos)
    with directory():
        rows = Canary.objects.across_tenants().filter(whose, status=Canary.Status.RUNNING)
        return list(rows.order_by("id").values_list("tenant_id", "id"))


def cluster_turns(*, tenant_id: UUID, cluster_id: UUID, limit: int = 200) -> list[UUID]:
    """The turns of a cluster, the oldest first."""
    rows = ClusteredTurn.objects.for_tenant(tenant_id).filter(cluster_id=cluster_id)
    return list(rows.order_by("turn_id").values_list("turn_id", flat=True)[:limit])


def cluster_samples(
    *, tenant_id: UUID, cluster_ids: Sequence[UUID], each: int
) -> dict[UUID, list[BriefTurn]]:
    """Some turns of every cluster, the latest of it."""
    rows = ClusteredTurn.objects.for_tenant(tenant_id).filter(cluster_id__in=cluster_ids)
    latest = rows.annotate(
        place=Window(RowNumber(), partition_by=[F("cluster_id")], order_by=F("turn_id").desc())
    ).filter(place__lte=each)
    where = dict(latest.values_list("turn_id", "cluster_id"))
    found: dict[UUID, list[BriefTurn]] = {}
    for turn in turns.turns_brief(tenant_id=tenant_id, turn_ids=where):
        found.setdefault(where[turn.turn_id], []).append(turn)
    return found


def clustered_ids(*, tenant_id: UUID) -> set[UUID]:
    """The turns that are in a cluster."""
    rows = ClusteredTurn.objects.for_tenant(tenant_id)
    return set(rows.values_list("turn_id", flat=True))


def run_list(
    *, tenant_id: UUID, outcome: str = "", cluster_id: UUID | None = None
) -> QuerySet[EvolutionRun]:
    """Runs of the evolver, with what the failures they were about led to."""
    rows = EvolutionRun.objects.for_tenant(tenant_id).select_related("cluster__proposal")
    if cluster_id:
        rows = rows.filter(cluster_id=cluster_id)
    return rows.filter(outcome=outcome) if outcome else rows


def run_get(*, tenant_id: UUID, run_id: UUID) -> EvolutionRun:
    found = run_list(tenant_id=tenant_id).filter(id=run_id).first()
    if found is None:
        raise NotFound
    return found


def origin_of(proposal: Proposal) -> str:
    """Where a proposal's text comes from, as the version that it becomes says."""
    behind = "learned from failing turns" if proposal.run_id else proposal.author_model
    return f"{behind}, proposal {proposal.id}"
