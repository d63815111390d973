from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.evolution import selectors, services
from apps.evolution.api.clusters import ClusterSampleOutput
from apps.evolution.api.learning import LearningPolicyOutput
from apps.evolution.api.output import DECIDE_ROLE
from apps.evolution.models import EvolutionRun, Proposal
from apps.tenants.api import TenantApi
from apps.trajectories import selectors as turns


class EvolutionRunOutput(serializers.ModelSerializer[EvolutionRun]):
    reason_said = SaidOutput(source="reason")
    tokens = serializers.SerializerMethodField()
    cluster = serializers.UUIDField(source="cluster_id", allow_null=True)
    # What came of it: the proposal that it wrote, or gave more evidence to.
    proposal = serializers.SerializerMethodField()
    slug = serializers.SerializerMethodField()

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
            "proposal",
            "slug",
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

    def get_proposal(self, run: EvolutionRun) -> UUID | None:
        proposal = _led_to(run)
        return proposal.id if proposal else None

    def get_slug(self, run: EvolutionRun) -> str | None:
        proposal = _led_to(run)
        return proposal.slug if proposal else None


def _led_to(run: EvolutionRun) -> Proposal | None:
    """Its failures may have led to one later: that is another run's."""
    if run.outcome not in (EvolutionRun.Outcome.PROPOSED, EvolutionRun.Outcome.EXTENDED):
        return None
    return run.cluster.proposal if run.cluster else None


class EvolutionRunDetailOutput(EvolutionRunOutput):
    """The turns that the evolver was shown, as far as they are still there."""

    turns = serializers.SerializerMethodField()

    class Meta(EvolutionRunOutput.Meta):
        ref_name = "EvolutionRunDetail"
        fields = [*EvolutionRunOutput.Meta.fields, "turns"]

    @extend_schema_field(ClusterSampleOutput(many=True))
    def get_turns(self, run: EvolutionRun) -> Any:
        shown = turns.turns_brief(tenant_id=run.tenant_id, turn_ids=run.shown_turn_ids)
        return ClusterSampleOutput(shown, many=True).data


class EvolutionRunListApi(TenantApi):
    """The evolver's runs, and asking for one by hand."""

    write_role = DECIDE_ROLE

    class Filters(serializers.Serializer[Any]):
        outcome = serializers.ChoiceField(choices=EvolutionRun.Outcome.choices, required=False)
        cluster = serializers.UUIDField(required=False)

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
            tenant_id=self.tenant_id,
            outcome=filters.validated_data.get("outcome", ""),
            cluster_id=filters.validated_data.get("cluster"),
        )
        return self.page_of(rows, EvolutionRunOutput)

    @extend_schema(
        operation_id="evolution_runs_ask", request=None, responses={202: LearningPolicyOutput}
    )
    def post(self, request: Request, tenant_slug: str) -> Response:
        services.run_ask(tenant_id=self.tenant_id, actor=self.actor)
        policy = selectors.learning_policy(tenant_id=self.tenant_id)
        return Response(LearningPolicyOutput(policy).data, status.HTTP_202_ACCEPTED)


class EvolutionRunDetailApi(TenantApi):
    @extend_schema(operation_id="evolution_runs_get", responses=EvolutionRunDetailOutput)
    def get(self, request: Request, tenant_slug: str, run_id: UUID) -> Response:
        run = selectors.run_get(tenant_id=self.tenant_id, run_id=run_id)
        return Response(EvolutionRunDetailOutput(run).data)
