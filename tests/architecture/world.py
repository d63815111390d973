"""Two workspaces with one row of every kind that a route can name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection

from apps.core.clock import now
from apps.core.tenancy import TenantOwned, directory, tenant_tx
from apps.demo.models import DemoLoad
from apps.evolution.models import (
    AnnotationItem,
    AnnotationLease,
    Canary,
    EvolutionRun,
    FailureCluster,
    Proposal,
    Replay,
    ReviewLease,
)
from apps.evolution.services import (
    annotation_policy_set,
    item_add,
    item_lease,
    review_policy_set,
)
from apps.exports.models import Export
from apps.jobs.models import Job
from apps.jobs.services import job_enqueue
from apps.skills.models import Skill, SkillStanding
from apps.tenants.models import Agent, ApiKey, Invitation, Membership, SavedFilter, Tenant
from apps.tenants.services import (
    agent_create,
    filter_keep,
    invitation_create,
    key_create,
    member_add,
    refused_record,
)
from apps.tenants.types import SYSTEM, RefusedFact
from apps.training.models import (
    Batch,
    CalendarConnection,
    Checkpoint,
    Gate,
    Rollout,
    TaskSet,
    TrainingJob,
    TrainingPolicy,
)
from apps.trajectories.models import Turn
from apps.trajectories.services import INDEX_KIND, texts_index
from apps.upstreams.models import Route, Upstream
from apps.upstreams.services import route_create
from apps.usage.models import Limit
from apps.usage.services import limit_create, price_set, usage_record
from apps.usage.types import Price
from tests.factories import (
    TenantFactory,
    UserFactory,
    make_canary,
    make_cluster,
    make_doc,
    make_export,
    make_fact,
    make_pack,
    make_proposal,
    make_replay,
    make_run,
    make_sample,
    make_skill,
    make_upstream,
)
from tests.training.factories import (
    make_budget,
    make_checkpoint,
    make_gate,
    make_policy,
    make_rollout,
    make_step,
    make_task_set,
    make_trainer,
    make_training_job,
    make_trial,
    make_trial_session,
)
from tests.training.windows.factories import (
    make_calendar,
    make_presence,
    make_window,
    make_window_rules,
)

TENANT_MODELS = [model for model in apps.get_models() if issubclass(model, TenantOwned)]


@dataclass(frozen=True)
class Workspace:
    tenant: Tenant
    skill: Skill
    upstream: Upstream
    spare: Upstream
    key: ApiKey
    member: Membership
    saved_filter: SavedFilter
    invitation: Invitation
    turn: Turn
    proposal: Proposal
    quarantined: Proposal
    agent: Agent
    route: Route
    limit: Limit
    pack: str
    replay: Replay
    canary: Canary
    cluster: FailureCluster
    run: EvolutionRun
    export: Export
    annotation: AnnotationItem
    policy: TrainingPolicy
    idle_policy: TrainingPolicy
    trainer: Upstream
    job: TrainingJob
    checkpoint: Checkpoint
    passed: Checkpoint
    gate: Gate
    rollout: Rollout
    # Nobody learns from it.
    spare_tasks: TaskSet
    calendar: CalendarConnection
    # The id of a background job.
    given_up: UUID
    admin_secret: str

    @property
    def text(self) -> str:
        """A text that the skill's editor would accept."""
        return make_doc(self.skill.slug, body="# Dates\n\n1. Write dates as YYYY-MM-DD.").text

    @property
    def sha256(self) -> str:
        assert self.skill.live_version is not None
        return self.skill.live_version.sha256


def make_workspace(name: str) -> Workspace:
    tenant = TenantFactory(slug=name)
    proposal, turn = make_proposal(tenant.id, slug=f"proposed-in-{name}")
    key, _ = key_create(tenant_id=tenant.id, actor=SYSTEM, name="ci", scopes=["read"])
    _, secret = key_create(tenant_id=tenant.id, actor=SYSTEM, name="admin", scopes=["admin"])
    first = make_upstream(tenant.id, name="first")
    price = Price(1, 2, 3, 4)
    price_set(tenant_id=tenant.id, actor=SYSTEM, pattern=f"model-of-{name}", price=price)
    usage_record(tenant_id=tenant.id, facts=[make_fact(key_id=key.id)])
    refused = RefusedFact(key.id, "key_revoked", 401, False, "", 1, now())
    refused_record(tenant_id=tenant.id, facts=[refused])
    targets = [{"upstream": str(first.id)}]
    span = {"low": str(UUID(int=0)), "high": str(UUID(int=(1 << 128) - 1))}
    texts_index(run=make_run(tenant.id, INDEX_KIND, **span))
    skill = make_skill(tenant.id, f"skill-of-{name}")
    with tenant_tx(tenant.id):
        DemoLoad.objects.create(tenant_id=tenant.id, ends_at=now(), done=1, total=1)
        SkillStanding.objects.create(tenant_id=tenant.id, version=skill.live_version)
        Batch.objects.create(tenant_id=tenant.id, groups=1, normalisation="token")
    make_sample(turn)
    make_budget(tenant.id)
    trainer = make_trainer(tenant.id)
    policy = make_policy(
        tenant.id, upstream=trainer, task_set=make_task_set(tenant.id), route_model="helper"
    )
    job = make_training_job(policy)
    make_step(job)
    serving = make_checkpoint(policy, 2, status="serving")
    make_trial_session(make_trial(serving, kind="watch"), turn)
    passed = make_checkpoint(policy, 3, status="passed")
    make_window_rules(tenant.id)
    make_window(tenant.id)
    make_presence(tenant.id)
    member = member_add(tenant_id=tenant.id, user_id=UserFactory().id, role="viewer")
    return Workspace(
        tenant=tenant,
        skill=skill,
        upstream=first,
        agent=agent_create(tenant_id=tenant.id, actor=SYSTEM, name="coder"),
        route=route_create(tenant_id=tenant.id, actor=SYSTEM, model="smart", targets=targets),
        spare=make_upstream(tenant.id, name="spare"),
        key=key,
        member=member,
        saved_filter=filter_keep(
            tenant_id=tenant.id,
            user_id=str(member.user_id),
            page="turns",
            name=f"filters-of-{name}",
            search={"q": f"words-of-{name}"},
        ),
        pack=make_pack(tenant.id, f"pack-of-{name}"),
        invitation=invitation_create(
            tenant_id=tenant.id,
            actor=SYSTEM,
            acting_as="owner",
            email=f"invited-to-{name}@example.com",
            role="member",
        ).row,
        turn=turn,
        proposal=proposal,
        quarantined=_quarantined(proposal, f"kept-in-{name}"),
        replay=make_replay(proposal),
        canary=make_canary(tenant.id, slug=f"tried-in-{name}"),
        cluster=make_cluster(tenant.id),
        run=_run(turn),
        export=make_export(tenant.id, with_file=True),
        annotation=_annotation(turn),
        policy=policy,
        idle_policy=make_policy(tenant.id, "idle", upstream=trainer),
        trainer=trainer,
        job=job,
        checkpoint=make_checkpoint(policy, job=job),
        passed=passed,
        gate=make_gate(passed, turn.id, status="passed"),
        rollout=make_rollout(policy, task_set=policy.task_set),
        spare_tasks=make_task_set(tenant.id, name="spare"),
        calendar=make_calendar(tenant.id),
        given_up=_given_up(tenant.id, f"test.of-{name}"),
        limit=limit_create(tenant_id=tenant.id, actor=SYSTEM, scope="tenant", day_micros=10**9),
        admin_secret=secret,
    )


def _given_up(tenant_id: UUID, kind: str) -> UUID:
    job_id = job_enqueue(tenant_id=tenant_id, kind=kind, payload={})
    with tenant_tx(tenant_id):
        Job.objects.for_tenant(tenant_id).filter(id=job_id).update(status="dead")
    return job_id


def _annotation(turn: Turn) -> AnnotationItem:
    """A turn that waits for a person, and the rows that waiting leaves behind."""
    tenant_id = turn.tenant_id
    annotation_policy_set(tenant_id=tenant_id, actor=SYSTEM, share_passed=7)
    item = item_add(tenant_id=tenant_id, actor=SYSTEM, turn_id=turn.id)
    item_lease(tenant_id=tenant_id, actor=SYSTEM, item_id=item.id)
    with tenant_tx(tenant_id):
        AnnotationLease.objects.for_tenant(tenant_id).update(expires_at=now())
    return item


def _quarantined(waiting: Proposal, slug: str) -> Proposal:
    """A proposal in quarantine, and the rows that reviewing leaves behind."""
    tenant_id, doc = waiting.tenant_id, make_doc(slug)
    review_policy_set(tenant_id=tenant_id, actor=SYSTEM, quorum=1)
    with tenant_tx(tenant_id):
        kept = Proposal.objects.create(
            tenant_id=tenant_id,
            run=waiting.run,
            kind=Proposal.Kind.CREATE,
            status=Proposal.Status.QUARANTINED,
            slug=slug,
            category=doc.category,
            description=doc.description,
            text=doc.text,
            sha256=doc.sha256,
            original_sha256=doc.sha256,
            author_model=waiting.author_model,
            decided_at=now(),
        )
        ReviewLease.objects.create(
            tenant_id=tenant_id,
            proposal=kept,
            holder_kind=SYSTEM.kind,
            holder_id=SYSTEM.id,
            holder=SYSTEM.label,
            expires_at=now(),
        )
        return kept


def rows_of(tenant_id: UUID) -> dict[str, list[dict[str, Any]]]:
    """Everything the database holds for a workspace, to compare before and after."""
    with directory():
        return {
            model._meta.label: [
                # Binary columns come as memoryviews, which never equal each other.
                {name: bytes(v) if isinstance(v, memoryview) else v for name, v in row.items()}
                for row in model.objects.across_tenants()
                .filter(tenant_id=tenant_id)
                .order_by("id")
                .values()
            ]
            for model in TENANT_MODELS
        }


def state_of(tenant_id: UUID) -> dict[str, str | None]:
    """What tells whether anything of a workspace changed: a check sum of the rows of each table.

    Quick, where ``rows_of`` asks every table by itself; for tests that run hundreds of times.
    """
    sums = " UNION ALL ".join(
        f"SELECT '{table}', md5(string_agg(t::text, '' ORDER BY t.id)) "  # our names
        f"FROM {table} t WHERE t.tenant_id = %(tenant)s"
        for table in (model._meta.db_table for model in TENANT_MODELS)
    )
    with directory(), connection.cursor() as cursor:
        cursor.execute(sums, {"tenant": tenant_id})
        return dict(cursor.fetchall())


def _run(turn: Turn) -> EvolutionRun:
    with tenant_tx(turn.tenant_id):
        return EvolutionRun.objects.create(
            tenant_id=turn.tenant_id,
            outcome=EvolutionRun.Outcome.NOTHING,
            author_model="fake-1",
            prompt_version="evolver-v2",
            failures_shown=1,
            shown_turn_ids=[turn.id],
        )
