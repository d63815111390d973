from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.demo import selectors, services
from apps.tenants.api import TenantApi
from apps.tenants.api.fields import check_time_zone
from apps.tenants.authentication import BrowserSessionAuthentication
from apps.tenants.models import Membership, User


class DemoListApi(APIView):
    """A demo workspace, for a person who is signed in: no key makes one."""

    authentication_classes = [BrowserSessionAuthentication]

    class Input(serializers.Serializer[Any]):
        time_zone = serializers.CharField(
            max_length=60, default="UTC", validators=[check_time_zone]
        )

        class Meta:
            ref_name = "NewDemo"

    class Output(serializers.Serializer[Any]):
        slug = serializers.CharField()
        name = serializers.CharField()

        class Meta:
            ref_name = "CreatedDemo"

    @extend_schema(operation_id="demo_create", request=Input, responses={201: Output})
    def post(self, request: Request) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        user = request.user
        assert isinstance(user, User)  # DEFAULT_PERMISSION_CLASSES saw to it
        made = services.demo_create(user=user, **body.validated_data)
        return Response(self.Output(made).data, status.HTTP_201_CREATED)


class DemoApi(TenantApi):
    """How far a demo is, and its end. 404 in a workspace that is none."""

    write_role = Membership.Role.OWNER

    class Output(serializers.Serializer[Any]):
        done = serializers.IntegerField()
        total = serializers.IntegerField()
        is_ready = serializers.BooleanField()
        # Given up: to be tried again among the jobs.
        is_stopped = serializers.BooleanField()

        class Meta:
            ref_name = "Demo"

    @extend_schema(operation_id="demo_get", responses=Output)
    def get(self, request: Request, tenant_slug: str) -> Response:
        found = selectors.load_standing(tenant_id=self.tenant_id, kind=services.LOAD_KIND)
        return Response(self.Output(found).data)

    @extend_schema(operation_id="demo_remove", responses={204: None})
    def delete(self, request: Request, tenant_slug: str) -> Response:
        services.demo_remove(tenant_id=self.tenant_id, actor=self.actor)
        return Response(status=status.HTTP_204_NO_CONTENT)
