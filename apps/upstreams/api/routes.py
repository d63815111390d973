from dataclasses import asdict
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.tenants.api import TenantApi
from apps.tenants.api.fields import AgentNameField
from apps.upstreams import selectors, services
from apps.upstreams.models import Route, RouteTarget
from apps.upstreams.presets import PRESETS


class TargetOutput(serializers.ModelSerializer[RouteTarget]):
    upstream = serializers.UUIDField(source="upstream_id")
    upstream_name = serializers.CharField(source="upstream.name")

    class Meta:
        model = RouteTarget
        ref_name = "RouteTarget"
        fields = ["upstream", "upstream_name", "model", "weight"]


class RouteOutput(serializers.ModelSerializer[Route]):
    targets = TargetOutput(many=True)

    class Meta:
        model = Route
        ref_name = "Route"
        fields = [
            "id",
            "model",
            "agent",
            "targets",
            "first_byte_seconds",
            "idle_seconds",
            "is_enabled",
            "created_at",
        ]


class TargetInput(serializers.Serializer[Any]):
    upstream = serializers.CharField(max_length=80)
    model = serializers.CharField(max_length=200, required=False, allow_blank=True)
    weight = serializers.IntegerField(min_value=0, max_value=1000, required=False)

    class Meta:
        ref_name = "RouteTargetInput"


class RouteInput(serializers.Serializer[Any]):
    model = serializers.CharField(max_length=200)
    targets = serializers.ListField(
        child=TargetInput(), min_length=1, max_length=10, allow_empty=False
    )
    agent = AgentNameField(required=False, allow_blank=True)
    first_byte_seconds = serializers.IntegerField(
        min_value=1, max_value=3600, required=False, allow_null=True
    )
    idle_seconds = serializers.IntegerField(
        min_value=1, max_value=3600, required=False, allow_null=True
    )
    is_enabled = serializers.BooleanField(required=False)

    class Meta:
        ref_name = "RouteInput"


class RouteListApi(TenantApi):
    @extend_schema(operation_id="routes_list", responses=RouteOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(selectors.route_list(tenant_id=self.tenant_id), RouteOutput)

    @extend_schema(operation_id="routes_create", request=RouteInput, responses={201: RouteOutput})
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = RouteInput(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.route_create(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(RouteOutput(row).data, status.HTTP_201_CREATED)


class RouteDetailApi(TenantApi):
    @extend_schema(operation_id="routes_get", responses=RouteOutput)
    def get(self, request: Request, tenant_slug: str, route_id: UUID) -> Response:
        row = selectors.route_get(tenant_id=self.tenant_id, route_id=route_id)
        return Response(RouteOutput(row).data)

    @extend_schema(operation_id="routes_change", request=RouteInput, responses=RouteOutput)
    def patch(self, request: Request, tenant_slug: str, route_id: UUID) -> Response:
        body = RouteInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        row = services.route_update(
            tenant_id=self.tenant_id, actor=self.actor, route_id=route_id, **body.validated_data
        )
        return Response(RouteOutput(row).data)

    @extend_schema(operation_id="routes_delete", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, route_id: UUID) -> Response:
        services.route_delete(tenant_id=self.tenant_id, actor=self.actor, route_id=route_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PresetListApi(TenantApi):
    """What kinds of providers there are; the same for every workspace."""

    class Output(serializers.Serializer[Any]):
        kind = serializers.CharField()
        title = serializers.CharField()
        base_url = serializers.CharField()
        dialects = serializers.ListField(child=serializers.CharField())
        is_private = serializers.BooleanField()
        hint = serializers.CharField()
        hint_said = SaidOutput(source="hint")
        # Whether the first of a workspace answers whatever no route leads elsewhere.
        answers_all = serializers.BooleanField()

        class Meta:
            ref_name = "UpstreamPreset"

    @extend_schema(operation_id="presets_list", responses=Output(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        shown = [asdict(preset) for preset in PRESETS if preset.kind != "practice"]
        return Response(self.Output(shown, many=True).data)
