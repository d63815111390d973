"""What follows from the ledger: proposals, once each, that people decide like all others."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.clock import now
from apps.core.said import say, together
from apps.evolution.models import LearningPolicy, Proposal
from apps.evolution.services.applying import LEDGER
from apps.evolution.services.checking import proposal_check
from apps.evolution.services.learning.policy import policy_locked
from apps.evolution.services.value.joining import joined
from apps.evolution.services.value.lifts import lifts_of
from apps.evolution.services.value.overlapping import Overlap, overlaps
from apps.evolution.services.value.useless import Useless, useless
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.skills import selectors as skills
from apps.skills.errors import SkillInvalid
from apps.skills.skillmd import SkillDoc, parse
from apps.skills.types import LiveValue
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.trajectories import selectors as turns

LEDGER_KIND = "evolution.ledger"
Kind = Proposal.Kind
# A reviewer who finds a queue full of these reads none of them.
WAITING_MAX = 5
_ACTIVE = timedelta(days=90)
_ACTOR = Actor("system", "", "ledger")


@dataclass(frozen=True, slots=True)
class _Wish:
    kind: Proposal.Kind
    line: LiveValue
    doc: SkillDoc
    reason: str
    merged: LiveValue | None = None


def ledger_sweep() -> None:
    """Have the ledger of every workspace looked at whose skills are in use. For once an hour."""
    for tenant_id in skills.tenants_with_outcomes(since=now() - _ACTIVE):
        job_enqueue(
            tenant_id=tenant_id, kind=LEDGER_KIND, payload={}, queue="slow", dedupe_key="ledger"
        )


def ledger_look(*, run: JobRun) -> None:
    """Propose what the numbers say. Safe to run again: what was proposed once, whatever became
    of it, is not proposed again for the same versions."""
    with run.effect():
        policy = policy_locked(run.tenant_id)
        if policy.is_paused:
            return
        room = WAITING_MAX - _waiting(run.tenant_id)
        if room <= 0:
            return
        for wish in _wishes(run.tenant_id, policy, at=now()):
            room -= _propose(run.tenant_id, wish)
            if room <= 0:
                return


def _wishes(tenant_id: UUID, policy: LearningPolicy, *, at: datetime) -> list[_Wish]:
    """What does harm first, then what says the same twice, then what nobody asks for."""
    lines = skills.live_values(tenant_id=tenant_id)
    lifts = lifts_of(
        tenant_id=tenant_id, sha256_of={line.version_id: line.sha256 for line in lines}
    )
    is_busy = _is_busy(tenant_id, policy, at)
    found = useless(lines, lifts, policy, at=at, is_busy=is_busy)
    tried = [_out(one) for one in found if one.is_tried]
    unused = [_out(one) for one in found if not one.is_tried]
    named = {one.line.version_id for one in found}
    rest = [line for line in lines if line.version_id not in named]
    merges = [_merge(one) for one in overlaps(tenant_id, rest)] if policy.ledger_merges else []
    return [*tried, *merges, *unused]


def _is_busy(tenant_id: UUID, policy: LearningPolicy, at: datetime) -> bool:
    """In a workspace without work nothing is used, which says nothing of the skills."""
    if policy.ledger_unused_days is None:
        return False
    since, most = at - timedelta(days=policy.ledger_unused_days), policy.ledger_outcomes
    return turns.main_turns_count(tenant_id=tenant_id, since=since, most=most) >= most


def _out(one: Useless) -> _Wish:
    """A house rule that does not pay is first made to compete with the others by relevance."""
    doc = parse(one.line.text)
    if one.is_tried and one.line.reach == "always":
        reason = together(
            one.reason,
            say(
                "skill_less_often",
                "It goes into every request; let it go into those that it fits.",
            ),
        )
        return _Wish(Kind.REVISE, one.line, replace(doc, reach="relevant"), reason)
    return _Wish(Kind.RETIRE, one.line, doc, one.reason)


def _merge(one: Overlap) -> _Wish:
    kept = parse(one.kept.text)
    try:
        doc = parse(joined(kept, parse(one.gone.text)).text)
    except SkillInvalid:
        # Too long for one skill: the reviewer decides what of it matters.
        doc = kept
    return _Wish(Kind.MERGE, one.kept, doc, one.reason, merged=one.gone)


def _waiting(tenant_id: UUID) -> int:
    rows = Proposal.objects.for_tenant(tenant_id).filter(author_model=LEDGER)
    return rows.filter(status=Proposal.Status.PENDING).count()


def _propose(tenant_id: UUID, wish: _Wish) -> bool:
    """Store it; False where it was proposed before, or something about the skill waits."""
    if _is_known(tenant_id, wish):
        return False
    try:
        with transaction.atomic():
            proposal = _store(tenant_id, wish)
    except IntegrityError:
        # Something about this skill waits for a decision: that comes first.
        return False
    audit_record(
        tenant_id=tenant_id,
        actor=_ACTOR,
        action="proposal.created",
        subject=wish.line.slug,
        detail=f"{wish.kind}: {wish.reason}",
    )
    proposal_check(tenant_id=tenant_id, proposal_id=proposal.id)
    publish_on_commit(tenant_id, Changed("evolution.proposal", str(proposal.id), "pending"))
    return True


def _is_known(tenant_id: UUID, wish: _Wish) -> bool:
    rows = Proposal.objects.for_tenant(tenant_id).filter(author_model=LEDGER, kind=wish.kind)
    if wish.merged is None:
        return rows.filter(base_version_id=wish.line.version_id).exists()
    # Whichever of the two was to stay.
    either = wish.line.version_id, wish.merged.version_id
    return any(
        rows.filter(base_version_id=kept, merged_versions__contains=[gone]).exists()
        for kept, gone in (either, either[::-1])
    )


def _store(tenant_id: UUID, wish: _Wish) -> Proposal:
    doc = wish.doc
    return Proposal.objects.create(
        tenant_id=tenant_id,
        run=None,
        kind=wish.kind,
        slug=doc.slug,
        category=doc.category,
        description=doc.description,
        text=doc.text,
        sha256=doc.sha256,
        original_sha256=doc.sha256,
        base_version_id=wish.line.version_id,
        merges=[wish.merged.slug] if wish.merged else [],
        merged_versions=[wish.merged.version_id] if wish.merged else [],
        author_model=LEDGER,
        reason=wish.reason,
    )
