from typing import Any
from uuid import UUID

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.exports import selectors, services
from apps.exports.models import DeletionCertificate
from apps.tenants.api import TenantApi
from apps.tenants.authentication import BrowserSessionAuthentication


class DeletionOutput(serializers.Serializer[Any]):
    """``delete_after``: null as long as nobody wants the workspace gone."""

    delete_after = serializers.DateTimeField(allow_null=True)
    asked_by = serializers.CharField()
    asked_at = serializers.DateTimeField(allow_null=True)
    # Under which the certificate will be found; for who asked alone.
    certificate_id = serializers.UUIDField(allow_null=True)
    grace_hours = serializers.FloatField()

    class Meta:
        ref_name = "WorkspaceDeletion"


class DeletionApi(TenantApi):
    """The end of the workspace. Only an owner asks for it, and no key: that takes a person."""

    write_role = "owner"

    class Input(serializers.Serializer[Any]):
        # The workspace's name, typed.
        name = serializers.CharField(max_length=120)

        class Meta:
            ref_name = "WorkspaceDeletionRequest"

    @extend_schema(operation_id="deletion_get", responses=DeletionOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        return Response(self._state())

    @extend_schema(operation_id="deletion_ask", request=Input, responses={202: DeletionOutput})
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        services.deletion_ask(
            tenant_id=self.tenant_id, actor=self.actor, name=body.validated_data["name"]
        )
        return Response(self._state(), status.HTTP_202_ACCEPTED)

    @extend_schema(operation_id="deletion_undo", responses=DeletionOutput)
    def delete(self, request: Request, tenant_slug: str) -> Response:
        services.deletion_undo(tenant_id=self.tenant_id, actor=self.actor)
        return Response(self._state())

    def _state(self) -> dict[str, Any]:
        after, row = selectors.deletion_state(tenant_id=self.tenant_id)
        is_theirs = row is not None and str(row.asked_by_id) == self.actor.id
        return dict(
            DeletionOutput(
                {
                    "delete_after": after,
                    "asked_by": row.asked_by if row else "",
                    "asked_at": row.created_at if row else None,
                    "certificate_id": row.certificate_id if row and is_theirs else None,
                    "grace_hours": settings.METACLAW_DELETION_GRACE_HOURS,
                }
            ).data
        )


class CertificateApi(APIView):
    """What is left of a workspace that is gone, for the person who asked for that."""

    authentication_classes = [BrowserSessionAuthentication]
    permission_classes = [IsAuthenticated]

    class Output(serializers.ModelSerializer[DeletionCertificate]):
        class Meta:
            model = DeletionCertificate
            ref_name = "DeletionCertificate"
            fields = ["id", "workspace", "document", "signature", "created_at"]

    @extend_schema(operation_id="deletion_certificate", responses=Output)
    def get(self, request: Request, certificate_id: UUID) -> Response:
        found = selectors.certificate_get(
            certificate_id=certificate_id, reader_id=UUID(str(request.user.pk))
        )
        return Response(self.Output(found).data)
