from typing import Any
from uuid import UUID

from django.http import FileResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import Forbidden
from apps.core.said import say
from apps.core.said_output import SaidOutput
from apps.core.tenancy import tenant_tx
from apps.exports import selectors, services
from apps.exports.api.download import FileDownload
from apps.exports.errors import ExportNotReady
from apps.exports.models import Export
from apps.tenants.api import TenantApi
from apps.tenants.selectors import role_rank
from apps.trajectories.api.filters import TurnFiltersInput
from apps.trajectories.selectors import TurnFilters

# All of a workspace holds what members do not see: who else is one, limits, the audit log.
_LEAST = {Export.Kind.TURNS: "member", Export.Kind.WORKSPACE: "admin"}


class ExportOutput(serializers.ModelSerializer[Export]):
    filters = serializers.DictField(child=serializers.JSONField())
    reason_said = SaidOutput(source="reason")
    # What was signed; null until it is ready.
    manifest = serializers.DictField(child=serializers.JSONField(), allow_null=True)

    class Meta:
        model = Export
        ref_name = "Export"
        fields = [
            "id",
            "kind",
            "encoding",
            "redaction",
            "filters",
            "status",
            "reason",
            "reason_said",
            "as_of",
            "rows",
            "bytes",
            "sha256",
            "manifest",
            "asked_by",
            "created_at",
            "finished_at",
            "expires_at",
        ]


class _ExportApi(TenantApi):
    read_role = "member"
    write_role = "member"

    def check_kind(self, kind: str) -> None:
        needed = _LEAST[Export.Kind(kind)]
        if role_rank(self.role) < role_rank(needed):
            english = "This takes the role {needed}; yours here is {role}."
            raise Forbidden(
                say("role_needed", english, needed=needed, role=self.role), needed=needed
            )


class ExportListApi(_ExportApi):
    class Input(serializers.Serializer[Any]):
        kind = serializers.ChoiceField(choices=Export.Kind.choices, default="turns")
        encoding = serializers.ChoiceField(choices=Export.Encoding.choices, default="jsonl")
        # Said by whoever asks: there is no level that is right for all.
        redaction = serializers.ChoiceField(choices=Export.Redaction.choices)
        # Of turns: as in the list of turns.
        filters = TurnFiltersInput(required=False)

        class Meta:
            ref_name = "ExportRequest"

    @extend_schema(operation_id="exports_list", responses=ExportOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(selectors.export_list(tenant_id=self.tenant_id), ExportOutput)

    @extend_schema(operation_id="exports_ask", request=Input, responses={202: ExportOutput})
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = dict(body.validated_data)
        self.check_kind(wanted["kind"])
        filters = TurnFilters(**wanted.pop("filters", {}))
        export = services.export_ask(
            tenant_id=self.tenant_id, actor=self.actor, filters=filters, **wanted
        )
        return Response(ExportOutput(export).data, status.HTTP_202_ACCEPTED)


class ExportDetailApi(_ExportApi):
    @extend_schema(operation_id="exports_get", responses=ExportOutput)
    def get(self, request: Request, tenant_slug: str, export_id: UUID) -> Response:
        export = selectors.export_get(tenant_id=self.tenant_id, export_id=export_id)
        return Response(ExportOutput(export).data)

    @extend_schema(operation_id="exports_remove", responses=ExportOutput)
    def delete(self, request: Request, tenant_slug: str, export_id: UUID) -> Response:
        """Stop it, or delete its file."""
        export = selectors.export_get(tenant_id=self.tenant_id, export_id=export_id)
        self.check_kind(export.kind)
        services.export_remove(tenant_id=self.tenant_id, actor=self.actor, export_id=export_id)
        export.refresh_from_db()
        return Response(ExportOutput(export).data)


class ExportDownloadApi(_ExportApi):
    # The file is sent when nothing is open any more.
    opens_own_transactions = True

    @extend_schema(
        operation_id="exports_download",
        responses={(200, "application/zip"): OpenApiTypes.BINARY},
    )
    def get(self, request: Request, tenant_slug: str, export_id: UUID) -> FileResponse:
        """The signed file; `metaclaw verify-export` checks it."""
        with tenant_tx(self.tenant_id):
            export = selectors.export_get(tenant_id=self.tenant_id, export_id=export_id)
            self.check_kind(export.kind)
            if export.status != Export.Status.READY:
                raise ExportNotReady(
                    say("export_not_ready", "The export is not there to be fetched.")
                )
            try:
                file = services.archive_path(self.tenant_id, export_id).open("rb")
            except FileNotFoundError as exc:
                raise ExportNotReady(
                    say("export_elsewhere", "Its file is not on this machine.")
                ) from exc
            services.export_fetched(tenant_id=self.tenant_id, actor=self.actor, export=export)
        return FileDownload(
            file,
            as_attachment=True,
            filename=f"{tenant_slug}-{export.kind}-{export.created_at:%Y%m%d-%H%M%S}.zip",
            content_type="application/zip",
            headers={"X-MetaClaw-SHA256": export.sha256},
        )


class SigningKeysApi(TenantApi):
    """What exports and certificates of this installation are checked with."""

    class Output(serializers.Serializer[Any]):
        key_id = serializers.CharField()
        pem = serializers.CharField()
        is_in_use = serializers.BooleanField()
        created_at = serializers.DateTimeField()
        retired_at = serializers.DateTimeField(allow_null=True)

        class Meta:
            ref_name = "SigningKey"

    @extend_schema(operation_id="exports_keys", responses=Output(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        services.signer_get()
        keys = self.Output(selectors.signing_keys(), many=True).data
        # A page like any other list; there is never a second one.
        return Response({"results": keys, "next": None})
