"""One maker per kind of row; tests set only what they are about."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import factory

from apps.core.chat import conversation_hashes, message_hash
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.core.text import estimate_tokens
from apps.evolution.models import (
    Canary,
    ClusteredTurn,
    FailureCluster,
    LearningPolicy,
    Proposal,
    Replay,
    ReplayCase,
)
from apps.evolution.services import canary_seen, evolution_run, proposal_approve
from apps.evolution.types import Reviewer, Seen
from apps.exports.models import Export, ExportFile
from apps.exports.services import export_ask
from apps.jobs.handlers import JobRun
from apps.jobs.models import Job
from apps.skills.indexed import IndexedSkill
from apps.skills.models import Skill
from apps.skills.packs import pack_of
from apps.skills.services import pack_install, skill_publish
from apps.skills.skillmd import SkillDoc, build
from apps.tenants.models import Tenant, User
from apps.tenants.services import tenant_create
from apps.tenants.types import SYSTEM
from apps.training.models import Sample
from apps.training.services import samples_record
from apps.training.types import NewSample
from apps.trajectories.exact.cutting import CutBody
from apps.trajectories.models import Turn
from apps.trajectories.services import score_record, turns_record
from apps.trajectories.types import TurnRecord, UsedSkill, Verdict, Vote
from apps.upstreams.models import Upstream
from apps.upstreams.services import upstream_create
from apps.usage.types import UsageFact
from tests.fakes import FakeModel


class UserFactory(factory.django.DjangoModelFactory):
    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")

    class Meta:
        model = User

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **fields: Any) -> User:
        password = fields.pop("password", "correct horse battery")
        return User.objects.create_user(password=password, **fields)


class TenantFactory(factory.django.DjangoModelFactory):
    slug = factory.Sequence(lambda n: f"team-{n}")
    name = factory.Sequence(lambda n: f"Team {n}")

    class Meta:
        model = Tenant

    @classmethod
    def _create(cls, model_class: type[Tenant], *args: Any, **fields: Any) -> Tenant:
        tenant = tenant_create(slug=fields.pop("slug"), name=fields.pop("name"))
        for name, value in fields.items():
            setattr(tenant, name, value)
        tenant.save()
        return tenant


def make_upstream(tenant_id: UUID, **fields: Any) -> Upstream:
    wanted = {
        "name": "provider",
        "kind": "openai",
        "base_url": "http://127.0.0.1:9/v1",
        "api_key": "sk-provider-secret-0001",
        "model": "model-1",
    }
    return upstream_create(tenant_id=tenant_id, actor=SYSTEM, **(wanted | fields))


BODY = """# Dates

## Steps

1. Write every date as YYYY-MM-DD.
2. Add the UTC offset to every time.

## Avoid

- Month names and twelve-hour clocks.
"""


def make_doc(slug: str = "iso-dates", **fields: Any) -> SkillDoc:
    wanted = {
        "slug": slug,
        "description": "Use when an answer contains a date or a time of a release or meeting.",
        "category": "general",
        "body": BODY,
    }
    return build(**(wanted | fields))


def make_entry(doc: SkillDoc, *, is_learned: bool = False) -> IndexedSkill:
    """A document as an entry of the search index."""
    return IndexedSkill(
        version_id=doc.slug,
        slug=doc.slug,
        version=1,
        description=doc.description,
        body=doc.body,
        category=doc.category,
        tokens=estimate_tokens(doc.body),
        reach=doc.reach,
        learned=is_learned,
    )


def make_skill(tenant_id: UUID, slug: str = "iso-dates", **fields: Any) -> Skill:
    source = fields.pop("source", Skill.Source.WRITTEN)
    doc = make_doc(slug, **fields)
    return skill_publish(tenant_id=tenant_id, actor=SYSTEM, doc=doc, source=source)


def make_pack(tenant_id: UUID, name: str = "house-style", **fields: Any) -> str:
    """An installed pack of one skill; its name."""
    doc = make_doc(f"{name}-dates")
    pack = pack_of([doc], **({"name": name, "version": "1.0"} | fields))
    pack_install(tenant_id=tenant_id, actor=SYSTEM, pack=pack, source=Skill.Source.IMPORTED)
    return name


def make_record(tenant_id: UUID, **fields: Any) -> TurnRecord:
    """A finished OpenAI turn. ``messages`` and ``answer`` decide its hashes."""
    messages = fields.pop("messages", [{"role": "user", "content": "When is the release?"}])
    answer = fields.pop("answer", {"role": "assistant", "content": "On 3/10 at 9 am."})
    hashes = conversation_hashes(messages)
    asked = {"model": "model-1", "messages": messages}
    asked |= {name: fields.pop(name) for name in ("system", "tools") if name in fields}
    at = now()
    record = TurnRecord(
        id=uuid7(),
        tenant_id=tenant_id,
        session_id=uuid7(),
        session_source="new",
        external_session_id="",
        is_session_done=False,
        kind="main",
        status="complete",
        http_status=200,
        dialect="openai",
        is_stream=False,
        is_simulated=False,
        is_free=False,
        agent="",
        key_id=uuid7(),
        key_name="key",
        upstream="provider",
        model="model-1",
        served_model="model-1",
        started_at=at - timedelta(milliseconds=120),
        finished_at=at,
        timings={"received": 0, "authenticated": 1, "first_byte": 80, "finished": 120},
        first_byte_ms=80,
        latency_ms=120,
        input_tokens=12,
        output_tokens=8,
        cache_read_tokens=None,
        cache_write_tokens=None,
        usage_is_estimated=False,
        messages=messages,
        body=CutBody.of(fields.pop("body", json.dumps(asked).encode())),
        prefix_hashes=hashes,
        end_hash=message_hash(hashes[-1], answer) if answer else None,
        response=answer,
        finish_reason="stop",
        error=None,
        injection={"text": "", "place": "none"},
        preview=str(messages[-1]["content"])[:200],
        user_text=str(messages[-1]["content"]),
        response_text=str(answer["content"]) if answer else "",
    )
    return replace(record, **fields)


def make_replay(proposal: Proposal, **fields: Any) -> Replay:
    """A replay that has ended, with one turn it was tried on."""
    with tenant_tx(proposal.tenant_id):
        wanted = {
            "tenant_id": proposal.tenant_id,
            "proposal": proposal,
            "sha256": proposal.sha256,
            "status": "done",
            "samples": 2,
            "token_budget": 1000,
            "started_by": "Somebody",
            "finished_at": now(),
        }
        replay = Replay.objects.create(**(wanted | fields))
        ReplayCase.objects.create(
            tenant_id=proposal.tenant_id, replay=replay, turn_id=uuid7(), group="evidence"
        )
        return replay


def make_canary(tenant_id: UUID, slug: str = "iso-dates", share: float = 0.5) -> Canary:
    """A canary that runs, with one session that counts for it."""
    proposal, turn = make_proposal(tenant_id, slug=slug)
    proposal_approve(
        tenant_id=tenant_id,
        reviewer=Reviewer(SYSTEM),
        proposal_id=proposal.id,
        sha256=proposal.sha256,
        to="canary",
        share=share,
    )
    with tenant_tx(tenant_id):
        canary = Canary.objects.for_tenant(tenant_id).get(proposal=proposal)
        seen = Seen(canary.id, turn.session_id, "control", turn.id)
        canary_seen(tenant_id=tenant_id, seen=[seen])
    return canary


def make_fact(**fields: Any) -> UsageFact:
    """What a request used: 1,000 tokens in, 100 out, unless said otherwise."""
    fact = UsageFact(
        id=uuid7(),
        at=now(),
        key_id=uuid7(),
        agent="coder",
        model="smart",
        served_model="gpt-5-mini-2025-08-07",
        upstream="provider",
        status="complete",
        input_tokens=1000,
        output_tokens=100,
    )
    return replace(fact, **fields)


def make_turn(tenant_id: UUID, **fields: Any) -> Turn:
    """A recorded turn; ``score`` gives it a verdict, ``skills`` are (version_id, slug, version)."""
    score = fields.pop("score", None)
    skills: Iterable[tuple[UUID, str, int]] = fields.pop("skills", ())
    used = [UsedSkill(version_id, slug, number, 0.5) for version_id, slug, number in skills]
    record = make_record(tenant_id, skills=used, **fields)
    turns_record(tenant_id=tenant_id, records=[record])
    with tenant_tx(tenant_id):
        if score is not None:
            score_record(tenant_id=tenant_id, turn_id=record.id, verdict=make_verdict(score))
        return Turn.objects.for_tenant(tenant_id).get(id=record.id)


def make_sample(turn: Turn, **fields: Any) -> Sample:
    """What a policy said in a turn, in tokens."""
    sample = NewSample(
        turn_id=turn.id,
        origin="rollout",
        group_id=None,
        base_model="local/demo-1",
        checkpoint="",
        generation=1,
        version_ids=(),
        temperature=1.0,
        stop_reason="stop",
        prompt_tokens=(1, 2, 3),
        tokens=(4, 5),
        logprobs=(-0.5, -1.25),
    )
    samples_record(tenant_id=turn.tenant_id, samples=[replace(sample, **fields)])
    with tenant_tx(turn.tenant_id):
        return Sample.objects.for_tenant(turn.tenant_id).get(turn_id=turn.id)


def make_verdict(value: int, rationale: str = "The date is not ISO 8601.") -> Verdict:
    return Verdict(
        value=value,
        rationale=rationale,
        votes=[Vote(value, rationale)] * 3,
        judge_model="judge-1",
        prompt_version="judge-v1",
        is_simulated=False,
        saw_follow_up=False,
        input_tokens=30,
        output_tokens=9,
    )


def make_run(tenant_id: UUID, kind: str = "test", **payload: Any) -> JobRun:
    """A job as its handler sees it: claimed, with its lease running."""
    with tenant_tx(tenant_id):
        job = Job.objects.create(
            tenant_id=tenant_id,
            kind=kind,
            payload=payload,
            status=Job.Status.RUNNING,
            run_after=now(),
            lease_until=now() + timedelta(minutes=1),
            fence=1,
        )
    return JobRun(tenant_id=tenant_id, job_id=job.id, fence=1, payload=payload)


def lesson(*turn_ids: UUID, slug: str = "iso-dates", **fields: Any) -> dict[str, Any]:
    """What an evolver answers."""
    doc = make_doc(slug)
    answer = {
        "kind": "create",
        "name": slug,
        "description": doc.description,
        "category": doc.category,
        "reach": "relevant",
        "body": doc.body,
        "evidence_ids": [str(turn_id) for turn_id in turn_ids],
    }
    return answer | fields


def make_policy(tenant_id: UUID, **fields: Any) -> LearningPolicy:
    """Rules for learning; one session is enough for a proposal unless said otherwise."""
    with tenant_tx(tenant_id):
        LearningPolicy.objects.for_tenant(tenant_id).delete()
        return LearningPolicy.objects.create(tenant_id=tenant_id, **({"min_sessions": 1} | fields))


def make_cluster(tenant_id: UUID, *turns: Turn, **fields: Any) -> FailureCluster:
    """Failing turns that were found to be alike."""
    with tenant_tx(tenant_id):
        cluster = FailureCluster.objects.create(tenant_id=tenant_id, **fields)
        ClusteredTurn.objects.bulk_create(
            ClusteredTurn(
                tenant_id=tenant_id, cluster=cluster, turn_id=turn.id, session_id=turn.session_id
            )
            for turn in turns
        )
        return cluster


def make_proposal(tenant_id: UUID, slug: str = "iso-dates", **fields: Any) -> tuple[Proposal, Turn]:
    """A pending proposal and the failing turn that led to it."""
    with tenant_tx(tenant_id):
        has_policy = LearningPolicy.objects.for_tenant(tenant_id).exists()
    if not has_policy:
        make_policy(tenant_id)
    turn = make_turn(tenant_id, score=-1)
    model = FakeModel(lesson(turn.id, slug=slug, **fields))
    evolution_run(run=make_run(tenant_id), model=model, is_simulated=False)
    with tenant_tx(tenant_id):
        return Proposal.objects.for_tenant(tenant_id).get(slug=slug, status="pending"), turn


def make_learned(tenant_id: UUID, slug: str = "iso-dates", **fields: Any) -> Proposal:
    """A live skill that was learned from a failing turn, and the approved proposal it was."""
    proposal, _ = make_proposal(tenant_id, slug, **fields)
    return proposal_approve(
        tenant_id=tenant_id,
        reviewer=Reviewer(SYSTEM),
        proposal_id=proposal.id,
        sha256=proposal.sha256,
    )


def make_export(tenant_id: UUID, *, with_file: bool = False, **fields: Any) -> Export:
    """An export that was asked for; ``with_file``: one file of it is noted, though not there."""
    wanted = {"kind": "turns", "redaction": "secrets"}
    export = export_ask(tenant_id=tenant_id, actor=SYSTEM, **(wanted | fields))
    if with_file:
        with tenant_tx(tenant_id):
            ExportFile.objects.create(
                tenant_id=tenant_id,
                export=export,
                name="00001-trajectories.turn.jsonl.gz",
                stored_as="00001-0000",
                table="trajectories.turn",
                rows=1,
                bytes=20,
                sha256="0" * 64,
            )
    return export
