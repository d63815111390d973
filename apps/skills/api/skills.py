from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.skills import selectors, services
from apps.skills.api.output import SkillDetailOutput, SkillOutput, VersionTextOutput
from apps.skills.models import Skill
from apps.skills.skillmd import CATEGORIES, MAX_BYTES, MAX_TAG
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership
from apps.tenants.types import AGENT_NAME_LENGTH


class SkillText(serializers.Serializer[Any]):
    # Longer texts are refused by the parser, which names the field and the limit.
    text = serializers.CharField(max_length=4 * MAX_BYTES, trim_whitespace=False)

    class Meta:
        ref_name = "SkillText"


class SkillEdit(SkillText):
    sha256 = serializers.CharField(max_length=64)

    class Meta:
        ref_name = "SkillEdit"


class SkillListApi(TenantApi):
    write_role = Membership.Role.ADMIN

    class Filters(serializers.Serializer[Any]):
        q = serializers.CharField(max_length=200, required=False)
        category = serializers.ChoiceField(choices=CATEGORIES, required=False)
        status = serializers.ChoiceField(choices=["live", "retired", "all"], required=False)

        def get_fields(self) -> dict[str, Any]:
            # As an attribute ``source`` would hide a property of the serializer.
            wanted = serializers.ChoiceField(choices=Skill.Source.choices, required=False)
            return super().get_fields() | {"source": wanted}

    @extend_schema(
        operation_id="skills_list", parameters=[Filters], responses=SkillOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        wanted = {name: v for name, v in filters.validated_data.items() if v != "all"}
        return self.page_of(selectors.skill_list(tenant_id=self.tenant_id, **wanted), SkillOutput)

    @extend_schema(
        operation_id="skills_create", request=SkillText, responses={201: SkillDetailOutput}
    )
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = SkillText(data=request.data)
        body.is_valid(raise_exception=True)
        skill = services.skill_create(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(SkillDetailOutput(skill).data, status.HTTP_201_CREATED)


class SkillDetailApi(TenantApi):
    @extend_schema(operation_id="skills_get", responses=SkillDetailOutput)
    def get(self, request: Request, tenant_slug: str, slug: str) -> Response:
        skill = selectors.skill_get(tenant_id=self.tenant_id, slug=slug)
        return Response(SkillDetailOutput(skill).data)

    @extend_schema(operation_id="skills_edit", request=SkillEdit, responses=SkillDetailOutput)
    def put(self, request: Request, tenant_slug: str, slug: str) -> Response:
        body = SkillEdit(data=request.data)
        body.is_valid(raise_exception=True)
        skill = services.skill_edit(
            tenant_id=self.tenant_id, actor=self.actor, slug=slug, **body.validated_data
        )
        return Response(SkillDetailOutput(skill).data)


class SkillVersionApi(TenantApi):
    @extend_schema(operation_id="skills_version", responses=VersionTextOutput)
    def get(self, request: Request, tenant_slug: str, slug: str, number: int) -> Response:
        version = selectors.version_get(tenant_id=self.tenant_id, slug=slug, number=number)
        return Response(VersionTextOutput(version).data)


class SkillRetireApi(TenantApi):
    @extend_schema(operation_id="skills_retire", request=None, responses=SkillDetailOutput)
    def post(self, request: Request, tenant_slug: str, slug: str) -> Response:
        skill = services.skill_retire(tenant_id=self.tenant_id, actor=self.actor, slug=slug)
        return Response(SkillDetailOutput(skill).data)


class SkillScopeApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        """Whom the skill is for; empty: all. What is left out stays as it is."""

        agents = serializers.ListField(
            child=serializers.CharField(max_length=AGENT_NAME_LENGTH), required=False
        )
        tags = serializers.DictField(
            child=serializers.CharField(max_length=MAX_TAG), required=False
        )

        class Meta:
            ref_name = "SkillScope"

    @extend_schema(operation_id="skills_scope", request=Input, responses=SkillDetailOutput)
    def patch(self, request: Request, tenant_slug: str, slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        skill = services.skill_scope(
            tenant_id=self.tenant_id, actor=self.actor, slug=slug, **body.validated_data
        )
        return Response(SkillDetailOutput(skill).data)


class SkillActivateApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        version = serializers.IntegerField(min_value=1)

        class Meta:
            ref_name = "SkillActivation"

    @extend_schema(operation_id="skills_activate", request=Input, responses=SkillDetailOutput)
    def post(self, request: Request, tenant_slug: str, slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        skill = services.skill_activate(
            tenant_id=self.tenant_id,
            actor=self.actor,
            slug=slug,
            number=body.validated_data["version"],
        )
        return Response(SkillDetailOutput(skill).data)
