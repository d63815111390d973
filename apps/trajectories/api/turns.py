from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from apps.tenants.api import TenantApi
from apps.trajectories import selectors
from apps.trajectories.api.detail_output import TurnDetailOutput
from apps.trajectories.api.filters import TurnFiltersInput
from apps.trajectories.api.output import ListedTurnOutput
from apps.trajectories.search_terms import search_of


class TurnListApi(TenantApi):
    @extend_schema(
        operation_id="turns_list",
        parameters=[TurnFiltersInput],
        responses=ListedTurnOutput(many=True),
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = TurnFiltersInput(data=request.query_params)
        filters.is_valid(raise_exception=True)
        wanted = selectors.TurnFilters(**filters.validated_data)
        turns = selectors.turn_list(tenant_id=self.tenant_id, filters=wanted)
        search = search_of(self.tenant_id, wanted.q) if wanted.q else None
        return self.page_of(turns, ListedTurnOutput, search=search)


class TurnDetailApi(TenantApi):
    @extend_schema(operation_id="turns_get", responses=TurnDetailOutput)
    def get(self, request: Request, tenant_slug: str, turn_id: UUID) -> Response:
        turn = selectors.turn_get(tenant_id=self.tenant_id, turn_id=turn_id)
        asked = selectors.asked_of(tenant_id=self.tenant_id, turn_id=turn_id)
        against = selectors.training_reasons(turn)
        context = {"asked": asked, "caller": self.actor.id, "against": against}
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
