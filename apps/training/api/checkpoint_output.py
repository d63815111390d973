"""Checkpoints as they are shown: what they are, how they were tried, how they do."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.said_output import SaidOutput
from apps.training.models import (
    BatchSample,
    Checkpoint,
    CheckpointTrial,
    Gate,
    GateCase,
    TrainingStep,
)


class GateCheckOutput(serializers.Serializer[Any]):
    """A figure of both sides' answers, and how far the candidate's may go."""

    code = serializers.CharField()
    title = serializers.CharField()
    baseline = serializers.FloatField()
    candidate = serializers.FloatField()
    limit = serializers.FloatField()
    is_broken = serializers.BooleanField()

    class Meta:
        ref_name = "GateCheck"


class GateResultOutput(serializers.Serializer[Any]):
    """Rewards from −1 to 1; the difference with its 95 % interval. A gate that could not be done
    knows ``skipped`` alone."""

    pairs = serializers.IntegerField(required=False)
    wins = serializers.IntegerField(required=False)
    ties = serializers.IntegerField(required=False)
    losses = serializers.IntegerField(required=False)
    baseline = serializers.FloatField(required=False)
    candidate = serializers.FloatField(required=False)
    difference = serializers.FloatField(required=False)
    low = serializers.FloatField(required=False)
    high = serializers.FloatField(required=False)
    p_better = serializers.FloatField(required=False)
    p_worse = serializers.FloatField(required=False)
    margin = serializers.FloatField(required=False)
    skipped = serializers.IntegerField()
    checks = GateCheckOutput(many=True, required=False)

    class Meta:
        ref_name = "GateResult"


class GateOutput(serializers.ModelSerializer[Gate]):
    note_said = SaidOutput(source="note")
    result = serializers.SerializerMethodField()
    case_count = serializers.SerializerMethodField()
    done_count = serializers.SerializerMethodField()

    class Meta:
        model = Gate
        ref_name = "Gate"
        fields = [
            "id",
            "stage",
            "status",
            "reason",
            "note",
            "note_said",
            "baseline_path",
            "margin",
            "result",
            "case_count",
            "done_count",
            "judge_tokens",
            "cost_micros",
            "is_simulated",
            "by_hand",
            "actor",
            "created_at",
            "ended_at",
        ]

    @extend_schema_field(GateResultOutput(allow_null=True))
    def get_result(self, gate: Gate) -> dict[str, Any] | None:
        return gate.result or None

    def get_case_count(self, gate: Gate) -> int:
        return gate.cases.count()

    def get_done_count(self, gate: Gate) -> int:
        return gate.cases.exclude(status=GateCase.Status.WAITING).count()


class TrialStandingOutput(serializers.Serializer[Any]):
    """Success of the candidate's sessions less that of the others, with bounds that hold at every
    moment at once."""

    pairs = serializers.IntegerField()
    difference = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    for_better = serializers.FloatField()
    for_worse = serializers.FloatField()

    class Meta:
        ref_name = "TrialStanding"


class TrialResultOutput(serializers.Serializer[Any]):
    reward = TrialStandingOutput()
    candidate = serializers.FloatField(allow_null=True)
    baseline = serializers.FloatField(allow_null=True)
    candidate_sessions = serializers.IntegerField()
    baseline_sessions = serializers.IntegerField()

    class Meta:
        ref_name = "TrialResult"


class TrialOutput(serializers.ModelSerializer[CheckpointTrial]):
    note_said = SaidOutput(source="note")
    result = serializers.SerializerMethodField()

    class Meta:
        model = CheckpointTrial
        ref_name = "CheckpointTrial"
        fields = [
            "id",
            "kind",
            "status",
            "note",
            "note_said",
            "share",
            "alpha",
            "sessions_max",
            "baseline_path",
            "result",
            "started_by",
            "created_at",
            "ended_at",
        ]

    @extend_schema_field(TrialResultOutput(allow_null=True))
    def get_result(self, trial: CheckpointTrial) -> dict[str, Any] | None:
        return trial.result or None


class CheckpointOutput(serializers.ModelSerializer[Checkpoint]):
    """``note``: why it is what it is, for people."""

    note_said = SaidOutput(source="note")
    policy = serializers.UUIDField(source="policy_id")
    policy_name = serializers.CharField(source="policy.name")
    route_model = serializers.CharField(source="policy.route_model")
    job = serializers.UUIDField(source="job_id", allow_null=True)
    started_from = serializers.UUIDField(source="parent_id", allow_null=True)
    instead_of = serializers.UUIDField(source="instead_of_id", allow_null=True)

    class Meta:
        model = Checkpoint
        ref_name = "Checkpoint"
        fields = [
            "id",
            "policy",
            "policy_name",
            "route_model",
            "step",
            "status",
            "note",
            "note_said",
            "base_model",
            "rank",
            "generation",
            "samples",
            "size_bytes",
            "state_path",
            "sampler_path",
            "job",
            "started_from",
            "instead_of",
            "served_at",
            "seen_at",
            "expires_at",
            "created_at",
        ]


class CheckpointDetailOutput(CheckpointOutput):
    gates = GateOutput(many=True)
    trials = TrialOutput(many=True)

    class Meta:
        model = Checkpoint
        ref_name = "CheckpointDetail"
        fields = [*CheckpointOutput.Meta.fields, "gates", "trials"]


class GateAnswerOutput(serializers.Serializer[Any]):
    """``surprise``: the mean of −log p of its tokens; null where they are not known."""

    text = serializers.CharField()
    reward = serializers.FloatField(allow_null=True)
    why = serializers.CharField()
    tokens = serializers.IntegerField()
    repetition = serializers.FloatField()
    is_refusal = serializers.BooleanField()
    is_cut = serializers.BooleanField()
    surprise = serializers.FloatField(allow_null=True)

    class Meta:
        ref_name = "GateAnswer"


class GateCaseOutput(serializers.ModelSerializer[GateCase]):
    baseline = GateAnswerOutput(many=True)
    candidate = GateAnswerOutput(many=True)

    class Meta:
        model = GateCase
        ref_name = "GateCase"
        fields = ["id", "turn_id", "task_id", "status", "reason", "baseline", "candidate"]


class LineageStepOutput(serializers.ModelSerializer[TrainingStep]):
    metrics = serializers.DictField(child=serializers.FloatField())

    class Meta:
        model = TrainingStep
        ref_name = "LineageStep"
        fields = ["number", "tokens", "cost_micros", "metrics", "confirmed_at"]


class LineageOutput(serializers.Serializer[Any]):
    """``ancestors``: the checkpoints it was trained on from, the youngest first; ``turns``: how
    many turns it learned from since the first of them."""

    ancestors = CheckpointOutput(many=True)
    job = serializers.UUIDField(source="job.id", allow_null=True, default=None)
    job_settings = serializers.JSONField(source="job.settings", allow_null=True, default=None)
    steps = LineageStepOutput(many=True)
    turns = serializers.IntegerField()

    class Meta:
        ref_name = "Lineage"


class TrainedTurnOutput(serializers.ModelSerializer[BatchSample]):
    class Meta:
        model = BatchSample
        ref_name = "TrainedTurn"
        fields = ["id", "turn_id", "reward", "advantage"]
