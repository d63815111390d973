from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.skills import selectors
from apps.skills.skillmd import REACHES
from apps.tenants.api import TenantApi


class LinkedSkillOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    status = serializers.ChoiceField(choices=["live", "retired", "missing"])
    version = serializers.IntegerField(allow_null=True)
    reach = serializers.ChoiceField(choices=REACHES)
    tokens = serializers.IntegerField()
    tokens_together = serializers.IntegerField()

    class Meta:
        ref_name = "LinkedSkill"


class ReferenceOutput(serializers.Serializer[Any]):
    """``trouble``: why nothing of it goes into a prompt; empty where the reference holds."""

    slug = serializers.CharField()
    uses = serializers.CharField()
    trouble = serializers.ChoiceField(
        choices=["missing", "retired", "not_for_all"], allow_blank=True
    )

    class Meta:
        ref_name = "SkillReference"


class CompositionOutput(serializers.Serializer[Any]):
    """``alone``: live skills that neither use another one nor are used."""

    skills = LinkedSkillOutput(many=True)
    references = ReferenceOutput(many=True)
    alone = serializers.IntegerField()

    class Meta:
        ref_name = "SkillComposition"


class CompositionApi(TenantApi):
    @extend_schema(operation_id="library_composition", responses=CompositionOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        """Which live skill uses which."""
        found = selectors.composition_get(tenant_id=self.tenant_id)
        return Response(CompositionOutput(found).data)
