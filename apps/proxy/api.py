from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.proxy import services
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership

_GREETING = "Hello! Please answer in one sentence: what can you help me with?"


class TestRequestApi(TenantApi):
    write_role = Membership.Role.MEMBER
    opens_own_transactions = True

    class Input(serializers.Serializer[Any]):
        message = serializers.CharField(max_length=4000, required=False, default=_GREETING)

        class Meta:
            ref_name = "TestRequest"

    class Output(serializers.Serializer[Any]):
        turn_id = serializers.UUIDField(allow_null=True)
        http_status = serializers.IntegerField()
        detail = serializers.CharField()

        class Meta:
            ref_name = "TestAnswer"

    @extend_schema(operation_id="test_request", request=Input, responses={202: Output})
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        answer = services.test_request_send(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(self.Output(asdict(answer)).data, status.HTTP_202_ACCEPTED)
