from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tenants import selectors, services
from apps.tenants.api.base import TenantApi
from apps.tenants.models import Membership


class MemberOutput(serializers.ModelSerializer[Membership]):
    user_id = serializers.UUIDField(read_only=True)
    name = serializers.CharField(source="user.name")
    email = serializers.EmailField(source="user.email")
    joined_at = serializers.DateTimeField(source="created_at")
    # To the product, not to this workspace alone; null for who never did.
    last_sign_in = serializers.DateTimeField(source="user.last_login", allow_null=True)
    # False for an account that was shut: its owner cannot sign in anywhere.
    is_active = serializers.BooleanField(source="user.is_active")
    is_you = serializers.SerializerMethodField()

    class Meta:
        model = Membership
        ref_name = "Member"
        fields = [
            "id",
            "user_id",
            "name",
            "email",
            "role",
            "joined_at",
            "last_sign_in",
            "is_active",
            "is_you",
        ]

    def get_is_you(self, row: Membership) -> bool:
        return bool(str(row.user_id) == self.context["you"])


class MemberListApi(TenantApi):
    """The people of the workspace, who joined last first."""

    @extend_schema(operation_id="members_list", responses=MemberOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        rows = selectors.member_list(tenant_id=self.tenant_id)
        return self.page_of(rows, MemberOutput, you=self.actor.id)


class MemberDetailApi(TenantApi):
    # Everybody may leave; the services decide about the rest.
    write_role = Membership.Role.VIEWER

    class Input(serializers.Serializer[Any]):
        role = serializers.ChoiceField(choices=Membership.Role.choices)

        class Meta:
            ref_name = "MemberChange"

    @extend_schema(operation_id="members_change", request=Input, responses=MemberOutput)
    def patch(self, request: Request, tenant_slug: str, member_id: UUID) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.member_change(
            tenant_id=self.tenant_id,
            actor=self.actor,
            acting_as=self.role,
            member_id=member_id,
            **body.validated_data,
        )
        return Response(MemberOutput(row, context={"you": self.actor.id}).data)

    @extend_schema(operation_id="members_remove", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, member_id: UUID) -> Response:
        services.member_remove(
            tenant_id=self.tenant_id, actor=self.actor, acting_as=self.role, member_id=member_id
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
