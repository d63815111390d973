from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tenants.api import TenantApi
from apps.tenants.selectors import key_names
from apps.usage import selectors, services
from apps.usage.models import Limit

_MONEY_MAX = 10**15


class LimitOutput(serializers.ModelSerializer[Limit]):
    # What people call it: a key goes by its name (``key_names`` of the context). Empty for the
    # workspace.
    subject_name = serializers.SerializerMethodField()

    class Meta:
        model = Limit
        ref_name = "Limit"
        fields = [
            "id",
            "scope",
            "subject",
            "subject_name",
            "requests_per_minute",
            "tokens_per_minute",
            "concurrent_streams",
            "day_micros",
            "month_micros",
            "created_at",
        ]

    def get_subject_name(self, limit: Limit) -> str:
        if limit.scope != Limit.Scope.KEY:
            return limit.subject
        names: dict[UUID, str] = self.context["key_names"]
        return names.get(UUID(limit.subject), "")


class LimitChange(serializers.Serializer[Any]):
    """Money in USD / 10⁶; null: no limit."""

    requests_per_minute = serializers.IntegerField(
        min_value=1, max_value=10**9, required=False, allow_null=True
    )
    tokens_per_minute = serializers.IntegerField(
        min_value=1, max_value=10**9, required=False, allow_null=True
    )
    concurrent_streams = serializers.IntegerField(
        min_value=1, max_value=10**6, required=False, allow_null=True
    )
    day_micros = serializers.IntegerField(
        min_value=0, max_value=_MONEY_MAX, required=False, allow_null=True
    )
    month_micros = serializers.IntegerField(
        min_value=0, max_value=_MONEY_MAX, required=False, allow_null=True
    )

    class Meta:
        ref_name = "LimitChange"


class LimitInput(LimitChange):
    scope = serializers.ChoiceField(choices=Limit.Scope.choices)
    # A key's id or an agent's name; nothing for the workspace.
    subject = serializers.CharField(max_length=120, required=False, allow_blank=True)

    class Meta:
        ref_name = "LimitInput"


class _LimitApi(TenantApi):
    @property
    def context(self) -> dict[str, Any]:
        return {"key_names": key_names(tenant_id=self.tenant_id)}


class LimitListApi(_LimitApi):
    @extend_schema(operation_id="limits_list", responses=LimitOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(
            selectors.limit_list(tenant_id=self.tenant_id), LimitOutput, **self.context
        )

    @extend_schema(operation_id="limits_create", request=LimitInput, responses={201: LimitOutput})
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = LimitInput(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.limit_create(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(LimitOutput(row, context=self.context).data, status.HTTP_201_CREATED)


class LimitDetailApi(_LimitApi):
    @extend_schema(operation_id="limits_get", responses=LimitOutput)
    def get(self, request: Request, tenant_slug: str, limit_id: UUID) -> Response:
        row = selectors.limit_get(tenant_id=self.tenant_id, limit_id=limit_id)
        return Response(LimitOutput(row, context=self.context).data)

    @extend_schema(operation_id="limits_change", request=LimitChange, responses=LimitOutput)
    def patch(self, request: Request, tenant_slug: str, limit_id: UUID) -> Response:
        body = LimitChange(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        row = services.limit_update(
            tenant_id=self.tenant_id, actor=self.actor, limit_id=limit_id, **body.validated_data
        )
        return Response(LimitOutput(row, context=self.context).data)

    @extend_schema(operation_id="limits_delete", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, limit_id: UUID) -> Response:
        services.limit_delete(tenant_id=self.tenant_id, actor=self.actor, limit_id=limit_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
