"""From failing turns to a proposal. The evolver's text is data: it goes through a strict schema
and the checks, and then waits for a person."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Literal
from uuid import UUID

from django.conf import settings
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from apps.core.clock import now
from apps.core.sensitive import redact
from apps.core.tenancy import tenant_tx
from apps.core.text import estimate_tokens
from apps.evolution import selectors
from apps.evolution.models import Evidence, EvolutionRun, Proposal
from apps.evolution.services.checking import proposal_check
from apps.integrations.llm.client import ChatModel, Completion
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.skills import selectors as skills
from apps.skills.errors import SkillInvalid
from apps.skills.indexed import entry_of
from apps.skills.retrieval import SkillIndex
from apps.skills.skillmd import CATEGORIES, SkillDoc, build
from apps.skills.types import SkillText
from apps.tenants.services import audit_record
from apps.tenants.types import Actor
from apps.trajectories import selectors as turns
from apps.trajectories import services as trajectories
from apps.trajectories.types import EvidenceTurn

EVOLVE_KIND = "evolution.learn"
PROMPT_VERSION = "evolver-v1"
_PROMPT = files("apps.evolution").joinpath(f"prompts/{PROMPT_VERSION}.md").read_text()
_JSON = re.compile(r"\{.*\}", re.DOTALL)

_LOOK_BACK = timedelta(days=7)
_FAILURES_LIMIT = 20
_FAILURES_TOKENS = 12_000
_ATTEMPTS_PER_TURN = 2
_CONTRAST = 3
_NEAREST = 3
# Lower than for prompts: the evolver should rather see a skill too many than write it again.
_NEAREST_THRESHOLD = 0.12
_REJECTIONS = 10


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    kind: Literal["create", "revise"]
    name: str = Field(max_length=64)
    description: str = Field(max_length=1024)
    category: str
    reach: Literal["relevant", "always"] = "relevant"
    body: str = Field(max_length=6000)
    evidence_ids: list[UUID] = Field(min_length=1, max_length=50)


class _Unusable(Exception):
    """The evolver's answer cannot become a proposal."""


def evolution_request(*, tenant_id: UUID) -> None:
    """Ask for one evolution run soon. Failures that follow shortly are learned from together."""
    job_enqueue(
        tenant_id=tenant_id,
        kind=EVOLVE_KIND,
        payload={},
        queue="slow",
        run_after=now() + timedelta(seconds=settings.METACLAW_EVOLVE_WAIT_SECONDS),
        dedupe_key="tenant",
    )


def evolution_run(*, run: JobRun, model: ChatModel, is_simulated: bool) -> None:
    """Show the evolver the open failures; store what it proposes; go on while some are left."""
    with tenant_tx(run.tenant_id):
        failures = _open_failures(run.tenant_id)
        question = _question(run.tenant_id, failures) if failures else ""
    if not failures:
        return
    answer = model.complete(system=_PROMPT, user=question)
    try:
        parsed, doc = _understand(answer, failures)
        problem = ""
    except _Unusable as exc:
        parsed, doc, problem = None, None, str(exc)
    shown = [turn.turn_id for turn in failures]
    with run.effect():
        record = EvolutionRun.objects.create(
            tenant_id=run.tenant_id,
            outcome=EvolutionRun.Outcome.INVALID,
            reason=problem,
            author_model=answer.model,
            prompt_version=PROMPT_VERSION,
            is_simulated=is_simulated,
            failures_shown=len(failures),
            shown_turn_ids=shown,
            input_tokens=answer.input_tokens or 0,
            output_tokens=answer.output_tokens or 0,
        )
        if parsed is None or doc is None:
            # One more try with the same turns, then they are left to people.
            trajectories.turns_considered(tenant_id=run.tenant_id, turn_ids=shown)
        else:
            evidence = [turn for turn in failures if turn.turn_id in set(parsed.evidence_ids)]
            _propose(run.tenant_id, record, doc, evidence)
            # The first failure set the theme; the others get runs of their own.
            trajectories.turns_considered(tenant_id=run.tenant_id, turn_ids=shown[:1])
        if _open_failures(run.tenant_id):
            evolution_request(tenant_id=run.tenant_id)


def _open_failures(tenant_id: UUID) -> list[EvidenceTurn]:
    """Whole failing turns, oldest first, as many as fit the evolver's budget."""
    found = turns.failing_turns(
        tenant_id=tenant_id,
        since=now() - _LOOK_BACK,
        attempts_below=_ATTEMPTS_PER_TURN,
        limit=_FAILURES_LIMIT,
    )
    fitting: list[EvidenceTurn] = []
    budget = _FAILURES_TOKENS
    for turn in found:
        budget -= estimate_tokens(json.dumps(turn.messages) + turn.response_text)
        if fitting and budget < 0:
            break
        fitting.append(turn)
    return fitting


def _question(tenant_id: UUID, failures: Sequence[EvidenceTurn]) -> str:
    contrast = turns.contrast_turns(tenant_id=tenant_id, limit=_CONTRAST)
    document = {
        "task": "evolve",
        "failures": [
            {
                "turn_id": str(turn.turn_id),
                "messages": turn.messages,
                "response": turn.response_text,
                "follow_up": turn.follow_up,
                "rationales": turn.rationales,
            }
            for turn in failures
        ],
        "contrast": [{"user": t.user_text, "response": t.response_text} for t in contrast],
        "nearest_skills": [
            {"slug": skill.slug, "version": skill.version, "text": skill.text}
            for skill in _nearest(tenant_id, failures)
        ],
        "rejections": selectors.rejections(tenant_id=tenant_id, limit=_REJECTIONS),
        "categories": list(CATEGORIES),
    }
    text, _ = redact(json.dumps(document, ensure_ascii=False))
    return text


def _nearest(tenant_id: UUID, failures: Sequence[EvidenceTurn]) -> list[SkillText]:
    library = skills.library_get(tenant_id=tenant_id)
    # House rules compete like all others here: what is asked for is what is near.
    index = SkillIndex(replace(entry_of(skill), reach="relevant") for skill in library.skills)
    first = failures[0]
    query = " ".join([first.user_text, first.follow_up or "", *first.rationales])
    hits = index.search(query, limit=_NEAREST, threshold=_NEAREST_THRESHOLD)
    return skills.skill_texts(tenant_id=tenant_id, slugs=[hit.skill.slug for hit in hits])


def _understand(answer: Completion, failures: Sequence[EvidenceTurn]) -> tuple[_Answer, SkillDoc]:
    found = _JSON.search(answer.text)
    if found is None:
        raise _Unusable("The evolver did not answer in JSON.")
    try:
        parsed = _Answer.model_validate_json(found[0])
    except ValidationError as exc:
        fields = ", ".join(sorted({str(e["loc"][0]) for e in exc.errors() if e["loc"]}))
        raise _Unusable(f"Fields of the evolver's answer are not valid: {fields}.") from exc
    if not {turn.turn_id for turn in failures} & set(parsed.evidence_ids):
        raise _Unusable("The evolver named no failing turn as evidence.")
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
        raise _Unusable(f"The evolver's skill is not valid: {exc.detail}") from exc
    return parsed, doc


def _propose(
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
    proposal_check(tenant_id=tenant_id, proposal_id=proposal.id)
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
