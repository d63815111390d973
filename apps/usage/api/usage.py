from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said import say
from apps.core.said_output import unfit
from apps.tenants.api import TenantApi
from apps.tenants.selectors import key_names
from apps.usage import selectors
from apps.usage.api.limits import LimitOutput
from apps.usage.selectors.usage import GROUPS

_DAYS_MAX = 400


class UsageNumbers(serializers.Serializer[Any]):
    """``input_tokens`` is all input, the cached part of it included."""

    requests = serializers.IntegerField()
    aborted = serializers.IntegerField()
    estimated = serializers.IntegerField()
    # Of models whose price nobody knows: not part of the cost.
    unpriced = serializers.IntegerField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cache_read_tokens = serializers.IntegerField()
    cache_write_tokens = serializers.IntegerField()
    cost_micros = serializers.IntegerField()


class UsageRow(UsageNumbers):
    group = serializers.CharField()
    # Of a key; else empty.
    name = serializers.CharField()


class UsageReportOutput(serializers.Serializer[Any]):
    since = serializers.DateField()
    until = serializers.DateField()
    by = serializers.ChoiceField(choices=list(GROUPS))
    rows = UsageRow(many=True)
    total = UsageNumbers()

    class Meta:
        ref_name = "UsageReport"


class UsageApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        by = serializers.ChoiceField(choices=list(GROUPS), default="day")
        since = serializers.DateField(required=False)
        until = serializers.DateField(required=False)

        def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
            since, until = attrs.get("since"), attrs.get("until")
            if since and until and not 0 <= (until - since).days < _DAYS_MAX:
                english = "Comes before 'until', by less than {days} days."
                raise unfit(say("days_wrong", english, days=_DAYS_MAX), field="since")
            return attrs

    @extend_schema(operation_id="usage_get", parameters=[Filters], responses=UsageReportOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        """Sums by day, model, key, agent or provider; days are the workspace's."""
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        report = selectors.usage_report(tenant_id=self.tenant_id, **filters.validated_data)
        return Response(UsageReportOutput(report).data)


class LimitNowOutput(serializers.Serializer[Any]):
    limit = LimitOutput()
    day_micros = serializers.IntegerField(source="spent.day_micros")
    month_micros = serializers.IntegerField(source="spent.month_micros")
    day_ends_at = serializers.DateTimeField()
    month_ends_at = serializers.DateTimeField()

    class Meta:
        ref_name = "LimitNow"


class UsageNowApi(TenantApi):
    @extend_schema(operation_id="usage_now", responses=LimitNowOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        """What is gone of every budget, as the ledger has it."""
        rows = selectors.limits_now(tenant_id=self.tenant_id)
        context = {"key_names": key_names(tenant_id=self.tenant_id)}
        shown = LimitNowOutput(rows, many=True, context=context).data
        return Response({"results": shown, "next": None})
