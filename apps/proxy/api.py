from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.proxy import services
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership, RefusedRequest

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


class UnderWayOutput(serializers.Serializer[Any]):
    turn_id = serializers.UUIDField()
    started_at = serializers.DateTimeField()
    key_name = serializers.CharField()
    model = serializers.CharField()
    is_simulated = serializers.BooleanField()
    skills = serializers.IntegerField()
    # Milliseconds by step; null: reached, and not measured yet.
    reached = serializers.DictField(child=serializers.IntegerField(allow_null=True))

    class Meta:
        ref_name = "UnderWay"


class RefusedRequestOutput(serializers.ModelSerializer[RefusedRequest]):
    key_name = serializers.SerializerMethodField()

    class Meta:
        model = RefusedRequest
        ref_name = "RefusedRequest"
        fields = [
            "id",
            "key_id",
            "key_name",
            "code",
            "http_status",
            "is_authenticated",
            "detail",
            "times",
            "last_at",
        ]

    def get_key_name(self, row: RefusedRequest) -> str:
        return str(self.context["names"].get(row.key_id, ""))


class ArrivalsApi(TenantApi):
    """What comes in right now, for a page that waits for an agent's first request."""

    class Output(serializers.Serializer[Any]):
        under_way = UnderWayOutput(allow_null=True)
        refused = RefusedRequestOutput(many=True)

        class Meta:
            ref_name = "Arrivals"

    @extend_schema(operation_id="arrivals_get", responses=Output)
    def get(self, request: Request, tenant_slug: str) -> Response:
        found = services.arrivals_get(tenant_id=self.tenant_id)
        refused = RefusedRequestOutput(found.refused, many=True, context={"names": found.key_names})
        under_way = found.under_way and UnderWayOutput(found.under_way).data
        return Response({"under_way": under_way, "refused": refused.data})
