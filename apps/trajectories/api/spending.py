from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said import say
from apps.core.said_output import unfit
from apps.tenants.api import TenantApi
from apps.trajectories import selectors

_DAYS_MAX = 400


class JudgeNumbers(serializers.Serializer[Any]):
    """Money in USD / 10⁶."""

    scores = serializers.IntegerField()
    # By models without a known price: not part of the cost.
    unpriced = serializers.IntegerField()
    input_tokens = serializers.IntegerField(source="tokens_in")
    output_tokens = serializers.IntegerField(source="tokens_out")
    cost_micros = serializers.IntegerField(source="micros")


class JudgeDay(JudgeNumbers):
    day = serializers.DateField()


class JudgeSpendingApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        since = serializers.DateField(required=False)
        until = serializers.DateField(required=False)

        def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
            since, until = attrs.get("since"), attrs.get("until")
            if since and until and not 0 <= (until - since).days < _DAYS_MAX:
                english = "Comes before 'until', by less than {days} days."
                raise unfit(say("days_wrong", english, days=_DAYS_MAX), field="since")
            return attrs

        class Meta:
            ref_name = "JudgeSpendingFilters"

    class Output(serializers.Serializer[Any]):
        since = serializers.DateField()
        until = serializers.DateField()
        days = JudgeDay(many=True)
        total = JudgeNumbers()

        class Meta:
            ref_name = "JudgeSpending"

    @extend_schema(operation_id="judge_spending", parameters=[Filters], responses=Output)
    def get(self, request: Request, tenant_slug: str) -> Response:
        """What judging turns cost, by the day; days are the workspace's."""
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        found = selectors.judge_spending(tenant_id=self.tenant_id, **filters.validated_data)
        return Response(self.Output(found).data)
