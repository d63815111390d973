from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.skills import selectors
from apps.skills.models import Skill, SkillVersion


class SkillTrialOutput(serializers.Serializer[Any]):
    """A version that a share of the sessions gets; ``id`` is that of its canary."""

    id = serializers.UUIDField(source="trial_id")
    version = serializers.IntegerField(source="trial_version.number")
    share = serializers.FloatField(source="trial_share")

    class Meta:
        ref_name = "SkillTrial"


class SkillOutput(serializers.ModelSerializer[Skill]):
    description = serializers.CharField(source="live_version.description")
    category = serializers.CharField(source="live_version.category")
    version = serializers.IntegerField(source="live_version.number")
    reach = serializers.ChoiceField(source="live_version.reach", choices=["relevant", "always"])
    tokens = serializers.IntegerField(source="live_version.tokens")
    uses_total = serializers.IntegerField()
    uses_24h = serializers.IntegerField()
    passed = serializers.IntegerField()
    failed = serializers.IntegerField()
    # Whom it is for; empty: all.
    agents = serializers.ListField(child=serializers.CharField())
    tags = serializers.DictField(source="scope_tags", child=serializers.CharField())
    trial = serializers.SerializerMethodField()

    class Meta:
        model = Skill
        ref_name = "Skill"
        fields = [
            "slug",
            "description",
            "category",
            "status",
            "version",
            "source",
            "reach",
            "tokens",
            "uses_total",
            "uses_24h",
            "passed",
            "failed",
            "agents",
            "tags",
            "trial",
            "updated_at",
        ]

    @extend_schema_field(SkillTrialOutput(allow_null=True))
    def get_trial(self, skill: Skill) -> Any:
        return SkillTrialOutput(skill).data if skill.trial_id else None


class VersionOutput(serializers.ModelSerializer[SkillVersion]):
    version = serializers.IntegerField(source="number")
    is_live = serializers.SerializerMethodField()

    class Meta:
        model = SkillVersion
        ref_name = "SkillVersion"
        fields = ["version", "sha256", "created_at", "author", "source", "note", "is_live"]

    def get_is_live(self, row: SkillVersion) -> bool:
        return bool(row.id == self.context.get("live_id"))


class VersionTextOutput(serializers.ModelSerializer[SkillVersion]):
    version = serializers.IntegerField(source="number")

    class Meta:
        model = SkillVersion
        ref_name = "SkillVersionText"
        fields = ["version", "text", "sha256", "created_at", "author", "note"]


class SkillDetailOutput(SkillOutput):
    text = serializers.CharField(source="live_version.text")
    sha256 = serializers.CharField(source="live_version.sha256")
    versions = serializers.SerializerMethodField()

    class Meta:
        model = Skill
        ref_name = "SkillDetail"
        fields = [*SkillOutput.Meta.fields, "text", "sha256", "versions"]

    @extend_schema_field(VersionOutput(many=True))
    def get_versions(self, skill: Skill) -> Any:
        rows = selectors.version_list(tenant_id=skill.tenant_id, skill_id=skill.id)
        live = skill.live_version_id if skill.status == Skill.Status.LIVE else None
        return VersionOutput(rows, many=True, context={"live_id": live}).data
