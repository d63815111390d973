"""From the evolver's answer to a proposal. Its text is data: it goes through a strict schema
and the checks, and then waits for a person."""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.core.sensitive import redact
from apps.evolution.models import Evidence, EvolutionRun, Proposal
from apps.integrations.llm.client import Completion
from apps.live.events import Changed, publish_on_commit
from apps.skills import selectors as skills
from apps.skills.errors import SkillInvalid
from apps.skills.lint import lint
from apps.skills.skillmd import SkillDoc, build
from apps.skills.types import SkillText
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.trajectories import services as trajectories
from apps.trajectories.types import EvidenceTurn

_JSON = re.compile(r"\{.*\}", re.DOTALL)


class Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    kind: Literal["create", "revise"]
    name: str = Field(max_length=64)
    description: str = Field(max_length=1024)
    category: str
    reach: Literal["relevant", "always"] = "relevant"
    body: str = Field(max_length=6000)
    evidence_ids: list[UUID] = Field(min_length=1, max_length=50)


class Unusable(Exception):
    """The evolver's answer cannot become a proposal."""


def understand(answer: Completion, failures: Sequence[EvidenceTurn]) -> tuple[Answer, SkillDoc]:
    found = _JSON.search(answer.text)
    if found is None:
        raise Unusable("The evolver did not answer in JSON.")
    try:
        parsed = Answer.model_validate_json(found[0])
    except ValidationError as exc:
        fields = ", ".join(sorted({str(e["loc"][0]) for e in exc.errors() if e["loc"]}))
        raise Unusable(f"Fields of the evolver's answer are not valid: {fields}.") from exc
    if not {turn.turn_id for turn in failures} & set(parsed.evidence_ids):
        raise Unusable("The evolver named no failing turn as evidence.")
    body, _ = redact(parsed.body)
    try:
        doc = build(
            slug=parsed.name,
            description=parsed.description,
            category=parsed.category,
            body=body,
            reach=parsed.reach,
        )
    except SkillInvalid as exc:
        raise Unusable(f"The evolver's skill is not valid: {exc.detail}") from exc
    return parsed, doc


def propose(
    tenant_id: UUID, record: EvolutionRun, doc: SkillDoc, evidence: Sequence[EvidenceTurn]
) -> None:
    proposals = Proposal.objects.for_tenant(tenant_id)
    proposal = proposals.filter(slug=doc.slug, status=Proposal.Status.PENDING).first()
    if proposal is not None:
        # A reviewer may be reading it right now: the text stays, the case gets stronger.
        record.outcome = EvolutionRun.Outcome.EXTENDED
    else:
        base = skills.skill_text_find(tenant_id=tenant_id, slug=doc.slug)
        if base is not None and base.sha256 == doc.sha256:
            record.outcome = EvolutionRun.Outcome.NOTHING
            record.reason = f"{doc.slug} says exactly this already."
            record.save(update_fields=["outcome", "reason"])
            return
        proposal = _store(tenant_id, record, doc, base)
        record.outcome = EvolutionRun.Outcome.PROPOSED
    record.save(update_fields=["outcome"])
    Evidence.objects.bulk_create(
        [
            Evidence(
                tenant_id=tenant_id,
                proposal=proposal,
                turn_id=turn.turn_id,
                session_id=turn.session_id,
            )
            for turn in evidence
        ],
        ignore_conflicts=True,
    )
    trajectories.turns_mark_support(
        tenant_id=tenant_id, turn_ids=[turn.turn_id for turn in evidence]
    )
    publish_on_commit(tenant_id, Changed("evolution.proposal", str(proposal.id), "pending"))


def _store(
    tenant_id: UUID, record: EvolutionRun, doc: SkillDoc, base: SkillText | None
) -> Proposal:
    proposal = Proposal.objects.create(
        tenant_id=tenant_id,
        run=record,
        kind=Proposal.Kind.REVISE if base else Proposal.Kind.CREATE,
        slug=doc.slug,
        category=doc.category,
        description=doc.description,
        text=doc.text,
        sha256=doc.sha256,
        original_sha256=doc.sha256,
        base_version_id=base.version_id if base else None,
        checks=checks_of(doc),
        author_model=record.author_model,
        is_simulated=record.is_simulated,
    )
    audit_record(
        tenant_id=tenant_id,
        actor=Actor("system", "", f"evolver ({record.author_model})"),
        action="proposal.created",
        subject=doc.slug,
        detail=doc.description,
    )
    return proposal


def checks_of(doc: SkillDoc) -> list[dict[str, Any]]:
    """What the lint says of a document, as it is stored and shown."""
    return [asdict(check) for check in lint(doc)]
