"""A canary begins with an approval, and a person may end it at any time."""

from uuid import UUID

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.models import Canary, Proposal
from apps.evolution.services.applying import source_of
from apps.live.events import Changed, publish_on_commit
from apps.skills import services as library
from apps.skills.skillmd import SkillDoc
from apps.tenants.services import audit_record
from apps.tenants.types import Actor

SHARE = 0.5
ALPHA = 0.05
SESSIONS_MAX = 400


def canary_start(
    *,
    proposal: Proposal,
    actor: Actor,
    doc: SkillDoc,
    share: float = SHARE,
    sessions_max: int = SESSIONS_MAX,
) -> Canary:
    """Put the approved text into a share of the sessions; in the transaction that approves it.

    Raises TrialRunning, SkillChanged if the text is live already, SkillInvalid.
    """
    canary_id = uuid7()
    tenant_id = proposal.tenant_id
    started = library.trial_start(
        tenant_id=tenant_id,
        actor=actor,
        doc=doc,
        source=source_of(proposal),
        note=selectors.origin_of(proposal),
        trial_id=canary_id,
        share=share,
    )
    canary = Canary.objects.create(
        id=canary_id,
        tenant_id=tenant_id,
        proposal=proposal,
        slug=doc.slug,
        sha256=doc.sha256,
        version_id=started.version_id,
        version=started.version,
        instead_of=started.instead_of,
        share=share,
        alpha=ALPHA,
        sessions_max=sessions_max,
        started_by=actor.label,
    )
    audit_record(
        tenant_id=tenant_id,
        actor=actor,
        action="canary.started",
        subject=doc.slug,
        detail=f"version {started.version} in {share:.0%} of the sessions",
    )
    announce(canary)
    return canary


def canary_stop(*, tenant_id: UUID, actor: Actor, canary_id: UUID, promote: bool) -> Canary:
    """A person ends the canary: for all, or for nobody. One that is over is left alone."""
    with tenant_tx(tenant_id):
        canary = selectors.canary_get(tenant_id=tenant_id, canary_id=canary_id)
        status = Canary.Status.PROMOTED if promote else Canary.Status.STOPPED
        canary_end(
            canary, status, say("decided_by", "Decided by {who}.", who=actor.label), actor=actor
        )
        return selectors.canary_get(tenant_id=tenant_id, canary_id=canary_id)


def canary_end(canary: Canary, status: str, reason: str, *, actor: Actor) -> bool:
    """End a canary in the caller's transaction, and do what follows; False if it is over.

    What it ends as may be ``superseded`` instead: when the trial itself is over, because
    somebody published, retired or activated the skill meanwhile.
    """
    rows = Canary.objects.for_tenant(canary.tenant_id).filter(id=canary.id)
    if not rows.select_for_update().filter(status=Canary.Status.RUNNING).exists():
        return False
    act = library.trial_promote if status == Canary.Status.PROMOTED else library.trial_drop
    if not act(tenant_id=canary.tenant_id, slug=canary.slug, trial_id=canary.id):
        status = Canary.Status.SUPERSEDED
        reason = say("canary_superseded", "The skill itself was changed meanwhile.")
    rows.update(status=status, reason=reason, ended_at=now())
    canary.status = status
    audit_record(
        tenant_id=canary.tenant_id,
        actor=actor,
        action=f"canary.{status}",
        subject=canary.slug,
        detail=f"version {canary.version}: {reason}",
    )
    announce(canary)
    return True


def announce(canary: Canary) -> None:
    publish_on_commit(canary.tenant_id, Changed("evolution.canary", str(canary.id), canary.status))
