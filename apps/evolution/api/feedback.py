"""What members and programs say of a turn. Here, and not with the turns: learning follows."""

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.rating import COMMENT_LENGTH, CORRECTION_LENGTH, NotARating, rating_of
from apps.core.said_output import unfit
from apps.evolution import services
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership


@extend_schema_field(OpenApiTypes.NUMBER)
class RatingField(serializers.Field[float, Any, Any, Any]):
    """true, false, -1, 0, 1, or a number between 0.0 and 1.0 (apps.core.rating)."""

    def to_internal_value(self, data: Any) -> float:
        try:
            return rating_of(data)
        except NotARating as exc:
            raise unfit(str(exc)) from exc


class TurnFeedbackApi(TenantApi):
    write_role = Membership.Role.MEMBER

    class Input(serializers.Serializer[Any]):
        value = RatingField()
        comment = serializers.CharField(
            max_length=COMMENT_LENGTH, required=False, allow_blank=True, default=""
        )

        class Meta:
            ref_name = "Feedback"

    class Output(serializers.Serializer[Any]):
        turn_id = serializers.UUIDField()
        value = serializers.FloatField()

        class Meta:
            ref_name = "FeedbackGiven"

    @extend_schema(operation_id="turns_feedback", request=Input, responses={201: Output})
    def post(self, request: Request, tenant_slug: str, turn_id: UUID) -> Response:
        """Say how useful the answer was; saying it again replaces it."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        services.feedback_give(
            tenant_id=self.tenant_id, actor=self.actor, turn_id=turn_id, **body.validated_data
        )
        given = {"turn_id": turn_id, "value": body.validated_data["value"]}
        return Response(self.Output(given).data, status.HTTP_201_CREATED)

    @extend_schema(operation_id="turns_feedback_take_back", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, turn_id: UUID) -> Response:
        """Take back what you said, if anything."""
        services.score_take_back(
            tenant_id=self.tenant_id, actor=self.actor, turn_id=turn_id, kind="explicit"
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


class TurnVerdictApi(TenantApi):
    write_role = Membership.Role.REVIEWER

    class Input(serializers.Serializer[Any]):
        value = serializers.ChoiceField(choices=[-1, 0, 1])
        comment = serializers.CharField(
            max_length=COMMENT_LENGTH, required=False, allow_blank=True, default=""
        )

        # What should have been answered: policies may learn from it.
        correction = serializers.CharField(
            max_length=CORRECTION_LENGTH, required=False, allow_blank=True, default=""
        )

        class Meta:
            ref_name = "HumanVerdict"

    @extend_schema(operation_id="turns_verdict", request=Input, responses=Input)
    def put(self, request: Request, tenant_slug: str, turn_id: UUID) -> Response:
        """A reviewer's own verdict, which stands above judge, feedback and signals."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        services.verdict_give(
            tenant_id=self.tenant_id, actor=self.actor, turn_id=turn_id, **body.validated_data
        )
        return Response(self.Input(body.validated_data).data)

    @extend_schema(operation_id="turns_verdict_take_back", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, turn_id: UUID) -> Response:
        """Take back your own verdict, if there is one."""
        services.score_take_back(
            tenant_id=self.tenant_id, actor=self.actor, turn_id=turn_id, kind="human"
        )
        return Response(status=status.HTTP_204_NO_CONTENT)
