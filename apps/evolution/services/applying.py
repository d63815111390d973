"""What the approval of a proposal does to the library, by the kind of the proposal."""

from apps.core.said import say
from apps.evolution import selectors
from apps.evolution.errors import ProposalInvalid, ProposalStale
from apps.evolution.models import Proposal
from apps.skills import selectors as skills
from apps.skills import services as library
from apps.skills.skillmd import SkillDoc
from apps.tenants.types import Actor

Kind = Proposal.Kind
# The author of what follows from numbers alone (services.value).
LEDGER = "ledger"


def proposal_apply(proposal: Proposal, *, actor: Actor, doc: SkillDoc) -> None:
    """Make it so, in the caller's transaction: ``doc`` is the approved text.

    Raises ProposalStale when a skill that goes with it changed, SkillInvalid when the text does
    not pass its checks.
    """
    tenant_id = proposal.tenant_id
    if proposal.kind == Kind.RETIRE:
        library.skill_retire(tenant_id=tenant_id, actor=actor, slug=proposal.slug)
        return
    if proposal.kind == Kind.MERGE:
        _refuse_moved(proposal)
    library.skill_publish(
        tenant_id=tenant_id,
        actor=actor,
        doc=doc,
        source=source_of(proposal),
        note=selectors.origin_of(proposal),
        is_noted=False,  # the approval is
    )
    for slug in proposal.merges:
        library.skill_retire(tenant_id=tenant_id, actor=actor, slug=slug)


def source_of(proposal: Proposal) -> str:
    """How a version of this proposal came about."""
    if proposal.run_id:
        return "evolved"
    base = proposal.base_version
    if proposal.author_model == LEDGER and base is not None and base.source != "bank":
        # Whoever wrote it: the ledger only moves what is there.
        return base.source
    return "imported"


def kind_of_edited(proposal: Proposal, *, is_live: bool) -> Kind:
    """What a proposal is once its text was edited. Raises ProposalInvalid for a retirement:
    its text is the one that goes."""
    if proposal.kind == Kind.RETIRE:
        raise ProposalInvalid(
            say("proposal_no_text", "A retirement has no text to edit: approve it or reject it.")
        )
    if proposal.kind == Kind.MERGE:
        return Kind.MERGE
    return Kind.REVISE if is_live else Kind.CREATE


def _refuse_moved(proposal: Proposal) -> None:
    live = skills.skill_texts(tenant_id=proposal.tenant_id, slugs=proposal.merges)
    now_live = {skill.slug: skill.version_id for skill in live}
    read = dict(zip(proposal.merges, proposal.merged_versions, strict=True))
    moved = sorted(slug for slug in read if now_live.get(slug) != read[slug])
    if moved:
        raise ProposalStale(
            say(
                "proposal_merge_stale",
                "Skills to be merged changed since this was proposed: {slugs}. Reject it.",
                slugs=", ".join(moved),
            )
        )
