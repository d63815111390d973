from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.chat import content_text
from apps.core.said_output import SaidOutput
from apps.trajectories.api.output import TurnOutput, UsedSkillOutput
from apps.trajectories.api.score_output import ScoreOutput
from apps.trajectories.models import Turn
from apps.trajectories.rewards import KINDS
from apps.trajectories.selectors.requests import AskedTurn, injection_of
from apps.trajectories.types import REACHED_BY_ALL

_STEPS = ("received", "authenticated", "skills", "forwarded", "first_byte", "finished")


class TimelineStepOutput(serializers.Serializer[Any]):
    step = serializers.ChoiceField(choices=[*_STEPS, "recorded", "scored"])
    at = serializers.DateTimeField()
    ms = serializers.IntegerField()

    class Meta:
        ref_name = "TimelineStep"


class CandidateOutput(serializers.Serializer[Any]):
    """A skill that was considered, and what became of it."""

    slug = serializers.CharField()
    version = serializers.IntegerField()
    # What it was ranked by: its relevance to the request times how it does beside the others.
    score = serializers.FloatField()
    verdict = serializers.CharField()
    relevance = serializers.FloatField()
    factor = serializers.FloatField()

    class Meta:
        ref_name = "SkillCandidate"


class TriedOutput(serializers.Serializer[Any]):
    """A provider that was asked before the one that answered."""

    upstream = serializers.CharField()
    outcome = serializers.CharField()
    ms = serializers.IntegerField()

    class Meta:
        ref_name = "TriedUpstream"


class InjectionOutput(serializers.Serializer[Any]):
    text = serializers.CharField()
    place = serializers.ChoiceField(choices=["system", "tail", "none"])
    skills = UsedSkillOutput(many=True)
    candidates = CandidateOutput(many=True)
    # Why the prompt does not just continue the last one; usually empty.
    break_reason = serializers.CharField()

    class Meta:
        ref_name = "Injection"


class TurnErrorOutput(serializers.Serializer[Any]):
    type = serializers.CharField()
    message = serializers.CharField()

    class Meta:
        ref_name = "TurnError"


_MESSAGE_SCHEMA = {
    "type": "object",
    "additionalProperties": True,
    "required": ["role"],
    "properties": {"role": {"type": "string"}, "content": {}},
}


@extend_schema_field(_MESSAGE_SCHEMA | {"nullable": True})
class MessageField(serializers.JSONField):
    pass


def _candidate(row: Sequence[Any]) -> dict[str, Any]:
    """Relevance and factor are recorded where the score is not the relevance alone."""
    slug, version, score, verdict, *more = row
    relevance, factor = more or (score, 1.0)
    return {
        "slug": slug,
        "version": version,
        "score": score,
        "verdict": verdict,
        "relevance": relevance,
        "factor": factor,
    }


class TrainingReasonOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    sentence = serializers.CharField()
    sentence_said = SaidOutput(source="sentence")

    class Meta:
        ref_name = "TrainingReason"


class TurnDetailOutput(TurnOutput):
    session_source = serializers.CharField(source="session.source")
    external_session_id = serializers.CharField(source="session.external_id")
    system = serializers.SerializerMethodField()
    messages = serializers.SerializerMethodField()
    new_from = serializers.SerializerMethodField()
    response = MessageField(read_only=True)
    tools = serializers.SerializerMethodField()
    injection = serializers.SerializerMethodField()
    scores = serializers.SerializerMethodField()
    timeline = serializers.SerializerMethodField()
    error = TurnErrorOutput(allow_null=True)
    provider_dialect = serializers.SerializerMethodField()
    tried = serializers.SerializerMethodField()
    not_trainable = serializers.SerializerMethodField()

    class Meta:
        model = Turn
        ref_name = "TurnDetail"
        fields = [
            *TurnOutput.Meta.fields,
            "parent_id",
            "session_source",
            "external_session_id",
            "key_name",
            "system",
            "messages",
            "new_from",
            "response",
            "finish_reason",
            "tools",
            "injection",
            "scores",
            "timeline",
            "error",
            "provider_dialect",
            "tried",
            "not_trainable",
        ]

    @extend_schema_field(TrainingReasonOutput(many=True))
    def get_not_trainable(self, turn: Turn) -> Any:
        """Why it may not train a model; empty if it may."""
        return TrainingReasonOutput(self.context["against"], many=True).data

    def get_provider_dialect(self, turn: Turn) -> str:
        return str(turn.routing.get("provider_dialect", turn.dialect))

    @extend_schema_field(TriedOutput(many=True))
    def get_tried(self, turn: Turn) -> list[dict[str, Any]]:
        return list(turn.routing.get("tried", ()))

    def get_system(self, turn: Turn) -> str | None:
        return content_text(self._asked.system) or None

    @extend_schema_field({"type": "array", "items": _MESSAGE_SCHEMA})
    def get_messages(self, turn: Turn) -> list[Any]:
        return self._asked.messages

    def get_new_from(self, turn: Turn) -> int:
        return self._asked.new_from

    def get_tools(self, turn: Turn) -> list[str]:
        return [_tool_name(tool) for tool in self._asked.tools if isinstance(tool, dict)]

    @property
    def _asked(self) -> AskedTurn:
        asked: AskedTurn = self.context["asked"]
        return asked

    @extend_schema_field(InjectionOutput)
    def get_injection(self, turn: Turn) -> dict[str, Any]:
        injection = injection_of(turn)
        return {
            "text": injection.get("text", ""),
            "place": injection.get("place", "none"),
            "skills": UsedSkillOutput(turn.skills.all(), many=True).data,
            "candidates": [_candidate(row) for row in injection.get("candidates", ())],
            "break_reason": injection.get("break", ""),
        }

    @extend_schema_field(ScoreOutput(many=True))
    def get_scores(self, turn: Turn) -> Any:
        """Those that count most first."""
        scores = sorted(turn.scores.all(), key=lambda one: (KINDS.index(one.kind), one.created_at))
        return ScoreOutput(scores, many=True, context=self.context).data

    @extend_schema_field(TimelineStepOutput(many=True))
    def get_timeline(self, turn: Turn) -> list[dict[str, Any]]:
        steps = [
            {"step": step, "at": turn.started_at + timedelta(milliseconds=ms), "ms": ms}
            for step in _STEPS
            if (ms := _step_ms(turn, step)) is not None
        ]
        steps.append(_step(turn, "recorded", turn.recorded_at))
        steps += [_step(turn, "scored", score.created_at) for score in turn.scores.all()]
        return steps


def _step_ms(turn: Turn, step: str) -> int | None:
    if step == "received":
        return 0
    if step == "first_byte":
        return turn.first_byte_ms
    if step == "finished":
        return turn.latency_ms if turn.finished_at > turn.started_at else None
    ms: int | None = turn.timings.get(step, 0 if step in REACHED_BY_ALL else None)
    return ms


def _step(turn: Turn, step: str, at: datetime) -> dict[str, Any]:
    return {"step": step, "at": at, "ms": int((at - turn.started_at).total_seconds() * 1000)}


def _tool_name(tool: dict[str, Any]) -> str:
    function = tool.get("function")
    named = function if isinstance(function, dict) else tool
    return str(named.get("name") or named.get("type") or "")
