"""From an understood answer to a proposal that waits for a person."""

from collections.abc import Sequence
from uuid import UUID

from apps.core.said import say
from apps.evolution.models import Evidence, EvolutionRun, Proposal
from apps.evolution.services.checking import proposal_check
from apps.evolution.services.learning.answer import (
    Answer,
    Merge,
    Retire,
    Unusable,
    refuse_rewrite,
)
from apps.evolution.services.learning.asking import Question
from apps.live.events import Changed, publish_on_commit
from apps.skills import selectors as skills
from apps.skills.skillmd import SkillDoc
from apps.skills.types import SkillText
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.trajectories import services as trajectories
from apps.trajectories.types import EvidenceTurn

Outcome = EvolutionRun.Outcome


def propose(
    record: EvolutionRun, answer: Answer, doc: SkillDoc, question: Question
) -> Proposal | None:
    """Store what the evolver wants, with its evidence, and note the outcome in ``record``.

    None where there is nothing to decide. Raises Unusable, before anything is written.
    """
    tenant_id = record.tenant_id
    named = set(answer.evidence_ids)
    evidence = [turn for turn in question.shown if turn.turn_id in named]
    base = skills.skill_text_find(tenant_id=tenant_id, slug=doc.slug)
    kind = _kind(answer, base)
    waiting = Proposal.objects.for_tenant(tenant_id).filter(slug=doc.slug, status="pending").first()
    if waiting is not None:
        if {waiting.kind, kind} - {Proposal.Kind.CREATE, Proposal.Kind.REVISE} and (
            waiting.kind != kind
        ):
            english = "Another proposal for {slug} waits: decide that first."
            raise Unusable(say("proposal_another", english, slug=doc.slug))
        # A reviewer may be reading it right now: the text stays, the case gets stronger.
        record.outcome = Outcome.EXTENDED
        proposal = waiting
    else:
        if base is not None and kind == Proposal.Kind.REVISE:
            if base.sha256 == doc.sha256:
                record.outcome = Outcome.NOTHING
                english = "{slug} says exactly this already."
                record.reason = say("evolver_same_text", english, slug=doc.slug)
                return None
            refuse_rewrite(doc, base)
        proposal = _store(record, kind, doc, base, _merged(tenant_id, answer, doc))
        record.outcome = Outcome.PROPOSED
    _support(proposal, evidence)
    proposal_check(tenant_id=tenant_id, proposal_id=proposal.id)
    return proposal


def _kind(answer: Answer, base: SkillText | None) -> Proposal.Kind:
    """What it comes to: whether the skill exists counts more than what the evolver calls it."""
    if isinstance(answer, Merge):
        return Proposal.Kind.MERGE
    if isinstance(answer, Retire):
        if base is None:
            raise Unusable(
                say("evolver_not_live", "{name} is not live any more.", name=answer.name)
            )
        return Proposal.Kind.RETIRE
    return Proposal.Kind.REVISE if base else Proposal.Kind.CREATE


def _merged(tenant_id: UUID, answer: Answer, doc: SkillDoc) -> list[SkillText]:
    """The skills that go when this is approved; not the one that takes their place."""
    if not isinstance(answer, Merge):
        return []
    live = skills.skill_texts(tenant_id=tenant_id, slugs=set(answer.merges))
    if {skill.slug for skill in live} != set(answer.merges):
        english = "A skill that was to be merged is not live any more."
        raise Unusable(say("evolver_merged_gone", english))
    return [skill for skill in live if skill.slug != doc.slug]


def _support(proposal: Proposal, evidence: Sequence[EvidenceTurn]) -> None:
    Evidence.objects.bulk_create(
        [
            Evidence(
                tenant_id=proposal.tenant_id,
                proposal=proposal,
                turn_id=turn.turn_id,
                session_id=turn.session_id,
            )
            for turn in evidence
        ],
        ignore_conflicts=True,
    )
    trajectories.turns_mark_support(
        tenant_id=proposal.tenant_id, turn_ids=[turn.turn_id for turn in evidence]
    )
    publish_on_commit(
        proposal.tenant_id, Changed("evolution.proposal", str(proposal.id), "pending")
    )


def _store(
    record: EvolutionRun,
    kind: Proposal.Kind,
    doc: SkillDoc,
    base: SkillText | None,
    merged: Sequence[SkillText],
) -> Proposal:
    proposal = Proposal.objects.create(
        tenant_id=record.tenant_id,
        run=record,
        kind=kind,
        slug=doc.slug,
        category=doc.category,
        description=doc.description,
        text=doc.text,
        sha256=doc.sha256,
        original_sha256=doc.sha256,
        base_version_id=base.version_id if base else None,
        merges=[skill.slug for skill in merged],
        merged_versions=[skill.version_id for skill in merged],
        author_model=record.author_model,
        is_simulated=record.is_simulated,
    )
    audit_record(
        tenant_id=record.tenant_id,
        actor=Actor("system", "", f"evolver ({record.author_model})"),
        action="proposal.created",
        subject=doc.slug,
        detail=f"{kind}: {doc.description}",
    )
    return proposal
