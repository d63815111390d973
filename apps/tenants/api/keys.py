from datetime import timedelta
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tenants import selectors, services
from apps.tenants.api.base import TenantApi
from apps.tenants.api.fields import AgentNameField
from apps.tenants.models import ApiKey


class ApiKeyOutput(serializers.ModelSerializer[ApiKey]):
    class Meta:
        model = ApiKey
        ref_name = "ApiKey"
        fields = [
            "id",
            "name",
            "public_id",
            "last4",
            "scopes",
            "agent",
            "passes_credentials",
            "path_allowed",
            "created_by",
            "created_at",
            "last_used_at",
            "expires_at",
            "revoked_at",
            "rotated_at",
            "previous_last4",
            "previous_until",
        ]


class KeyListApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=80)
        scopes = serializers.ListField(
            child=serializers.ChoiceField(choices=ApiKey.Scope.choices), allow_empty=False
        )
        expires_at = serializers.DateTimeField(required=False, allow_null=True)
        agent = AgentNameField(required=False, allow_blank=True)
        passes_credentials = serializers.BooleanField(required=False)
        path_allowed = serializers.BooleanField(required=False)

        class Meta:
            ref_name = "NewApiKey"

    class Created(ApiKeyOutput):
        secret = serializers.CharField(read_only=True)

        class Meta(ApiKeyOutput.Meta):
            ref_name = "CreatedApiKey"
            fields = [*ApiKeyOutput.Meta.fields, "secret"]

    @extend_schema(operation_id="keys_list", responses=ApiKeyOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(selectors.key_list(tenant_id=self.tenant_id), ApiKeyOutput)

    @extend_schema(operation_id="keys_create", request=Input, responses={201: Created})
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        row, text = services.key_create(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(ApiKeyOutput(row).data | {"secret": text}, status.HTTP_201_CREATED)


class KeyDetailApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=80, required=False)
        agent = AgentNameField(required=False, allow_blank=True)
        passes_credentials = serializers.BooleanField(required=False)
        path_allowed = serializers.BooleanField(required=False)

        class Meta:
            ref_name = "ApiKeyChange"

    @extend_schema(operation_id="keys_get", responses=ApiKeyOutput)
    def get(self, request: Request, tenant_slug: str, key_id: UUID) -> Response:
        return Response(
            ApiKeyOutput(selectors.key_get(tenant_id=self.tenant_id, key_id=key_id)).data
        )

    @extend_schema(operation_id="keys_change", request=Input, responses=ApiKeyOutput)
    def patch(self, request: Request, tenant_slug: str, key_id: UUID) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.key_update(
            tenant_id=self.tenant_id, actor=self.actor, key_id=key_id, **body.validated_data
        )
        return Response(ApiKeyOutput(row).data)


class KeyRevokeApi(TenantApi):
    @extend_schema(operation_id="keys_revoke", request=None, responses=ApiKeyOutput)
    def post(self, request: Request, tenant_slug: str, key_id: UUID) -> Response:
        row = services.key_revoke(tenant_id=self.tenant_id, actor=self.actor, key_id=key_id)
        return Response(ApiKeyOutput(row).data)


class KeyRotateApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        # How long the secret until now goes on working; 0: not at all.
        overlap_hours = serializers.IntegerField(min_value=0, max_value=24 * 30, default=24)

        class Meta:
            ref_name = "KeyRotation"

    @extend_schema(operation_id="keys_rotate", request=Input, responses={201: KeyListApi.Created})
    def post(self, request: Request, tenant_slug: str, key_id: UUID) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        row, text = services.key_rotate(
            tenant_id=self.tenant_id,
            actor=self.actor,
            key_id=key_id,
            overlap=timedelta(hours=body.validated_data["overlap_hours"]),
        )
        return Response(ApiKeyOutput(row).data | {"secret": text}, status.HTTP_201_CREATED)


class KeyRotationFinishApi(TenantApi):
    @extend_schema(operation_id="keys_rotation_finish", request=None, responses=ApiKeyOutput)
    def post(self, request: Request, tenant_slug: str, key_id: UUID) -> Response:
        row = services.key_rotation_finish(
            tenant_id=self.tenant_id, actor=self.actor, key_id=key_id
        )
        return Response(ApiKeyOutput(row).data)
