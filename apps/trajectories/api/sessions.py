from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.pagination import Pages
from apps.tenants.api import TenantApi
from apps.trajectories import selectors
from apps.trajectories.api.output import TurnOutput
from apps.trajectories.api.score_output import ScoreOutput
from apps.trajectories.models import Session


class SessionPages(Pages):
    """The one that was heard of last comes first."""

    ordering = ("-last_turn_at", "-id")  # type: ignore[assignment]  # DRF takes both


class SessionOutput(serializers.ModelSerializer[Session]):
    state = serializers.SerializerMethodField()
    turns_total = serializers.IntegerField(read_only=True)
    turns_passed = serializers.IntegerField(read_only=True)
    turns_failed = serializers.IntegerField(read_only=True)
    turns_error = serializers.IntegerField(read_only=True)
    # What it began with.
    preview = serializers.SerializerMethodField()

    class Meta:
        model = Session
        ref_name = "Session"
        fields = [
            "id",
            "agent",
            "external_id",
            "source",
            "state",
            "started_at",
            "last_turn_at",
            "closed_at",
            "turns_total",
            "turns_passed",
            "turns_failed",
            "turns_error",
            "preview",
        ]

    @staticmethod
    def get_state(session: Session) -> str:
        return "closed" if session.closed_at else "open"

    @staticmethod
    def get_preview(session: Session) -> str:
        return getattr(session, "preview", None) or ""


class SessionTurnOutput(serializers.Serializer[Any]):
    turn = TurnOutput()
    # Messages that no turn before it was sent with.
    said = serializers.ListField(child=serializers.DictField())
    response = serializers.JSONField(source="turn.response", allow_null=True)
    error = serializers.JSONField(source="turn.error", allow_null=True)
    scores = ScoreOutput(source="turn.scores.all", many=True)
    gap_ms = serializers.IntegerField(allow_null=True)

    class Meta:
        ref_name = "SessionTurn"


class SessionDetailOutput(serializers.Serializer[Any]):
    session = SessionOutput()
    # In the order in which they began; of a very long session the first ones.
    turns = SessionTurnOutput(many=True)

    class Meta:
        ref_name = "SessionDetail"


class SessionListApi(TenantApi):
    pagination_class = SessionPages

    class Filters(serializers.Serializer[Any]):
        agent = serializers.CharField(max_length=120, required=False)
        source = serializers.CharField(  # type: ignore[assignment]  # a field, not its setting
            max_length=20, required=False
        )
        state = serializers.ChoiceField(choices=["open", "closed"], required=False)
        since = serializers.DateTimeField(required=False)
        until = serializers.DateTimeField(required=False)
        q = serializers.CharField(max_length=200, required=False)

    @extend_schema(
        operation_id="sessions_list", parameters=[Filters], responses=SessionOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        sessions = selectors.session_list(
            tenant_id=self.tenant_id, filters=selectors.SessionFilters(**filters.validated_data)
        )
        return self.page_of(sessions, SessionOutput)


class SessionDetailApi(TenantApi):
    @extend_schema(operation_id="sessions_get", responses=SessionDetailOutput)
    def get(self, request: Request, tenant_slug: str, session_id: UUID) -> Response:
        view = selectors.session_view(tenant_id=self.tenant_id, session_id=session_id)
        return Response(SessionDetailOutput(view).data)
