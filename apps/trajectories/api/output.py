from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.trajectories.models import Turn, TurnSkill
from apps.trajectories.rewards import KINDS
from apps.trajectories.selectors import turn_excerpt
from apps.trajectories.selectors.filters import OUTCOMES


class UsedSkillOutput(serializers.ModelSerializer[TurnSkill]):
    class Meta:
        model = TurnSkill
        ref_name = "UsedSkill"
        fields = ["slug", "version", "score"]


class TurnOutput(serializers.ModelSerializer[Turn]):
    outcome = serializers.ChoiceField(choices=list(OUTCOMES), read_only=True)
    score = serializers.ChoiceField(choices=[-1, 0, 1], allow_null=True, read_only=True)
    # What it was worth, from -1 to 1, and the kind of score that decided most of that.
    reward = serializers.FloatField(allow_null=True, read_only=True)
    reward_source = serializers.ChoiceField(choices=[*KINDS, ""], read_only=True)
    skills = UsedSkillOutput(many=True, read_only=True)
    tags = serializers.DictField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Turn
        ref_name = "Turn"
        fields = [
            "id",
            "session_id",
            "agent",
            "kind",
            "started_at",
            "finished_at",
            "dialect",
            "is_stream",
            "model",
            "served_model",
            "upstream",
            "is_simulated",
            "status",
            "http_status",
            "outcome",
            "score",
            "reward",
            "reward_source",
            "input_tokens",
            "output_tokens",
            "cache_read_tokens",
            "cache_write_tokens",
            "usage_is_estimated",
            "first_byte_ms",
            "latency_ms",
            "skills",
            "tags",
            "preview",
            "attempts",
            "attempt_of",
        ]


class ExcerptPartOutput(serializers.Serializer[Any]):
    """A piece of text; what was looked for is a piece of its own."""

    text = serializers.CharField()
    is_hit = serializers.BooleanField()

    class Meta:
        ref_name = "ExcerptPart"


class ListedTurnOutput(TurnOutput):
    # Around what was looked for with ``q``; empty without it.
    excerpt = serializers.SerializerMethodField()

    class Meta(TurnOutput.Meta):
        ref_name = "ListedTurn"
        fields = [*TurnOutput.Meta.fields, "excerpt"]

    @extend_schema_field(ExcerptPartOutput(many=True))
    def get_excerpt(self, turn: Turn) -> Any:
        search = self.context["search"]
        return ExcerptPartOutput(turn_excerpt(turn, search), many=True).data if search else []
