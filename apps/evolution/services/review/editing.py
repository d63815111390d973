"""A reviewer's better text takes the place of what was proposed."""

from uuid import UUID

from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import ProposalInvalid
from apps.evolution.models import Proposal, Review
from apps.evolution.services.applying import kind_of_edited
from apps.evolution.services.checking import proposal_check
from apps.evolution.services.leases import refuse_others
from apps.evolution.services.review.deciding import decision_note, proposal_open
from apps.evolution.types import Reviewer
from apps.skills import selectors as skills
from apps.skills.skillmd import parse


def proposal_edit(
    *,
    tenant_id: UUID,
    reviewer: Reviewer,
    proposal_id: UUID,
    text: str,
    sha256: str,
    takes_over: bool = False,
) -> Proposal:
    """Replace the text that was read (named by its hash) by a better one; approvals begin anew.

    Raises ProposalDecided, ProposalChanged, LeaseHeld, SkillInvalid, ProposalInvalid (another
    name).
    """
    doc = parse(text)
    with tenant_tx(tenant_id):
        proposal = proposal_open(tenant_id, proposal_id, sha256)
        refuse_others(proposal=proposal, reviewer=reviewer, takes_over=takes_over)
        if doc.slug != proposal.slug:
            english = "A proposal keeps its name, which is {slug}."
            raise ProposalInvalid.of("text", say("proposal_name", english, slug=proposal.slug))
        live = skills.skill_text_find(tenant_id=tenant_id, slug=proposal.slug)
        proposal.edition += 1
        Proposal.objects.for_tenant(tenant_id).filter(id=proposal.id).update(
            # Whoever edits has the skill as it is now beside the text.
            base_version_id=live.version_id if live else None,
            kind=kind_of_edited(proposal, is_live=live is not None),
            text=doc.text,
            sha256=doc.sha256,
            edition=proposal.edition,
            description=doc.description,
            category=doc.category,
        )
        proposal_check(tenant_id=tenant_id, proposal_id=proposal.id)
        decision_note(proposal, reviewer.actor, Review.Decision.EDITED, sha256=doc.sha256)
        return selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal.id)
