"""Invitations as admins see them; what their links lead to is in ``invited``."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.tenancy import tenant_tx
from apps.tenants import selectors, services
from apps.tenants.api.base import TenantApi
from apps.tenants.models import Invitation, Membership


class InvitationOutput(serializers.ModelSerializer[Invitation]):
    class Meta:
        model = Invitation
        ref_name = "Invitation"
        fields = [
            "id",
            "email",
            "role",
            "invited_by",
            "created_at",
            "expires_at",
            "emailed_at",
            "revoked_at",
        ]


class InvitedOutput(InvitationOutput):
    """``link``: told once. ``mail``: whether it went out by itself; off where nothing can send."""

    link = serializers.CharField(read_only=True)
    mail = serializers.ChoiceField(choices=["sent", "failed", "off"], read_only=True)

    class Meta(InvitationOutput.Meta):
        ref_name = "InvitationWithLink"
        fields = [*InvitationOutput.Meta.fields, "link", "mail"]


def _answer(made: services.Invited, code: int) -> Response:
    told = {"link": made.link, "mail": made.mail}
    return Response(InvitationOutput(made.row).data | told, code)


class InvitationListApi(TenantApi):
    """Who was asked to join and has not answered. Addresses of outsiders: for admins."""

    read_role = Membership.Role.ADMIN
    # A mail server is waited for.
    opens_own_transactions = True

    class Input(serializers.Serializer[Any]):
        email = serializers.EmailField(max_length=254)
        role = serializers.ChoiceField(choices=Membership.Role.choices)

        class Meta:
            ref_name = "NewInvitation"

    @extend_schema(operation_id="invitations_list", responses=InvitationOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        with tenant_tx(self.tenant_id):
            rows = selectors.invitation_list(tenant_id=self.tenant_id)
            return self.page_of(rows, InvitationOutput)

    @extend_schema(operation_id="invitations_create", request=Input, responses={201: InvitedOutput})
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        made = services.invitation_create(
            tenant_id=self.tenant_id, actor=self.actor, acting_as=self.role, **body.validated_data
        )
        return _answer(made, status.HTTP_201_CREATED)


class InvitationRenewApi(TenantApi):
    opens_own_transactions = True

    @extend_schema(operation_id="invitations_renew", request=None, responses=InvitedOutput)
    def post(self, request: Request, tenant_slug: str, invitation_id: UUID) -> Response:
        made = services.invitation_renew(
            tenant_id=self.tenant_id,
            actor=self.actor,
            acting_as=self.role,
            invitation_id=invitation_id,
        )
        return _answer(made, status.HTTP_200_OK)


class InvitationRevokeApi(TenantApi):
    @extend_schema(operation_id="invitations_revoke", request=None, responses=InvitationOutput)
    def post(self, request: Request, tenant_slug: str, invitation_id: UUID) -> Response:
        row = services.invitation_revoke(
            tenant_id=self.tenant_id,
            actor=self.actor,
            acting_as=self.role,
            invitation_id=invitation_id,
        )
        return Response(InvitationOutput(row).data)
