from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.evolution import services
from apps.tenants.api.fields import check_time_zone
from apps.tenants.authentication import BrowserSessionAuthentication
from apps.tenants.models import User


class WorkspaceListApi(APIView):
    """Another workspace, for a person who is signed in: no key makes one."""

    authentication_classes = [BrowserSessionAuthentication]

    class Input(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=120)
        time_zone = serializers.CharField(
            max_length=60, default="UTC", validators=[check_time_zone]
        )

        class Meta:
            ref_name = "NewWorkspace"

    class Output(serializers.Serializer[Any]):
        slug = serializers.CharField()
        name = serializers.CharField()
        # The text of its first gateway key: told once.
        secret = serializers.CharField()

        class Meta:
            ref_name = "CreatedWorkspace"

    @extend_schema(operation_id="workspaces_create", request=Input, responses={201: Output})
    def post(self, request: Request) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        user = request.user
        assert isinstance(user, User)  # DEFAULT_PERMISSION_CLASSES saw to it
        made = services.workspace_create(user=user, **body.validated_data)
        return Response(self.Output(made).data, status.HTTP_201_CREATED)
