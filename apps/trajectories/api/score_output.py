from typing import Any

from rest_framework import serializers

from apps.trajectories.models import Score


class VoteOutput(serializers.Serializer[Any]):
    value = serializers.ChoiceField(choices=[-1, 0, 1], allow_null=True)
    rationale = serializers.CharField()

    class Meta:
        ref_name = "Vote"


class ScoreOutput(serializers.ModelSerializer[Score]):
    votes = VoteOutput(many=True)
    # Whether the caller said it, and so may take it back.
    is_own = serializers.SerializerMethodField()

    class Meta:
        model = Score
        ref_name = "Score"
        fields = [
            "id",
            "kind",
            "value",
            "confidence",
            "source",
            "author",
            "is_own",
            "comment",
            "rationale",
            "correction",
            "judge_model",
            "prompt_version",
            "is_simulated",
            "saw_follow_up",
            "votes",
            "input_tokens",
            "output_tokens",
            "cost_micros",
            "created_at",
        ]

    def get_is_own(self, score: Score) -> bool:
        return bool(score.author_id) and score.author_id == self.context["caller"]
