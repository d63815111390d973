from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tenants import selectors, services
from apps.tenants.api.base import TenantApi
from apps.tenants.api.fields import ModeField, check_time_zone
from apps.tenants.models import Membership, Tenant


class SettingsApi(TenantApi):
    write_role = Membership.Role.ADMIN

    class Output(serializers.ModelSerializer[Tenant]):
        class Meta:
            model = Tenant
            ref_name = "Settings"
            fields = [
                "name",
                "slug",
                "mode",
                "idle_minutes",
                "retention_days",
                "max_skills",
                "skill_token_budget",
                "time_zone",
                "needs_second_factor",
            ]

    class Input(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=120, required=False)
        mode = ModeField(required=False)
        idle_minutes = serializers.IntegerField(min_value=1, max_value=1440, required=False)
        retention_days = serializers.IntegerField(
            min_value=1, max_value=3650, required=False, allow_null=True
        )
        max_skills = serializers.IntegerField(min_value=0, max_value=10, required=False)
        skill_token_budget = serializers.IntegerField(min_value=0, max_value=20_000, required=False)
        time_zone = serializers.CharField(
            max_length=60, required=False, validators=[check_time_zone]
        )

        needs_second_factor = serializers.BooleanField(required=False)

        class Meta:
            ref_name = "SettingsChange"

    @extend_schema(operation_id="settings_get", responses=Output)
    def get(self, request: Request, tenant_slug: str) -> Response:
        return Response(self.Output(selectors.tenant_get(tenant_id=self.tenant_id)).data)

    @extend_schema(operation_id="settings_change", request=Input, responses=Output)
    def patch(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.tenant_update(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(self.Output(row).data)
