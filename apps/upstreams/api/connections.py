from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core import guard
from apps.core.said_output import SaidOutput
from apps.tenants.api import TenantApi
from apps.upstreams import selectors, services
from apps.upstreams.models import Upstream
from apps.upstreams.presets import DIALECTS, KINDS, dialects_of
from apps.upstreams.types import USE_FIELDS, USES


class UpstreamOutput(serializers.ModelSerializer[Upstream]):
    dialects = serializers.SerializerMethodField()
    has_key = serializers.SerializerMethodField()
    uses = serializers.SerializerMethodField()
    is_simulated = serializers.BooleanField(read_only=True)

    class Meta:
        model = Upstream
        ref_name = "Upstream"
        fields = [
            "id",
            "name",
            "kind",
            "base_url",
            "dialects",
            "model",
            "has_key",
            "key_last4",
            "uses",
            "is_simulated",
            "created_at",
        ]

    def get_dialects(self, row: Upstream) -> list[str]:
        """What the provider is asked in: as its connection says, else as its kind does."""
        return row.dialects or list(dialects_of(row.kind, guard.origin_of(row.base_url)))

    def get_has_key(self, row: Upstream) -> bool:
        return row.sealed_key is not None

    def get_uses(self, row: Upstream) -> list[str]:
        return [use for use in USES if getattr(row, USE_FIELDS[use])]


class UpstreamInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    # The practice model is wired by the installation; nobody points it elsewhere.
    kind = serializers.ChoiceField(choices=KINDS)
    # Most kinds know their own.
    base_url = serializers.CharField(max_length=500, required=False, allow_blank=True)
    dialects = serializers.ListField(
        child=serializers.ChoiceField(choices=DIALECTS), required=False, allow_null=True
    )
    api_key = serializers.CharField(max_length=1000, required=False, allow_blank=True)
    model = serializers.CharField(max_length=200, required=False, allow_blank=True)
    uses = serializers.ListField(child=serializers.ChoiceField(choices=USES), required=False)

    class Meta:
        ref_name = "UpstreamInput"


class UpstreamListApi(TenantApi):
    @extend_schema(operation_id="upstreams_list", responses=UpstreamOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(selectors.upstream_list(tenant_id=self.tenant_id), UpstreamOutput)

    @extend_schema(
        operation_id="upstreams_create", request=UpstreamInput, responses={201: UpstreamOutput}
    )
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = UpstreamInput(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.upstream_create(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(UpstreamOutput(row).data, status.HTTP_201_CREATED)


class UpstreamDetailApi(TenantApi):
    @extend_schema(operation_id="upstreams_get", responses=UpstreamOutput)
    def get(self, request: Request, tenant_slug: str, upstream_id: UUID) -> Response:
        row = selectors.upstream_get(tenant_id=self.tenant_id, upstream_id=upstream_id)
        return Response(UpstreamOutput(row).data)

    @extend_schema(operation_id="upstreams_change", request=UpstreamInput, responses=UpstreamOutput)
    def patch(self, request: Request, tenant_slug: str, upstream_id: UUID) -> Response:
        body = UpstreamInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        row = services.upstream_update(
            tenant_id=self.tenant_id,
            actor=self.actor,
            upstream_id=upstream_id,
            **body.validated_data,
        )
        return Response(UpstreamOutput(row).data)

    @extend_schema(operation_id="upstreams_delete", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, upstream_id: UUID) -> Response:
        services.upstream_delete(
            tenant_id=self.tenant_id, actor=self.actor, upstream_id=upstream_id
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class UpstreamTestApi(TenantApi):
    opens_own_transactions = True

    class Output(serializers.Serializer[Any]):
        ok = serializers.BooleanField()
        http_status = serializers.IntegerField()
        latency_ms = serializers.IntegerField()
        detail = serializers.CharField()
        detail_said = SaidOutput(source="detail")
        models = serializers.ListField(child=serializers.CharField())

        class Meta:
            ref_name = "UpstreamTest"

    @extend_schema(operation_id="upstreams_test", request=None, responses=Output)
    def post(self, request: Request, tenant_slug: str, upstream_id: UUID) -> Response:
        result = services.upstream_test(tenant_id=self.tenant_id, upstream_id=upstream_id)
        return Response(self.Output(asdict(result)).data)
