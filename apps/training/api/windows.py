"""Windows: rules, how things stand, what is expected, what was."""

from datetime import date
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.clock import now
from apps.core.said import say
from apps.core.said_output import SaidOutput, unfit
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership
from apps.training.models import Window, WindowRules
from apps.training.selectors import windows as selectors
from apps.training.services import windows as services
from apps.training.windows import clock_minutes

_MOST_ROWS = 60


def _check_clock(text: str) -> None:
    try:
        clock_minutes(text)
    except ValueError as exc:
        raise unfit(str(exc)) from exc


def _check_start(text: str) -> None:
    _check_clock(text)
    if text == "24:00":
        raise unfit(say("day_begins", "A day begins at 00:00."))


class HoursField(serializers.Serializer[Any]):
    weekday = serializers.IntegerField(min_value=0, max_value=6)
    starts = serializers.CharField(max_length=5, validators=[_check_start])
    ends = serializers.CharField(max_length=5, validators=[_check_clock])

    class Meta:
        ref_name = "WindowHours"


class BlackOutField(serializers.Serializer[Any]):
    first = serializers.DateField()
    last = serializers.DateField()
    note = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")

    class Meta:
        ref_name = "WindowBlackOut"


class RulesInput(serializers.Serializer[Any]):
    hours = serializers.ListField(child=HoursField(), max_length=_MOST_ROWS)
    idle_minutes = serializers.IntegerField(min_value=1, max_value=1440, allow_null=True)
    min_minutes = serializers.IntegerField(min_value=1, max_value=720)
    max_minutes = serializers.IntegerField(min_value=1, max_value=1440, allow_null=True)
    quiet_minutes = serializers.IntegerField(min_value=1, max_value=240)
    black_outs = serializers.ListField(child=BlackOutField(), max_length=_MOST_ROWS)
    unknown_calendar = serializers.ChoiceField(choices=WindowRules.Unknown.choices)

    class Meta:
        ref_name = "WindowRulesInput"

    def validate_black_outs(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """As they are stored: days as text."""
        return [
            {
                name: value.isoformat() if isinstance(value, date) else value
                for name, value in row.items()
            }
            for row in rows
        ]


class RulesOutput(serializers.ModelSerializer[WindowRules]):
    hours = HoursField(many=True)
    black_outs = BlackOutField(many=True)

    class Meta:
        model = WindowRules
        ref_name = "WindowRules"
        fields = [
            "hours",
            "idle_minutes",
            "min_minutes",
            "max_minutes",
            "quiet_minutes",
            "black_outs",
            "unknown_calendar",
        ]


class VerdictOutput(serializers.Serializer[Any]):
    is_open = serializers.BooleanField()
    code = serializers.CharField()
    sentence = serializers.CharField()
    sentence_said = SaidOutput(source="sentence")
    window_id = serializers.UUIDField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    next_opens_at = serializers.DateTimeField(allow_null=True)

    class Meta:
        ref_name = "WindowVerdict"


class SlotOutput(serializers.Serializer[Any]):
    key = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not its setting
    opens_at = serializers.DateTimeField()
    closes_at = serializers.DateTimeField()

    class Meta:
        ref_name = "WindowSlot"


class BlockedOutput(serializers.Serializer[Any]):
    cause = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a field, not its setting
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()

    class Meta:
        ref_name = "WindowBlocked"


class WindowsOutput(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    time_zone = serializers.CharField()
    rules = RulesOutput()
    verdict = VerdictOutput()
    forecast = SlotOutput(many=True)
    blocked = BlockedOutput(many=True)

    class Meta:
        ref_name = "Windows"


class WindowOutput(serializers.ModelSerializer[Window]):
    source = serializers.CharField()  # type: ignore[assignment]  # a field, not its setting
    reason = serializers.CharField()
    steps = serializers.IntegerField()

    class Meta:
        model = Window
        ref_name = "Window"
        fields = [
            "id",
            "source",
            "opens_at",
            "closes_at",
            "opened_at",
            "closed_at",
            "reason",
            "interruptions",
            "steps",
        ]


class WindowsApi(TenantApi):
    write_role = Membership.Role.ADMIN

    @extend_schema(operation_id="windows_get", responses=WindowsOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        return Response(self._shown())

    @extend_schema(operation_id="windows_change", request=RulesInput, responses=WindowsOutput)
    def put(self, request: Request, tenant_slug: str) -> Response:
        body = RulesInput(data=request.data)
        body.is_valid(raise_exception=True)
        services.window_rules_set(tenant_id=self.tenant_id, actor=self.actor, **body.validated_data)
        return Response(self._shown())

    def _shown(self) -> dict[str, Any]:
        at = now()
        expected = selectors.forecast(tenant_id=self.tenant_id, at=at)
        shown = WindowsOutput(
            {
                "at": at,
                "time_zone": expected.time_zone,
                "rules": selectors.rules_find(tenant_id=self.tenant_id) or WindowRules(),
                "verdict": selectors.verdict(tenant_id=self.tenant_id, at=at),
                "forecast": expected.slots,
                "blocked": expected.blocked,
            }
        )
        return dict(shown.data)


class WindowHistoryApi(TenantApi):
    @extend_schema(operation_id="windows_history", responses=WindowOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(selectors.window_list(tenant_id=self.tenant_id), WindowOutput)


class PresenceApi(TenantApi):
    """Somebody's keyboard is in use. Any member may say so, and a key that only sends requests."""

    write_role = Membership.Role.VIEWER
    takes_gateway_keys = True

    class Output(serializers.Serializer[Any]):
        # Pings this far apart are enough.
        every_seconds = serializers.IntegerField()

        class Meta:
            ref_name = "Presence"

    @extend_schema(operation_id="presence_ping", request=None, responses=Output)
    def post(self, request: Request, tenant_slug: str) -> Response:
        services.presence_ping(tenant_id=self.tenant_id, at=now())
        return Response(self.Output({"every_seconds": services.PING_EVERY_SECONDS}).data)
