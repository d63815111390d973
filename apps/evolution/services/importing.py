"""Proposals that come from outside: skills other tools wrote. They wait for a person like all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.tenancy import tenant_tx
from apps.evolution.models import Proposal
from apps.evolution.models.proposal import IMPORTED_MARK
from apps.evolution.services.checking import proposal_check
from apps.live.events import Changed, publish_on_commit
from apps.skills import selectors as skills
from apps.skills.archive import Entry
from apps.skills.skillmd import SkillDoc
from apps.skills.types import SkillText
from apps.tenants.services import audit_record
from apps.tenants.types import Actor

# known: this very text was proposed before; waiting: another text about this skill is in review.
Outcome = Literal["proposed", "unchanged", "known", "waiting"]
OUTCOMES: tuple[Outcome, ...] = ("proposed", "unchanged", "known", "waiting")


@dataclass(frozen=True, slots=True)
class ImportedText:
    """What became of one file, and the proposal that it is about, if there is one."""

    file: str
    slug: str
    outcome: Outcome
    proposal_id: UUID | None


def proposals_import(
    *,
    tenant_id: UUID,
    actor: Actor,
    name: str,
    entries: Sequence[Entry],
    is_rehearsal: bool = False,
) -> list[ImportedText]:
    """Make a proposal of each text, once: the same text again answers what became of it.

    ``name`` says where they come from. A text about a skill that a proposal waits for stays
    outside until that one is decided. ``is_rehearsal``: everything is tried, and nothing kept.
    """
    with tenant_tx(tenant_id), transaction.atomic():
        texts = [_import(tenant_id, actor, name, file, doc) for file, doc in entries]
        if not is_rehearsal:
            return texts
        transaction.set_rollback(True)
    made = {one.proposal_id for one in texts if one.outcome == "proposed"}
    return [replace(one, proposal_id=None) if one.proposal_id in made else one for one in texts]


def _import(tenant_id: UUID, actor: Actor, name: str, file: str, doc: SkillDoc) -> ImportedText:
    live = skills.skill_text_find(tenant_id=tenant_id, slug=doc.slug)
    if live is not None and live.sha256 == doc.guidance.sha256:
        return ImportedText(file, doc.slug, "unchanged", None)
    proposals = Proposal.objects.for_tenant(tenant_id)
    same = proposals.filter(slug=doc.slug, original_sha256=doc.sha256).order_by("-id").first()
    if same is not None:
        return ImportedText(file, doc.slug, "known", same.id)
    try:
        with transaction.atomic():
            made = _store(tenant_id, name, doc, live)
            proposal_check(tenant_id=tenant_id, proposal_id=made.id)
    except IntegrityError:
        # One waits about this skill, perhaps since a moment ago: its reviewer reads that text.
        waiting = proposals.filter(slug=doc.slug, status=Proposal.Status.PENDING).first()
        if waiting is None:
            raise
        outcome: Outcome = "known" if waiting.original_sha256 == doc.sha256 else "waiting"
        return ImportedText(file, doc.slug, outcome, waiting.id)
    audit_record(
        tenant_id=tenant_id,
        actor=actor,
        action="proposal.imported",
        subject=doc.slug,
        detail=f"from {name}: {file}",
    )
    publish_on_commit(tenant_id, Changed("evolution.proposal", str(made.id), "pending"))
    return ImportedText(file, doc.slug, "proposed", made.id)


def _store(tenant_id: UUID, name: str, doc: SkillDoc, live: SkillText | None) -> Proposal:
    return Proposal.objects.create(
        tenant_id=tenant_id,
        run=None,
        kind=Proposal.Kind.REVISE if live else Proposal.Kind.CREATE,
        slug=doc.slug,
        category=doc.category,
        description=doc.description,
        text=doc.text,
        sha256=doc.sha256,
        original_sha256=doc.sha256,
        base_version_id=live.version_id if live else None,
        author_model=f"{IMPORTED_MARK}{name}",
    )
