from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.skills import selectors, services
from apps.skills.models import LibraryGeneration
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership


class GenerationOutput(serializers.ModelSerializer[LibraryGeneration]):
    """A state of the library. ``moves``: by slug the live version before and after."""

    moves = serializers.DictField(
        child=serializers.ListField(child=serializers.IntegerField(allow_null=True)),
        allow_null=True,
    )

    class Meta:
        model = LibraryGeneration
        ref_name = "LibraryGeneration"
        fields = ["number", "reason", "created_at", "moves"]


class RestoredOutput(serializers.Serializer[Any]):
    generation = serializers.IntegerField()
    moves = serializers.DictField(
        child=serializers.ListField(child=serializers.IntegerField(allow_null=True))
    )

    class Meta:
        ref_name = "LibraryRestored"


class GenerationListApi(TenantApi):
    @extend_schema(operation_id="generations_list", responses=GenerationOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        rows = selectors.generation_list(tenant_id=self.tenant_id)
        return self.page_of(rows, GenerationOutput)


class LibraryRestoreApi(TenantApi):
    write_role = Membership.Role.ADMIN

    class Input(serializers.Serializer[Any]):
        generation = serializers.IntegerField(min_value=1)

        class Meta:
            ref_name = "LibraryRestore"

    @extend_schema(operation_id="library_restore", request=Input, responses=RestoredOutput)
    def post(self, request: Request, tenant_slug: str) -> Response:
        """Make live what was live then: a new generation, which can be undone the same way."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        restored = services.library_restore(
            tenant_id=self.tenant_id, actor=self.actor, number=body.validated_data["generation"]
        )
        return Response(RestoredOutput(restored).data)
