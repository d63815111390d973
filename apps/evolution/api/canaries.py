from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.evolution import selectors, services
from apps.evolution.api.output import DECIDE_ROLE
from apps.evolution.models import Canary
from apps.evolution.services.canary.results import curve
from apps.tenants.api import TenantApi


class StandingOutput(serializers.Serializer[Any]):
    """Success with it minus success without it (−1 to 1), and the coins of both bets."""

    pairs = serializers.IntegerField()
    difference = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    for_better = serializers.FloatField()
    for_worse = serializers.FloatField()

    class Meta:
        ref_name = "CanaryStanding"


class GuardOutput(serializers.Serializer[Any]):
    name = serializers.CharField()
    treated = serializers.FloatField()
    control = serializers.FloatField()
    coins = serializers.FloatField()
    needed = serializers.FloatField()
    is_broken = serializers.BooleanField()

    class Meta:
        ref_name = "CanaryGuard"


class CanaryResultOutput(serializers.Serializer[Any]):
    reward = StandingOutput()
    guards = GuardOutput(many=True)
    treated = serializers.IntegerField()
    control = serializers.IntegerField()

    class Meta:
        ref_name = "CanaryResult"


class CanaryOutput(serializers.ModelSerializer[Canary]):
    reason_said = SaidOutput(source="reason")
    result = serializers.SerializerMethodField()
    sessions_seen = serializers.IntegerField()
    sessions_settled = serializers.IntegerField()

    class Meta:
        model = Canary
        ref_name = "Canary"
        fields = [
            "id",
            "proposal_id",
            "slug",
            "version",
            "instead_of",
            "share",
            "alpha",
            "sessions_max",
            "status",
            "reason",
            "reason_said",
            "result",
            "sessions_seen",
            "sessions_settled",
            "started_by",
            "created_at",
            "ended_at",
        ]

    @extend_schema_field(CanaryResultOutput(allow_null=True))
    def get_result(self, canary: Canary) -> dict[str, Any] | None:
        return canary.result or None


class CurvePoint(serializers.Serializer[Any]):
    """What was known after so many pairs of sessions."""

    pairs = serializers.IntegerField()
    difference = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()

    class Meta:
        ref_name = "CanaryPoint"


class CanaryDetailOutput(CanaryOutput):
    curve = serializers.SerializerMethodField()

    class Meta:
        model = Canary
        ref_name = "CanaryDetail"
        fields = [*CanaryOutput.Meta.fields, "curve"]

    @extend_schema_field(CurvePoint(many=True))
    def get_curve(self, canary: Canary) -> Any:
        rows = selectors.canary_sessions(canary=canary)
        return CurvePoint(curve(canary, rows), many=True).data


class CanaryListApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        status = serializers.ChoiceField(choices=Canary.Status.choices, required=False)
        slug = serializers.CharField(max_length=64, required=False)

    @extend_schema(
        operation_id="canaries_list", parameters=[Filters], responses=CanaryOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = selectors.canary_list(tenant_id=self.tenant_id, **filters.validated_data)
        return self.page_of(rows, CanaryOutput)


class CanaryDetailApi(TenantApi):
    @extend_schema(operation_id="canaries_get", responses=CanaryDetailOutput)
    def get(self, request: Request, tenant_slug: str, canary_id: UUID) -> Response:
        canary = selectors.canary_get(tenant_id=self.tenant_id, canary_id=canary_id)
        return Response(CanaryDetailOutput(canary).data)


class CanaryStopApi(TenantApi):
    write_role = DECIDE_ROLE

    class Input(serializers.Serializer[Any]):
        """``promote``: live for all from now on; otherwise out of every prompt."""

        promote = serializers.BooleanField()

        class Meta:
            ref_name = "CanaryStop"

    @extend_schema(operation_id="canaries_stop", request=Input, responses=CanaryDetailOutput)
    def post(self, request: Request, tenant_slug: str, canary_id: UUID) -> Response:
        """End a canary by hand; one that is over stays as it is."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        canary = services.canary_stop(
            tenant_id=self.tenant_id,
            actor=self.actor,
            canary_id=canary_id,
            promote=body.validated_data["promote"],
        )
        return Response(CanaryDetailOutput(canary).data)
