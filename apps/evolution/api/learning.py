from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said import Sentence, sentences_of
from apps.core.said_output import SaidOutput, SentenceOutput
from apps.evolution import selectors, services
from apps.evolution.api.output import DECIDE_ROLE
from apps.evolution.models import EvolutionRun, FailureCluster, LearningPolicy
from apps.tenants.api import TenantApi
from apps.trajectories.types import BriefTurn

_MONEY_MAX = 10**15
_RULES = [
    "on_failure",
    "on_session_end",
    "every_turns",
    "success_below",
    "success_window",
    "min_sessions",
    "evidence",
    "spares_corrected",
    "daily_runs",
    "daily_tokens",
    "daily_micros",
    "is_paused",
    "ledger_outcomes",
    "ledger_success_below",
    "ledger_lift_below",
    "ledger_unused_days",
    "ledger_merges",
]


class LearningDayOutput(serializers.Serializer[Any]):
    """What the evolver used today. Money in USD / 10⁶, of models with a known price."""

    runs = serializers.IntegerField()
    tokens = serializers.IntegerField()
    micros = serializers.IntegerField()
    ends_at = serializers.DateTimeField()
    capped_by = serializers.ChoiceField(choices=["", "runs", "tokens", "money"])

    class Meta:
        ref_name = "LearningDay"


class LearningPolicyOutput(serializers.ModelSerializer[LearningPolicy]):
    state = serializers.SerializerMethodField()
    today = serializers.SerializerMethodField()
    held_reason = serializers.SerializerMethodField()
    held_said = serializers.SerializerMethodField()

    class Meta:
        model = LearningPolicy
        ref_name = "LearningPolicy"
        fields = [*_RULES, "state", "today", "held_at", "held_reason", "held_said", "waived_judge"]

    def get_held_reason(self, policy: LearningPolicy) -> str:
        return services.held_sentence(policy)

    @extend_schema_field(SentenceOutput(many=True))
    def get_held_said(self, policy: LearningPolicy) -> tuple[Sentence, ...]:
        return sentences_of(services.held_sentence(policy))

    @extend_schema_field(serializers.ChoiceField(choices=["on", "paused", "held", "capped"]))
    def get_state(self, policy: LearningPolicy) -> str:
        """``held``: judge and people differ too much."""
        if policy.is_paused:
            return "paused"
        if policy.is_stopped:
            return "held"
        return "capped" if self._day(policy).capped_by else "on"

    @extend_schema_field(LearningDayOutput)
    def get_today(self, policy: LearningPolicy) -> Any:
        return LearningDayOutput(self._day(policy)).data

    def _day(self, policy: LearningPolicy) -> services.LearningDay:
        return services.day_get(tenant_id=policy.tenant_id, policy=policy)


class LearningPolicyApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        """What is left out stays as it is. Null: no such trigger, no such limit."""

        on_failure = serializers.BooleanField(required=False)
        on_session_end = serializers.BooleanField(required=False)
        every_turns = serializers.IntegerField(
            min_value=1, max_value=100_000, required=False, allow_null=True
        )
        success_below = serializers.IntegerField(
            min_value=1, max_value=100, required=False, allow_null=True
        )
        success_window = serializers.IntegerField(min_value=5, max_value=500, required=False)
        min_sessions = serializers.IntegerField(min_value=1, max_value=10, required=False)
        evidence = serializers.ChoiceField(
            choices=LearningPolicy.EvidenceMode.choices, required=False
        )
        spares_corrected = serializers.BooleanField(required=False)
        daily_runs = serializers.IntegerField(
            min_value=0, max_value=10**6, required=False, allow_null=True
        )
        daily_tokens = serializers.IntegerField(
            min_value=0, max_value=10**12, required=False, allow_null=True
        )
        daily_micros = serializers.IntegerField(
            min_value=0, max_value=_MONEY_MAX, required=False, allow_null=True
        )
        is_paused = serializers.BooleanField(required=False)
        ledger_outcomes = serializers.IntegerField(min_value=1, max_value=10**6, required=False)
        ledger_success_below = serializers.IntegerField(
            min_value=1, max_value=100, required=False, allow_null=True
        )
        ledger_lift_below = serializers.IntegerField(
            min_value=-100, max_value=100, required=False, allow_null=True
        )
        ledger_unused_days = serializers.IntegerField(
            min_value=1, max_value=3650, required=False, allow_null=True
        )
        ledger_merges = serializers.BooleanField(required=False)

        class Meta:
            ref_name = "LearningPolicyChange"

    @extend_schema(operation_id="learning_policy_get", responses=LearningPolicyOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        policy = selectors.learning_policy(tenant_id=self.tenant_id)
        return Response(LearningPolicyOutput(policy).data)

    @extend_schema(
        operation_id="learning_policy_put", request=Input, responses=LearningPolicyOutput
    )
    def put(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        policy = services.learning_policy_set(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(LearningPolicyOutput(policy).data)


class ClusterSampleOutput(serializers.Serializer[Any]):
    turn_id = serializers.UUIDField()
    session_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    user_text = serializers.CharField()
    follow_up = serializers.CharField()
    rationale = serializers.CharField()

    class Meta:
        ref_name = "ClusterSample"


class FailureClusterOutput(serializers.ModelSerializer[FailureCluster]):
    """Needs ``samples`` (by cluster) and ``min_sessions`` in its context."""

    size = serializers.IntegerField()
    sessions = serializers.IntegerField()
    sessions_missing = serializers.SerializerMethodField()
    proposal = serializers.UUIDField(source="proposal_id", allow_null=True)
    slug = serializers.SerializerMethodField()
    reason_said = SaidOutput(source="reason")
    samples = serializers.SerializerMethodField()

    class Meta:
        model = FailureCluster
        ref_name = "FailureCluster"
        fields = [
            "id",
            "state",
            "reason",
            "reason_said",
            "tries",
            "size",
            "sessions",
            "sessions_missing",
            "proposal",
            "slug",
            "samples",
            "created_at",
            "updated_at",
        ]

    def get_sessions_missing(self, cluster: Any) -> int:
        if cluster.state != FailureCluster.State.WAITING:
            return 0
        return max(0, int(self.context["min_sessions"]) - int(cluster.sessions))

    def get_slug(self, cluster: FailureCluster) -> str | None:
        return cluster.proposal.slug if cluster.proposal else None

    @extend_schema_field(ClusterSampleOutput(many=True))
    def get_samples(self, cluster: FailureCluster) -> Any:
        samples: Mapping[UUID, Sequence[BriefTurn]] = self.context["samples"]
        return ClusterSampleOutput(samples.get(cluster.id, ()), many=True).data


class _ClusterApi(TenantApi):
    write_role = DECIDE_ROLE

    def shown(self, clusters: Sequence[FailureCluster]) -> Any:
        ids = [cluster.id for cluster in clusters]
        policy = selectors.learning_policy(tenant_id=self.tenant_id)
        context = {
            "samples": selectors.cluster_samples(tenant_id=self.tenant_id, cluster_ids=ids),
            "min_sessions": policy.min_sessions,
        }
        return FailureClusterOutput(clusters, many=True, context=context).data


class FailureClusterListApi(_ClusterApi):
    class Filters(serializers.Serializer[Any]):
        state = serializers.ChoiceField(choices=FailureCluster.State.choices, required=False)

        class Meta:
            ref_name = "FailureClusterFilters"

    @extend_schema(
        operation_id="failure_clusters_list",
        parameters=[Filters],
        responses=FailureClusterOutput(many=True),
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = selectors.cluster_list(
            tenant_id=self.tenant_id, state=filters.validated_data.get("state", "")
        )
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response(self.shown(page))


class FailureClusterRetryApi(_ClusterApi):
    @extend_schema(
        operation_id="failure_clusters_retry", request=None, responses=FailureClusterOutput
    )
    def post(self, request: Request, tenant_slug: str, cluster_id: UUID) -> Response:
        found = services.cluster_retry(
            tenant_id=self.tenant_id, actor=self.actor, cluster_id=cluster_id
        )
        return Response(self.shown([found])[0])


class EvolutionRunOutput(serializers.ModelSerializer[EvolutionRun]):
    reason_said = SaidOutput(source="reason")
    tokens = serializers.SerializerMethodField()
    cluster = serializers.UUIDField(source="cluster_id", allow_null=True)

    class Meta:
        model = EvolutionRun
        ref_name = "EvolutionRun"
        fields = [
            "id",
            "created_at",
            "outcome",
            "reason",
            "reason_said",
            "trigger",
            "cluster",
            "failures_shown",
            "author_model",
            "prompt_version",
            "is_simulated",
            "input_tokens",
            "output_tokens",
            "tokens",
            "cost_micros",
        ]

    def get_tokens(self, run: EvolutionRun) -> int:
        return run.input_tokens + run.output_tokens


class EvolutionRunListApi(TenantApi):
    """The evolver's runs, and asking for one by hand."""

    write_role = DECIDE_ROLE

    class Filters(serializers.Serializer[Any]):
        outcome = serializers.ChoiceField(choices=EvolutionRun.Outcome.choices, required=False)

        class Meta:
            ref_name = "EvolutionRunFilters"

    @extend_schema(
        operation_id="evolution_runs_list",
        parameters=[Filters],
        responses=EvolutionRunOutput(many=True),
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = selectors.run_list(
            tenant_id=self.tenant_id, outcome=filters.validated_data.get("outcome", "")
        )
        return self.page_of(rows, EvolutionRunOutput)

    @extend_schema(
        operation_id="evolution_runs_ask", request=None, responses={202: LearningPolicyOutput}
    )
    def post(self, request: Request, tenant_slug: str) -> Response:
        services.run_ask(tenant_id=self.tenant_id, actor=self.actor)
        policy = selectors.learning_policy(tenant_id=self.tenant_id)
        return Response(LearningPolicyOutput(policy).data, status.HTTP_202_ACCEPTED)
