"""What models say of a proposal, and then whether the policy approves it by itself.

Runs as a job, because models take their time and no transaction may be open meanwhile. What they
say is kept with the hash of the text they were asked about, and ``checking`` reads it.
"""

import json
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.resources import files
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.core.errors import DomainError
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import NothingToReplay, ReplayRunning
from apps.evolution.models import Proposal, Replay, ReviewPolicy
from apps.evolution.services.checking import check_request, checks_renew, is_clean
from apps.evolution.services.checking.library import similar_to
from apps.evolution.services.replay import replay_start
from apps.evolution.services.review import proposal_approve_by_policy
from apps.integrations.embeddings.client import embed, is_configured
from apps.integrations.llm.client import ChatModel
from apps.jobs.handlers import JobRun
from apps.skills import selectors as skills
from apps.skills.meaning import skill_texts, together
from apps.skills.skillmd import SkillDoc, parse
from apps.skills.types import SkillText
from apps.tenants.types import Actor

PROMPT_VERSION = "conflict-v1"
_PROMPT = files("apps.evolution").joinpath(f"prompts/{PROMPT_VERSION}.md").read_text()
_JSON = re.compile(r"\{.*\}", re.DOTALL)
_COMPARED = 5
_POLICY = Actor("system", "policy", "policy")


class _Conflict(BaseModel):
    model_config = ConfigDict(extra="ignore")

    slug: str
    why: str = Field(max_length=300)


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    conflicts: list[_Conflict] = Field(max_length=20)


def proposal_look(*, run: JobRun, proposal_id: UUID, judge: Callable[[], ChatModel | None]) -> None:
    """Make what is missing of a waiting proposal's text, then let the policy decide.

    ``judge`` is called only where the workspace asks for its word, and may answer None. Raises
    UpstreamFailed; until models have answered nothing is approved by itself. Safe to run again.
    """
    tenant_id = run.tenant_id
    with tenant_tx(tenant_id):
        proposal = selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)
        policy = selectors.policy_get(tenant_id=tenant_id)
    if proposal.status != Proposal.Status.PENDING:
        return
    doc, found = parse(proposal.text), dict(proposal.model_findings)
    if is_configured() and not _is_of(found.get("vector"), proposal):
        found["vector"] = _vector(doc, proposal.sha256)
    if policy.asks_model and not _is_of(found.get("conflict"), proposal):
        model = judge()
        if model is not None:
            with tenant_tx(tenant_id):
                live = _nearest(tenant_id, doc, found.get("vector"))
            found["conflict"] = _judged(model, doc, live, proposal.sha256)
    with run.effect():
        rows = Proposal.objects.for_tenant(tenant_id).filter(
            id=proposal_id, status=Proposal.Status.PENDING, sha256=proposal.sha256
        )
        locked = rows.select_for_update().first()
        # Decided, or edited meanwhile: the edit has asked for a look of its own.
        if locked is not None:
            rows.update(model_findings=found)
            checks = checks_renew(tenant_id=tenant_id, proposal_id=proposal_id)
            _policy_decide(locked, policy=selectors.policy_get(tenant_id=tenant_id), checks=checks)


def _policy_decide(
    proposal: Proposal, *, policy: ReviewPolicy, checks: Sequence[dict[str, Any]]
) -> None:
    """Approve a clean text if the workspace wants that, unless a person reads it right now."""
    if policy.auto_approval == ReviewPolicy.AutoApproval.OFF or not is_clean(checks):
        return
    grounds = f"{policy.auto_approval}: {len(checks)} of {len(checks)} checks ok"
    if policy.auto_approval == ReviewPolicy.AutoApproval.CLEAN_AND_LIFT:
        proof = selectors.proof_find(
            tenant_id=proposal.tenant_id, proposal_id=proposal.id, sha256=proposal.sha256
        )
        if proof is None:
            _ask_for_proof(proposal)
        if proof is None or proof.verdict != Replay.Verdict.LIFT:
            return
        grounds = f"{grounds}; {_in_numbers(proof)}"
    lease = selectors.lease_find(tenant_id=proposal.tenant_id, proposal_id=proposal.id)
    if lease is not None:
        check_request(
            tenant_id=proposal.tenant_id, proposal_id=proposal.id, run_after=lease.expires_at
        )
        return
    try:
        with tenant_tx(proposal.tenant_id):
            proposal_approve_by_policy(proposal=proposal, grounds=grounds)
    except DomainError:
        # Its base moved on: that is for a person.
        return


def _ask_for_proof(proposal: Proposal) -> None:
    """Have a clean text replayed once; what comes of it asks the policy again."""
    tried = selectors.replay_list(tenant_id=proposal.tenant_id, proposal_id=proposal.id)
    if tried.filter(sha256=proposal.sha256).exists():
        return
    # Without a turn to try it on, it is for a person.
    with suppress(NothingToReplay, ReplayRunning):
        replay_start(tenant_id=proposal.tenant_id, actor=_POLICY, proposal_id=proposal.id)


def _in_numbers(proof: Replay) -> str:
    one = proof.result.get("groups", {}).get("failing") or {}
    simulated = ", simulated" if proof.is_simulated else ""
    return (
        f"replay {proof.id}: lift {one.get('lift', 0):+.2f}"
        f" [{one.get('low', 0):.2f}, {one.get('high', 0):.2f}], p {one.get('p_helps', 1):.4f},"
        f" {one.get('wins', 0)} wins, {one.get('ties', 0)} ties, {one.get('losses', 0)} losses"
        f"{simulated}"
    )


def _is_of(finding: dict[str, Any] | None, proposal: Proposal) -> bool:
    """Whether it is about the proposal's present text, and of a model that still counts."""
    if not finding or finding.get("sha256") != proposal.sha256:
        return False
    return "vector" not in finding or finding.get("model") == skills.vector_model()


def _vector(doc: SkillDoc, sha256: str) -> dict[str, Any]:
    texts = skill_texts(doc.description, doc.body)
    return {"sha256": sha256, "model": skills.vector_model(), "vector": together(embed(texts))}


def _nearest(tenant_id: UUID, doc: SkillDoc, vector: dict[str, Any] | None) -> list[SkillText]:
    library = skills.library_get(tenant_id=tenant_id)
    others = [skill for skill in library.skills if skill.slug != doc.slug]
    near = similar_to(
        doc, others, vectors=library.vectors, vector=vector["vector"] if vector else None
    )
    slugs = [one.slug for one in near[:_COMPARED]]
    slugs += [skill.slug for skill in others if skill.reach == "always"][:_COMPARED]
    return skills.skill_texts(tenant_id=tenant_id, slugs=slugs)


def _judged(
    model: ChatModel, doc: SkillDoc, live: Sequence[SkillText], sha256: str
) -> dict[str, Any]:
    """A judge's word on conflicts. It warns, and never more; an answer that cannot be read is
    one that a person should look at."""
    question = {
        "task": "conflict",
        "proposed": doc.text,
        "live": [{"slug": skill.slug, "text": skill.text} for skill in live],
    }
    answer = model.complete(system=_PROMPT, user=json.dumps(question, ensure_ascii=False))
    known = {skill.slug for skill in live}
    said = _JSON.search(answer.text)
    try:
        parsed = _Answer.model_validate_json(said[0] if said else "")
        found = [one for one in parsed.conflicts if one.slug in known]
        message = " ".join(f"{one.slug}: {one.why}" for one in found)
        message = message or f"The judge sees no conflict with {len(live)} near skills."
        slugs = [one.slug for one in found]
    except ValidationError:
        message, slugs = "The judge's answer could not be read.", [""]
    return {
        "sha256": sha256,
        "slugs": slugs,
        "message": message,
        "model": answer.model,
        "prompt_version": PROMPT_VERSION,
    }
