"""What happens to skills that this app knows more of than the library does."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.evolution import services
from apps.skills.selectors import skill_get
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership
from apps.trajectories.selectors import skill_reach


class SkillReachOutput(serializers.Serializer[Any]):
    """The turns a skill went into; ``turns/?skill=<slug>`` lists them."""

    turns = serializers.IntegerField()
    sessions = serializers.IntegerField()
    first_at = serializers.DateTimeField(allow_null=True)
    last_at = serializers.DateTimeField(allow_null=True)
    agents = serializers.ListField(child=serializers.CharField())
    versions = serializers.ListField(child=serializers.IntegerField())

    class Meta:
        ref_name = "SkillReach"


class SkillReachApi(TenantApi):
    @extend_schema(operation_id="skills_reach", responses=SkillReachOutput)
    def get(self, request: Request, tenant_slug: str, slug: str) -> Response:
        skill = skill_get(tenant_id=self.tenant_id, slug=slug)
        reach = skill_reach(tenant_id=self.tenant_id, slug=skill.slug)
        return Response(SkillReachOutput(reach).data)


class SkillKillApi(TenantApi):
    write_role = Membership.Role.REVIEWER

    class Input(serializers.Serializer[Any]):
        reason = serializers.CharField(max_length=500)

        class Meta:
            ref_name = "SkillKill"

    @extend_schema(operation_id="skills_kill", request=Input, responses=SkillReachOutput)
    def post(self, request: Request, tenant_slug: str, slug: str) -> Response:
        """Out of every prompt now; answers with what the skill was in."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        reach = services.skill_kill(
            tenant_id=self.tenant_id, actor=self.actor, slug=slug, **body.validated_data
        )
        return Response(SkillReachOutput(reach).data)
