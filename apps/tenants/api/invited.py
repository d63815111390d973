"""What the link of an invitation leads to: for people who belong to no workspace yet.

The text of a link comes in a body, never in an address of the interface, and counts as a
sign-in where tries are counted.
"""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.core import ratelimit
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotAuthenticated, Throttled
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.errors import Conflict
from apps.core.said import say
from apps.tenants import selectors, services
from apps.tenants.authentication import BrowserSessionAuthentication
from apps.tenants.models import Membership, User


class TokenInput(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)

    class Meta:
        ref_name = "InvitationToken"


class Joined(serializers.Serializer[Any]):
    """``tenant``: the workspace that is open to them now."""

    tenant = serializers.CharField()

    class Meta:
        ref_name = "InvitationAccepted"


class _InvitedApi(APIView):
    authentication_classes = [BrowserSessionAuthentication]
    permission_classes = [AllowAny]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        # Of nobody's session nothing is forged, but somebody would be signed in at its end.
        BrowserSessionAuthentication().enforce_csrf(request)
        if not ratelimit.consume(request._request, action="login"):
            raise Throttled(wait=60)


def _reader(request: Request) -> User | None:
    return request.user if isinstance(request.user, User) else None


class InvitationLookApi(_InvitedApi):
    """Which workspace, as what, and by whom."""

    class Output(serializers.Serializer[Any]):
        workspace = serializers.CharField()
        email = serializers.EmailField()
        role = serializers.ChoiceField(choices=Membership.Role.choices)
        invited_by = serializers.CharField()
        expires_at = serializers.DateTimeField()
        # Then they sign in; otherwise they make one.
        has_account = serializers.BooleanField()
        # Set where the reader has accepted already.
        tenant = serializers.CharField(allow_null=True)

        class Meta:
            ref_name = "OpenInvitation"

    @extend_schema(operation_id="invitation_look", request=TokenInput, responses=Output)
    def post(self, request: Request) -> Response:
        body = TokenInput(data=request.data)
        body.is_valid(raise_exception=True)
        reader = _reader(request)
        row = selectors.invitation_open(text=body.validated_data["token"], reader=reader)
        said = {
            "workspace": row.tenant.name,
            "email": row.email,
            "role": row.role,
            "invited_by": row.invited_by,
            "expires_at": row.expires_at,
            "has_account": reader is not None or selectors.person_find(email=row.email) is not None,
            "tenant": row.tenant.slug if row.accepted_at else None,
        }
        return Response(self.Output(said).data)


class InvitationAcceptApi(_InvitedApi):
    """For somebody who is signed in under the address that was invited."""

    @extend_schema(operation_id="invitation_accept", request=TokenInput, responses=Joined)
    def post(self, request: Request) -> Response:
        body = TokenInput(data=request.data)
        body.is_valid(raise_exception=True)
        reader = _reader(request)
        if reader is None:
            raise NotAuthenticated
        slug = services.invitation_accept(text=body.validated_data["token"], user=reader)
        return Response(Joined({"tenant": slug}).data)


class InvitationJoinApi(_InvitedApi):
    """For somebody without an account: makes it, and signs them in."""

    class Input(TokenInput):
        name = serializers.CharField(max_length=120)
        password = serializers.CharField(max_length=200, trim_whitespace=False)

        class Meta:
            ref_name = "InvitationJoin"

    @extend_schema(operation_id="invitation_join", request=Input, responses=Joined)
    def post(self, request: Request) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        given = body.validated_data
        if _reader(request) is not None:
            english = "You are signed in already: accept it as who you are."
            raise Conflict(say("signed_in_already", english))
        user, slug = services.invitation_join(
            text=given["token"], name=given["name"], password=given["password"]
        )
        get_adapter().login(request._request, user)
        # What allauth's own sign-in notes; the four-eyes rules ask how long ago it was.
        record_authentication(request._request, user, method="password", email=user.email)
        return Response(Joined({"tenant": slug}).data)
