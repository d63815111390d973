"""The checks of a proposal: those of its text, and those that need the library or the evidence.

They run when it is made, when it is edited or gets more evidence, and again when it is approved.
All of them are deterministic. What takes a model (the vector of the text, a judge's word on
conflicts) is made beside, in a job, kept with the hash it is about, and read here.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.core.clock import now
from apps.core.said import Said, say, sentences_of
from apps.evolution import selectors
from apps.evolution.models import Proposal
from apps.evolution.services.checking.finding import Finding
from apps.evolution.services.checking.library import conflict, judged_conflict, near_duplicate
from apps.evolution.services.checking.personal import personal_evidence
from apps.evolution.services.checking.taint import taint
from apps.jobs.services import job_enqueue
from apps.skills import selectors as skills
from apps.skills.errors import SkillInvalid
from apps.skills.lint import lint
from apps.skills.skillmd import SkillDoc, parse
from apps.trajectories import selectors as turns

CHECK_KIND = "evolution.check"
# Later evidence of the same failure says little more, and costs a read each.
_TURNS_READ = 20
# So that no policy approves it by itself.
_FROM_OUTSIDE = Finding(
    "origin",
    "warn",
    say("check_origin", "Another tool wrote this: no turns of this workspace stand behind it."),
)


def proposal_check(*, tenant_id: UUID, proposal_id: UUID) -> list[dict[str, Any]]:
    """Check a new text, or one with new evidence, and ask for what takes a model."""
    checks = checks_renew(tenant_id=tenant_id, proposal_id=proposal_id)
    check_request(tenant_id=tenant_id, proposal_id=proposal_id)
    return checks


def check_request(*, tenant_id: UUID, proposal_id: UUID, run_after: datetime | None = None) -> None:
    """Have models look at a proposal, and then the policy decide whether that is enough."""
    job_enqueue(
        tenant_id=tenant_id,
        kind=CHECK_KIND,
        payload={"proposal_id": str(proposal_id)},
        queue="slow",
        run_after=run_after,
        dedupe_key=str(proposal_id),
    )


def checks_renew(*, tenant_id: UUID, proposal_id: UUID) -> list[dict[str, Any]]:
    """Check the proposal's present text against what is there now, and store what comes out."""
    proposal = selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)
    checks = [
        asdict(one) | {"message_said": sentences_of(one.message)}
        for one in _findings(proposal, parse(proposal.text))
    ]
    Proposal.objects.for_tenant(tenant_id).filter(id=proposal_id).update(
        checks=checks, checked_at=now()
    )
    return checks


def checks_refuse(checks: Sequence[dict[str, Any]]) -> None:
    """Raise SkillInvalid with what failed, if anything did."""
    failed = [
        Said(str(check["message"]), check.get("message_said", ()))
        for check in checks
        if check["level"] == "fail"
    ]
    if failed:
        why = say("text_checks_failed", "This text does not pass its checks.")
        raise SkillInvalid(why, fields={"text": [*failed]})


def is_clean(checks: Sequence[dict[str, Any]]) -> bool:
    """Whether every check was made and found nothing, not even something to look at."""
    return bool(checks) and all(check["level"] == "ok" for check in checks)


def _findings(proposal: Proposal, doc: SkillDoc) -> list[Finding]:
    tenant_id = proposal.tenant_id
    library = skills.library_get(tenant_id=tenant_id)
    others = [skill for skill in library.skills if skill.slug != doc.slug]
    policy = selectors.policy_get(tenant_id=tenant_id)
    ids = selectors.evidence_ids(tenant_id=tenant_id, proposal_id=proposal.id)[:_TURNS_READ]
    models = proposal.model_findings
    vector = models.get("vector", {})
    is_comparable = (
        vector.get("sha256") == proposal.sha256 and vector.get("model") == skills.vector_model()
    )
    brought = turns.turns_outside(tenant_id=tenant_id, turn_ids=ids)
    said = turns.evidence_turns(tenant_id=tenant_id, turn_ids=ids)
    of_the_text = [*lint(doc), skills.references_check(tenant_id=tenant_id, doc=doc)]
    findings = [Finding(one.code, one.level, one.message) for one in of_the_text]
    findings.append(
        near_duplicate(
            doc, others, vectors=library.vectors, vector=vector["vector"] if is_comparable else None
        )
    )
    findings.append(conflict(doc, others))
    findings += judged_conflict(models.get("conflict", {}), sha256=proposal.sha256)
    findings.append(taint(doc, brought, trusted=policy.trusted_tools))
    findings.append(personal_evidence(doc, said))
    if proposal.is_imported:
        findings.append(_FROM_OUTSIDE)
    return findings
