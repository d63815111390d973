from typing import Any
from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tenants.api import TenantApi
from apps.trajectories import selectors
from apps.trajectories.api.output import TurnDetailOutput, TurnOutput
from apps.trajectories.models import Turn
from apps.trajectories.selectors.turns import OUTCOMES


class TurnListApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        outcome = serializers.ChoiceField(choices=list(OUTCOMES), required=False)
        status = serializers.ChoiceField(choices=Turn.Status.choices, required=False)
        session = serializers.UUIDField(required=False)
        agent = serializers.CharField(max_length=120, required=False)
        model = serializers.CharField(max_length=200, required=False)
        skill = serializers.CharField(max_length=64, required=False)
        tag = serializers.RegexField(
            r"^[^:]+:",
            max_length=250,
            required=False,
            error_messages={"invalid": "Write it as name:value."},
        )
        attempts = serializers.ChoiceField(choices=["latest", "all"], required=False)
        q = serializers.CharField(max_length=200, required=False)

    @extend_schema(operation_id="turns_list", parameters=[Filters], responses=TurnOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        turns = selectors.turn_list(
            tenant_id=self.tenant_id, filters=selectors.TurnFilters(**filters.validated_data)
        )
        return self.page_of(turns, TurnOutput)


class TurnDetailApi(TenantApi):
    @extend_schema(operation_id="turns_get", responses=TurnDetailOutput)
    def get(self, request: Request, tenant_slug: str, turn_id: UUID) -> Response:
        turn = selectors.turn_get(tenant_id=self.tenant_id, turn_id=turn_id)
        asked = selectors.asked_of(tenant_id=self.tenant_id, turn_id=turn_id)
        context = {"asked": asked, "caller": self.actor.id}
        return Response(TurnDetailOutput(turn, context=context).data)


class TurnRequestApi(TenantApi):
    @extend_schema(
        operation_id="turns_request",
        responses={(200, "application/json"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, tenant_slug: str, turn_id: UUID) -> HttpResponse:
        """The request as the caller sent it, byte for byte; its SHA-256 is the ETag."""
        found = selectors.request_built(tenant_id=self.tenant_id, turn_id=turn_id)
        return HttpResponse(
            found.body,
            content_type="application/json",
            headers={
                "ETag": f'"{found.sha256.hex()}"',
                "X-MetaClaw-Request-SHA256": found.sha256.hex(),
                # A caller's text, shown by a browser as what it is not.
                "Content-Disposition": f'attachment; filename="{turn_id}.json"',
                "X-Content-Type-Options": "nosniff",
            },
        )
