from dataclasses import asdict, replace
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.skills import archive, selectors, services
from apps.skills.errors import SkillInvalid
from apps.skills.models import Skill
from apps.skills.skillmd import parse
from apps.tenants.api import TenantApi

_MAX_UPLOAD_BYTES = 8 * 1024 * 1024


class SkillImportApi(TenantApi):
    parser_classes = [MultiPartParser]

    class Input(serializers.Serializer[Any]):
        file = serializers.FileField(max_length=200)

        class Meta:
            ref_name = "SkillUpload"

    class Output(serializers.Serializer[Any]):
        created = serializers.ListField(child=serializers.CharField())
        revised = serializers.ListField(child=serializers.CharField())
        unchanged = serializers.ListField(child=serializers.CharField())

        class Meta:
            ref_name = "SkillImport"

    @extend_schema(operation_id="skills_import", request=Input, responses=Output)
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        if file.size > _MAX_UPLOAD_BYTES:
            raise SkillInvalid("The file is too large.", fields={"file": ["at most 8 MB"]})
        result = services.skills_import(
            tenant_id=self.tenant_id,
            actor=self.actor,
            docs=[doc for _, doc in archive.read_upload(file.name or "", file.read())],
            source=Skill.Source.IMPORTED,
        )
        return Response(asdict(result))


class SkillExportApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        """``layout``: ``<category>/<name>/SKILL.md``, or ``skills/<name>/SKILL.md``."""

        layout = serializers.ChoiceField(choices=["category", "skills"], default="category")

    @extend_schema(
        operation_id="skills_export", parameters=[Filters], responses={200: OpenApiTypes.BINARY}
    )
    def get(self, request: Request, tenant_slug: str) -> HttpResponse:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        skills = selectors.skill_list(tenant_id=self.tenant_id, status=Skill.Status.LIVE)
        docs = [
            replace(parse(skill.live_version.text), agents=tuple(skill.agents) or None)
            for skill in skills
            if skill.live_version
        ]
        blob = archive.write_zip(docs, layout=filters.validated_data["layout"])
        return HttpResponse(
            blob,
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{tenant_slug}-skills.zip"'},
        )
