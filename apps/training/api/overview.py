from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.tenants.api import TenantApi
from apps.training import selectors, services


class FunnelOutput(serializers.Serializer[Any]):
    """Samples on record; ``refused``: how many for which reason, ``sentences`` says each."""

    captured = serializers.IntegerField()
    eligible = serializers.IntegerField()
    refused = serializers.DictField(child=serializers.IntegerField())
    sentences = serializers.DictField(child=serializers.CharField())
    sentences_said = serializers.DictField(source="sentences", child=SaidOutput(), read_only=True)

    class Meta:
        ref_name = "TrainingFunnel"


class FunnelApi(TenantApi):
    @extend_schema(operation_id="training_funnel", responses=FunnelOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        """How many answers were recorded in tokens, and what keeps which out of training."""
        found = selectors.funnel(tenant_id=self.tenant_id)
        return Response(FunnelOutput(asdict(found) | {"sentences": selectors.REFUSALS}).data)


class TrainingDayOutput(serializers.Serializer[Any]):
    """What trainers were asked today: to train on, and to sample for steps. Money in USD / 10⁶,
    of steps whose price is known. ``sampled_…``: of ``tokens`` and ``micros``, what was sampled;
    while a step samples, the most that it can come to."""

    steps = serializers.IntegerField()
    tokens = serializers.IntegerField()
    micros = serializers.IntegerField()
    sampled_tokens = serializers.IntegerField()
    sampled_micros = serializers.IntegerField()
    ends_at = serializers.DateTimeField()

    class Meta:
        ref_name = "TrainingDay"


class BudgetOutput(serializers.Serializer[Any]):
    """A day's most, over all policies; null: no limit."""

    daily_steps = serializers.IntegerField(allow_null=True)
    daily_tokens = serializers.IntegerField(allow_null=True)
    daily_micros = serializers.IntegerField(allow_null=True)
    today = TrainingDayOutput()

    class Meta:
        ref_name = "TrainingBudget"


class BudgetApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        """What is left out stays as it is; null lifts a limit."""

        daily_steps = serializers.IntegerField(
            min_value=0, max_value=10**6, required=False, allow_null=True
        )
        daily_tokens = serializers.IntegerField(
            min_value=0, max_value=10**12, required=False, allow_null=True
        )
        daily_micros = serializers.IntegerField(
            min_value=0, max_value=10**15, required=False, allow_null=True
        )

        class Meta:
            ref_name = "TrainingBudgetChange"

    @extend_schema(operation_id="training_budget_get", responses=BudgetOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        return Response(self._state())

    @extend_schema(operation_id="training_budget_set", request=Input, responses=BudgetOutput)
    def patch(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        services.budget_set(tenant_id=self.tenant_id, actor=self.actor, **body.validated_data)
        return Response(self._state())

    def _state(self) -> dict[str, Any]:
        row = services.budget_get(tenant_id=self.tenant_id)
        return dict(
            BudgetOutput(
                {
                    "daily_steps": row.daily_steps,
                    "daily_tokens": row.daily_tokens,
                    "daily_micros": row.daily_micros,
                    "today": services.day_get(tenant_id=self.tenant_id),
                }
            ).data
        )
