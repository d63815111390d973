from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tenants import selectors, services
from apps.tenants.api.base import TenantApi
from apps.tenants.api.fields import AgentNameField, ModeField
from apps.tenants.models import Agent


class AgentOutput(serializers.ModelSerializer[Agent]):
    class Meta:
        model = Agent
        ref_name = "Agent"
        fields = [
            "id",
            "name",
            "description",
            "mode",
            "max_skills",
            "skill_token_budget",
            "created_at",
        ]


class AgentInput(serializers.Serializer[Any]):
    name = AgentNameField()
    description = serializers.CharField(max_length=500, required=False, allow_blank=True)
    # Empty (numbers: null): as the workspace has it.
    mode = ModeField(required=False, allow_blank=True)
    max_skills = serializers.IntegerField(
        min_value=0, max_value=10, required=False, allow_null=True
    )
    skill_token_budget = serializers.IntegerField(
        min_value=0, max_value=20_000, required=False, allow_null=True
    )

    class Meta:
        ref_name = "AgentInput"


class AgentListApi(TenantApi):
    @extend_schema(operation_id="agents_list", responses=AgentOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(selectors.agent_list(tenant_id=self.tenant_id), AgentOutput)

    @extend_schema(operation_id="agents_create", request=AgentInput, responses={201: AgentOutput})
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = AgentInput(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.agent_create(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(AgentOutput(row).data, status.HTTP_201_CREATED)


class AgentDetailApi(TenantApi):
    @extend_schema(operation_id="agents_get", responses=AgentOutput)
    def get(self, request: Request, tenant_slug: str, agent_id: UUID) -> Response:
        row = selectors.agent_get(tenant_id=self.tenant_id, agent_id=agent_id)
        return Response(AgentOutput(row).data)

    @extend_schema(operation_id="agents_change", request=AgentInput, responses=AgentOutput)
    def patch(self, request: Request, tenant_slug: str, agent_id: UUID) -> Response:
        body = AgentInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        row = services.agent_update(
            tenant_id=self.tenant_id, actor=self.actor, agent_id=agent_id, **body.validated_data
        )
        return Response(AgentOutput(row).data)

    @extend_schema(operation_id="agents_delete", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, agent_id: UUID) -> Response:
        services.agent_delete(tenant_id=self.tenant_id, actor=self.actor, agent_id=agent_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
