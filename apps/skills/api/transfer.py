from dataclasses import asdict, replace
from typing import Any

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import NotFound
from apps.skills import archive, packs, selectors, services
from apps.skills.archive_writing import write_zip
from apps.skills.models import Skill
from apps.skills.skillmd import SkillDoc, parse
from apps.tenants.api import TenantApi


class SkillImportApi(TenantApi):
    parser_classes = [MultiPartParser]

    class Input(serializers.Serializer[Any]):
        """``dry_run``: say what would become of it, and change nothing."""

        file = serializers.FileField(max_length=200)
        dry_run = serializers.BooleanField(default=False)

        class Meta:
            ref_name = "SkillUpload"

    class Output(serializers.Serializer[Any]):
        class About(serializers.Serializer[Any]):
            name = serializers.CharField()
            version = serializers.CharField()
            licence = serializers.CharField()
            author = serializers.CharField()
            requires = serializers.ListField(child=serializers.CharField())

            class Meta:
                ref_name = "PackAbout"

        created = serializers.ListField(child=serializers.CharField())
        revised = serializers.ListField(child=serializers.CharField())
        unchanged = serializers.ListField(child=serializers.CharField())
        # Of a pack, what its manifest says.
        pack = About(allow_null=True)

        class Meta:
            ref_name = "SkillImport"

    @extend_schema(operation_id="skills_import", request=Input, responses=Output)
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        file = body.validated_data["file"]
        if file.size > archive.MAX_ARCHIVE:
            raise archive.too_large()
        blob = file.read()
        pack = packs.read_pack(blob)
        entries = [] if pack else archive.read_upload(file.name or "", blob)
        result = services.library_import(
            tenant_id=self.tenant_id,
            actor=self.actor,
            source=Skill.Source.IMPORTED,
            docs=[doc for _, doc in entries],
            pack=pack,
            is_rehearsal=body.validated_data["dry_run"],
        )
        about = self.Output.About(pack.manifest).data if pack else None
        return Response(asdict(result) | {"pack": about})


class SkillExportApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        """``layout``: ``<category>/<name>/SKILL.md``, or ``skills/<name>/SKILL.md``. ``skills``
        and ``requires`` are names with commas between them; without ``skills``: all. With
        ``pack`` the archive is a pack of that name."""

        layout = serializers.ChoiceField(choices=["category", "skills"], default="category")
        skills = serializers.CharField(default="", max_length=14_000)
        pack = serializers.CharField(default="", max_length=64)
        version = serializers.CharField(default="1", max_length=40)
        licence = serializers.CharField(default="", max_length=100)
        author = serializers.CharField(default="", max_length=200)
        requires = serializers.CharField(default="", max_length=1_400)

    @extend_schema(
        operation_id="skills_export", parameters=[Filters], responses={200: OpenApiTypes.BINARY}
    )
    def get(self, request: Request, tenant_slug: str) -> HttpResponse:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        wanted = filters.validated_data
        docs = self._docs(_names(wanted["skills"]))
        if wanted["pack"]:
            pack = packs.pack_of(
                docs,
                name=wanted["pack"],
                version=wanted["version"],
                licence=wanted["licence"],
                author=wanted["author"],
                requires=_names(wanted["requires"]),
                layout=wanted["layout"],
            )
            blob, name = packs.write_pack(pack), wanted["pack"]
        else:
            blob, name = write_zip(docs, layout=wanted["layout"]), f"{tenant_slug}-skills"
        return HttpResponse(
            blob,
            content_type="application/zip",
            headers={"Content-Disposition": f'attachment; filename="{name}.zip"'},
        )

    def _docs(self, wanted: list[str]) -> list[SkillDoc]:
        skills = selectors.skill_list(tenant_id=self.tenant_id, status=Skill.Status.LIVE)
        if wanted:
            skills = skills.filter(slug__in=wanted)
        docs = [
            replace(parse(skill.live_version.text), agents=tuple(skill.agents) or None)
            for skill in skills
            if skill.live_version
        ]
        if set(wanted) - {doc.slug for doc in docs}:
            raise NotFound
        return docs


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
