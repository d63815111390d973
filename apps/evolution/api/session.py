from typing import Any

from django.utils.decorators import method_decorator
from django.views.decorators.csrf import ensure_csrf_cookie
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.core.said import sentences_of
from apps.core.said_output import SaidOutput
from apps.core.tenancy import tenant_tx
from apps.tenants.authentication import BrowserSessionAuthentication
from apps.tenants.models import Membership, User
from apps.tenants.selectors import creation_refusal, tenants_of_user
from apps.tenants.selectors.sign_in import has_second_factor
from apps.upstreams.selectors import serving_find


@method_decorator(ensure_csrf_cookie, name="get")
class SessionApi(APIView):
    """Who the browser belongs to, and which workspaces are open to them. Never an error."""

    authentication_classes = [BrowserSessionAuthentication]
    permission_classes = [AllowAny]

    class Person(serializers.ModelSerializer[User]):
        class Meta:
            model = User
            ref_name = "Person"
            fields = ["id", "email", "name"]

    class Workspace(serializers.Serializer[Any]):
        slug = serializers.CharField()
        name = serializers.CharField()
        role = serializers.ChoiceField(choices=Membership.Role.choices)
        is_simulated = serializers.BooleanField()
        # Nothing in it happened: it was made up to be looked at.
        is_demo = serializers.BooleanField()
        # Where its days begin; people elsewhere see when something was there, too.
        time_zone = serializers.CharField()

        class Meta:
            ref_name = "Workspace"

    class Output(serializers.Serializer[Any]):
        class Meta:
            ref_name = "BrowserSession"

        def get_fields(self) -> dict[str, Any]:
            return {
                "user": SessionApi.Person(allow_null=True),
                "tenants": SessionApi.Workspace(many=True),
                # Why this person may not make another workspace; null: they may.
                "creation_refusal": serializers.CharField(allow_null=True),
                "creation_refusal_said": SaidOutput(source="creation_refusal"),
                # Those of them that ask for a second factor, which this person lacks.
                "shut": serializers.ListField(child=serializers.CharField()),
            }

    @extend_schema(operation_id="session_get", responses=Output)
    def get(self, request: Request) -> Response:
        user = request.user
        if not isinstance(user, User):
            return Response({"user": None, "tenants": [], "shut": [], **_refused(None)})
        tenants = []
        shut = []
        is_safe = has_second_factor(user_id=user.pk)
        for tenant, role in tenants_of_user(user_id=user.pk):
            with tenant_tx(tenant.id):
                serving = serving_find(tenant_id=tenant.id)
            simulated = serving is not None and serving.is_simulated
            tenants.append(
                {
                    "slug": tenant.slug,
                    "name": tenant.name,
                    "role": role,
                    "is_simulated": simulated,
                    "is_demo": tenant.is_demo,
                    "time_zone": tenant.time_zone,
                }
            )
            if tenant.needs_second_factor and not is_safe:
                shut.append(tenant.slug)
        return Response(
            {
                "user": self.Person(user).data,
                "tenants": tenants,
                "shut": shut,
                **_refused(creation_refusal(user_id=user.pk)),
            }
        )


def _refused(why: str | None) -> dict[str, Any]:
    return {"creation_refusal": why, "creation_refusal_said": sentences_of(why or "")}
