from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.evolution import selectors, services
from apps.evolution.api.learning import LearningPolicyOutput
from apps.evolution.api.output import DECIDE_ROLE
from apps.evolution.models import EvolutionRun
from apps.tenants.api import TenantApi


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
