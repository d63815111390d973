from dataclasses import asdict
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.skills import selectors, services
from apps.skills.models import Pack
from apps.tenants.api import TenantApi


class PackOutput(serializers.ModelSerializer[Pack]):
    """An installed pack. ``skills``: by name the hash of the text that it brought."""

    requires = serializers.ListField(child=serializers.CharField())
    skills = serializers.DictField(child=serializers.CharField())

    class Meta:
        model = Pack
        ref_name = "Pack"
        fields = [
            "name",
            "version",
            "sha256",
            "licence",
            "author",
            "requires",
            "skills",
            "created_at",
        ]


class PackListApi(TenantApi):
    @extend_schema(operation_id="packs_list", responses=PackOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(selectors.pack_list(tenant_id=self.tenant_id), PackOutput)


class PackDetailApi(TenantApi):
    class Removed(serializers.Serializer[Any]):
        """``kept``: changed since they were installed, or of another pack too."""

        retired = serializers.ListField(child=serializers.CharField())
        kept = serializers.ListField(child=serializers.CharField())

        class Meta:
            ref_name = "PackRemoved"

    @extend_schema(operation_id="packs_remove", responses=Removed)
    def delete(self, request: Request, tenant_slug: str, name: str) -> Response:
        removed = services.pack_remove(tenant_id=self.tenant_id, actor=self.actor, name=name)
        return Response(asdict(removed))
