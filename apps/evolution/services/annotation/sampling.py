"""Which judged turns people are asked about. The rule is in docs/mechanisms/annotation.md."""

import hashlib
from uuid import UUID

from apps.evolution import annotated
from apps.evolution.models import AnnotationItem, AnnotationPolicy
from apps.live.events import Changed, publish_on_commit
from apps.trajectories import selectors as turns
from apps.trajectories.types import Verdict

State, Stratum = AnnotationItem.State, AnnotationItem.Stratum
# Those of the same rank in the order in which they came.
RANKS = dict.fromkeys(Stratum, 2) | {Stratum.HAND: 0, Stratum.SPLIT: 1}
_OF_VALUE = {-1: Stratum.FAILED, 0: Stratum.NEUTRAL, 1: Stratum.PASSED}


def item_sample(*, tenant_id: UUID, turn_id: UUID, verdict: Verdict) -> bool:
    """Have people look at a turn that was just judged, if it is one of those they are asked about.

    In the caller's transaction. Twice changes nothing.
    """
    policy = annotated.policy_get(tenant_id=tenant_id)
    stratum = stratum_of(verdict)
    share = share_of(policy, stratum)
    if _draw(turn_id) >= share or _is_full(tenant_id, policy):
        return False
    if turns.has_human_verdict(tenant_id=tenant_id, turn_id=turn_id):
        return False
    item = AnnotationItem(
        tenant_id=tenant_id,
        turn_id=turn_id,
        stratum=stratum,
        rank=RANKS[stratum],
        share=share,
        judge_value=verdict.value,
        judge_model=verdict.judge_model,
        prompt_version=verdict.prompt_version,
    )
    AnnotationItem.objects.bulk_create([item], ignore_conflicts=True)
    announce(tenant_id, item.id, "waiting")
    return True


def item_said_elsewhere(*, tenant_id: UUID, turn_id: UUID) -> None:
    """A person who saw what the judge said judged the turn: nobody is asked any more."""
    rows = AnnotationItem.objects.for_tenant(tenant_id).filter(turn_id=turn_id)
    if rows.filter(state=State.WAITING).update(state=State.DROPPED):
        announce(tenant_id, turn_id, "dropped")


def stratum_of(verdict: Verdict) -> AnnotationItem.Stratum:
    """A vote that differs, or that nobody understood, makes it split."""
    if any(vote.value != verdict.value for vote in verdict.votes):
        return Stratum.SPLIT
    return _OF_VALUE[verdict.value]


def share_of(policy: AnnotationPolicy, stratum: AnnotationItem.Stratum) -> float:
    percent: int = getattr(policy, f"share_{stratum.value}")
    return percent / 100


def announce(tenant_id: UUID, item_id: UUID, what: str) -> None:
    publish_on_commit(tenant_id, Changed("evolution.annotation", str(item_id), what))


def _draw(turn_id: UUID) -> float:
    """A number from 0 to 1, the same whenever it is drawn for this turn."""
    digest = hashlib.blake2b(b"annotation" + turn_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest) / 2**64


def _is_full(tenant_id: UUID, policy: AnnotationPolicy) -> bool:
    rows = AnnotationItem.objects.for_tenant(tenant_id).filter(state=State.WAITING)
    return rows.count() >= policy.waiting_most
