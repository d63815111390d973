from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.pagination import Pages
from apps.core.said import say
from apps.core.said_output import unfit
from apps.tenants import selectors
from apps.tenants.api.base import TenantApi
from apps.tenants.audit_chain import Head
from apps.tenants.models import AuditEvent, Membership


class AuditEventOutput(serializers.ModelSerializer[AuditEvent]):
    at = serializers.DateTimeField(source="created_at")

    class Meta:
        model = AuditEvent
        ref_name = "AuditEvent"
        fields = [
            "id",
            "sequence",
            "digest",
            "at",
            "actor_kind",
            "actor_id",
            "actor_label",
            "action",
            "subject",
            "detail",
        ]


class _InOrder(Pages):
    """Ids of writers at the same time may stand the other way round; numbers may not."""

    ordering = "-sequence"


class AuditListApi(TenantApi):
    """Who did what in this workspace, newest first."""

    read_role = Membership.Role.ADMIN
    pagination_class = _InOrder

    class Filters(serializers.Serializer[Any]):
        # "skill.published", or all that was done to skills: "skill".
        action = serializers.CharField(max_length=60, required=False)
        actor = serializers.CharField(max_length=254, required=False)
        q = serializers.CharField(max_length=200, required=False)
        since = serializers.DateTimeField(required=False)
        until = serializers.DateTimeField(required=False)

    @extend_schema(
        operation_id="audit_list", parameters=[Filters], responses=AuditEventOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        events = selectors.audit_list(tenant_id=self.tenant_id, **filters.validated_data)
        return self.page_of(events, AuditEventOutput)


class AuditBreakOutput(serializers.Serializer[Any]):
    fault = serializers.ChoiceField(choices=["changed", "missing", "inserted"])
    sequence = serializers.IntegerField()
    # The end of a run of missing events; otherwise the same number again.
    last = serializers.IntegerField()
    id = serializers.UUIDField(allow_null=True)
    about = serializers.CharField(allow_blank=True)

    class Meta:
        ref_name = "AuditBreak"


class AuditVerifyApi(TenantApi):
    """Read the whole log and say whether it is what was written."""

    read_role = Membership.Role.ADMIN

    class Filters(serializers.Serializer[Any]):
        # An end of the log that was noted before: both, or neither.
        sequence = serializers.IntegerField(min_value=1, required=False)
        digest = serializers.RegexField(r"^[0-9a-f]{64}$", required=False)

        def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
            if len(attrs) == 1:
                raise unfit(say("audit_known_end", "A known end has a sequence and a digest."))
            return attrs

    class Output(serializers.Serializer[Any]):
        is_intact = serializers.BooleanField()
        checked = serializers.IntegerField()
        sequence = serializers.IntegerField(source="head.sequence")
        digest = serializers.CharField(source="head.digest")
        # How many events are not what was written; the first thousand places are named.
        broken = serializers.IntegerField()
        breaks = AuditBreakOutput(many=True)

        class Meta:
            ref_name = "AuditReport"

    @extend_schema(operation_id="audit_verify", parameters=[Filters], responses=Output)
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        known = Head(**filters.validated_data) if filters.validated_data else None
        report = selectors.audit_verify(tenant_id=self.tenant_id, known=known)
        return Response(self.Output(asdict(report) | {"is_intact": report.is_intact}).data)
