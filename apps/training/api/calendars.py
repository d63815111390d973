"""Calendars that say when somebody is busy."""

import logging
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.core.tenancy import tenant_tx
from apps.integrations.calendar import google as google_api
from apps.integrations.calendar.client import CalendarFailed
from apps.tenants.api import TenantApi
from apps.training.calendars import calendar_opened, google_app
from apps.training.models import CalendarConnection
from apps.training.selectors import calendars as selectors
from apps.training.services import calendars as services
from apps.training.services import google

logger = logging.getLogger(__name__)

_BY_ADDRESS = [CalendarConnection.Kind.ICS, CalendarConnection.Kind.CALDAV]


class CalendarOutput(serializers.ModelSerializer[CalendarConnection]):
    kind = serializers.ChoiceField(choices=CalendarConnection.Kind.values)
    is_connected = serializers.BooleanField(read_only=True)
    busy_count = serializers.SerializerMethodField()
    last_error_said = SaidOutput(source="last_error")

    class Meta:
        model = CalendarConnection
        ref_name = "Calendar"
        fields = [
            "id",
            "name",
            "kind",
            "origin",
            "is_connected",
            "busy_count",
            "fetched_at",
            "tried_at",
            "last_error",
            "last_error_said",
            "needs_person",
            "created_at",
        ]

    def get_busy_count(self, row: CalendarConnection) -> int:
        return len(row.busy)


class CalendarInput(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80)
    kind = serializers.ChoiceField(choices=[kind.value for kind in _BY_ADDRESS])
    url = serializers.CharField(max_length=2000)
    user = serializers.CharField(max_length=200, required=False, allow_blank=True)
    password = serializers.CharField(max_length=1000, required=False, allow_blank=True)

    class Meta:
        ref_name = "CalendarInput"


class CalendarChange(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=80, required=False)
    url = serializers.CharField(max_length=2000, required=False)
    user = serializers.CharField(max_length=200, required=False)
    password = serializers.CharField(max_length=1000, required=False)

    class Meta:
        ref_name = "CalendarChange"


class CalendarListApi(TenantApi):
    @extend_schema(operation_id="calendars_list", responses=CalendarOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(selectors.calendar_list(tenant_id=self.tenant_id), CalendarOutput)

    @extend_schema(
        operation_id="calendars_create", request=CalendarInput, responses={201: CalendarOutput}
    )
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = CalendarInput(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.calendar_create(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(CalendarOutput(row).data, status.HTTP_201_CREATED)


class CalendarDetailApi(TenantApi):
    # Giving a permission back at Google is a call to the outside.
    opens_own_transactions = True

    @extend_schema(operation_id="calendars_get", responses=CalendarOutput)
    def get(self, request: Request, tenant_slug: str, calendar_id: UUID) -> Response:
        with tenant_tx(self.tenant_id):
            row = selectors.calendar_get(tenant_id=self.tenant_id, calendar_id=calendar_id)
        return Response(CalendarOutput(row).data)

    @extend_schema(
        operation_id="calendars_change", request=CalendarChange, responses=CalendarOutput
    )
    def patch(self, request: Request, tenant_slug: str, calendar_id: UUID) -> Response:
        body = CalendarChange(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.calendar_update(
            tenant_id=self.tenant_id,
            actor=self.actor,
            calendar_id=calendar_id,
            **body.validated_data,
        )
        return Response(CalendarOutput(row).data)

    @extend_schema(operation_id="calendars_delete", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, calendar_id: UUID) -> Response:
        access = services.calendar_delete(
            tenant_id=self.tenant_id, actor=self.actor, calendar_id=calendar_id
        )
        app = google_app()
        if access is not None and access.refresh_token and app is not None:
            try:
                google_api.revoke(app, refresh_token=access.refresh_token)
            except CalendarFailed:
                # It is forgotten here either way, and can be taken back at Google.
                logger.info("training.calendars.not_revoked", extra={"calendar_id": calendar_id})
        return Response(status=status.HTTP_204_NO_CONTENT)


class CalendarCheckApi(TenantApi):
    opens_own_transactions = True

    @extend_schema(operation_id="calendars_check", request=None, responses=CalendarOutput)
    def post(self, request: Request, tenant_slug: str, calendar_id: UUID) -> Response:
        row = services.calendar_check(
            tenant_id=self.tenant_id, calendar_id=calendar_id, opened=calendar_opened
        )
        return Response(CalendarOutput(row).data)


class GoogleBeginApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        name = serializers.CharField(max_length=80, required=False, default="Google Calendar")
        # One that is to be connected again.
        calendar_id = serializers.UUIDField(required=False)

        class Meta:
            ref_name = "GoogleCalendarBegin"

    class Output(serializers.Serializer[Any]):
        url = serializers.CharField()

        class Meta:
            ref_name = "GoogleCalendarConsent"

    @extend_schema(operation_id="calendars_google_begin", request=Input, responses=Output)
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        url = google.google_begin(
            tenant_id=self.tenant_id, actor=self.actor, app=google_app(), **body.validated_data
        )
        return Response(self.Output({"url": url}).data)


class GoogleFinishApi(TenantApi):
    opens_own_transactions = True

    class Input(serializers.Serializer[Any]):
        state = serializers.CharField(max_length=200)
        code = serializers.CharField(max_length=1000)

        class Meta:
            ref_name = "GoogleCalendarFinish"

    @extend_schema(operation_id="calendars_google_finish", request=Input, responses=CalendarOutput)
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        row = google.google_finish(
            tenant_id=self.tenant_id, actor=self.actor, app=google_app(), **body.validated_data
        )
        return Response(CalendarOutput(row).data)
