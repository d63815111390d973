from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said import say
from apps.core.said_output import SaidOutput, unfit
from apps.evolution import selectors, services
from apps.evolution.api.output import DECIDE_ROLE
from apps.evolution.models import Replay, ReplayCase
from apps.evolution.services.replay.starting import (
    SAMPLES,
    SAMPLES_MAX,
    TOKEN_BUDGET,
    TOKEN_BUDGET_MAX,
)
from apps.tenants.api import TenantApi


class ComparisonOutput(serializers.Serializer[Any]):
    """Both arms over a group of turns; votes from −1 to 1, the lift with its 95 % interval."""

    pairs = serializers.IntegerField()
    wins = serializers.IntegerField()
    ties = serializers.IntegerField()
    losses = serializers.IntegerField()
    without = serializers.FloatField()
    with_skill = serializers.FloatField()
    lift = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    p_helps = serializers.FloatField()
    p_harms = serializers.FloatField()

    class Meta:
        ref_name = "ReplayComparison"


class ReplayResultOutput(serializers.Serializer[Any]):
    """``groups``: evidence, held_out, control, failing (the first two together); or chosen."""

    groups = serializers.DictField(child=ComparisonOutput())
    extra_tokens = serializers.FloatField()
    extra_micros = serializers.FloatField(allow_null=True, required=False)
    skipped = serializers.IntegerField()

    class Meta:
        ref_name = "ReplayResult"


class ReplayOutput(serializers.ModelSerializer[Replay]):
    """``proposal_id``: whose text it tries; or ``version`` of a skill on the turn ``turn_id``."""

    reason_said = SaidOutput(source="reason")
    slug = serializers.CharField()
    version = serializers.IntegerField(allow_null=True)
    result = serializers.SerializerMethodField()
    case_count = serializers.IntegerField()
    done_count = serializers.IntegerField()

    class Meta:
        model = Replay
        ref_name = "Replay"
        fields = [
            "id",
            "slug",
            "version",
            "proposal_id",
            "turn_id",
            "sha256",
            "status",
            "reason",
            "reason_said",
            "verdict",
            "result",
            "samples",
            "token_budget",
            "tokens_used",
            "cost_micros",
            "is_simulated",
            "started_by",
            "created_at",
            "finished_at",
            "case_count",
            "done_count",
        ]

    @extend_schema_field(ReplayResultOutput(allow_null=True))
    def get_result(self, replay: Replay) -> dict[str, Any] | None:
        return replay.result or None


class ReplaySampleOutput(serializers.Serializer[Any]):
    text = serializers.CharField()
    vote = serializers.IntegerField()
    rationale = serializers.CharField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    cost_micros = serializers.IntegerField(allow_null=True, required=False)

    class Meta:
        ref_name = "ReplaySample"


class ReplayCaseOutput(serializers.ModelSerializer[ReplayCase]):
    reason_said = SaidOutput(source="reason")
    without = ReplaySampleOutput(many=True)
    with_skill = ReplaySampleOutput(many=True)

    class Meta:
        model = ReplayCase
        ref_name = "ReplayCase"
        fields = [
            "turn_id",
            "group",
            "status",
            "reason",
            "reason_said",
            "without",
            "with_skill",
        ]


class ReplayDetailOutput(ReplayOutput):
    cases = ReplayCaseOutput(many=True)

    class Meta:
        model = Replay
        ref_name = "ReplayDetail"
        fields = [*ReplayOutput.Meta.fields, "cases"]


class _ReplayApi(TenantApi):
    write_role = DECIDE_ROLE


class ReplayStartInput(serializers.Serializer[Any]):
    samples = serializers.IntegerField(min_value=1, max_value=SAMPLES_MAX, default=SAMPLES)
    token_budget = serializers.IntegerField(
        min_value=1000, max_value=TOKEN_BUDGET_MAX, default=TOKEN_BUDGET
    )

    class Meta:
        ref_name = "ReplayStart"


class TurnReplayInput(ReplayStartInput):
    """``skill`` left out: each skill that the turn carried; ``version`` left out: the live one."""

    skill = serializers.CharField(max_length=64, required=False)
    version = serializers.IntegerField(min_value=1, required=False)

    class Meta:
        ref_name = "TurnReplayStart"

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if "version" in attrs and "skill" not in attrs:
            english = "Name the skill that it is of, too."
            raise unfit(say("replay_version_of", english), field="version")
        return attrs


class ReplayListApi(_ReplayApi):
    class Filters(serializers.Serializer[Any]):
        status = serializers.ChoiceField(choices=Replay.Status.choices, required=False)
        verdict = serializers.ChoiceField(choices=Replay.Verdict.choices, required=False)
        skill = serializers.CharField(max_length=64, required=False)
        turn = serializers.UUIDField(required=False)

    @extend_schema(
        operation_id="replays_list", parameters=[Filters], responses=ReplayOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        """Every replay of the workspace, the latest first."""
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = selectors.replay_list(tenant_id=self.tenant_id, **filters.validated_data)
        return self.page_of(rows, ReplayOutput)


class ProposalReplayApi(_ReplayApi):
    @extend_schema(operation_id="proposals_replays", responses=ReplayOutput(many=True))
    def get(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        proposal = selectors.proposal_get(tenant_id=self.tenant_id, proposal_id=proposal_id)
        rows = selectors.replay_list(tenant_id=self.tenant_id, proposal_id=proposal.id)
        return self.page_of(rows, ReplayOutput)

    @extend_schema(
        operation_id="proposals_replay", request=ReplayStartInput, responses={201: ReplayOutput}
    )
    def post(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        """Try the proposal's text on recorded turns; it runs in the background."""
        body = ReplayStartInput(data=request.data)
        body.is_valid(raise_exception=True)
        replay = services.replay_start(
            tenant_id=self.tenant_id,
            actor=self.actor,
            proposal_id=proposal_id,
            **body.validated_data,
        )
        return Response(ReplayOutput(replay).data, status.HTTP_201_CREATED)


class TurnReplayApi(_ReplayApi):
    @extend_schema(
        operation_id="turns_replay",
        request=TurnReplayInput,
        responses={201: ReplayOutput(many=True)},
    )
    def post(self, request: Request, tenant_slug: str, turn_id: UUID) -> Response:
        """Ask a turn again with a skill and without it; it runs in the background."""
        body = TurnReplayInput(data=request.data)
        body.is_valid(raise_exception=True)
        wanted = dict(body.validated_data)
        replays = services.turn_replay_start(
            tenant_id=self.tenant_id,
            actor=self.actor,
            turn_id=turn_id,
            slug=wanted.pop("skill", ""),
            **wanted,
        )
        return Response(ReplayOutput(replays, many=True).data, status.HTTP_201_CREATED)


class ReplayDetailApi(_ReplayApi):
    @extend_schema(operation_id="replays_get", responses=ReplayDetailOutput)
    def get(self, request: Request, tenant_slug: str, replay_id: UUID) -> Response:
        replay = selectors.replay_get(tenant_id=self.tenant_id, replay_id=replay_id)
        return Response(ReplayDetailOutput(replay).data)


class ReplayCancelApi(_ReplayApi):
    @extend_schema(operation_id="replays_cancel", request=None, responses=ReplayOutput)
    def post(self, request: Request, tenant_slug: str, replay_id: UUID) -> Response:
        replay = services.replay_cancel(
            tenant_id=self.tenant_id, actor=self.actor, replay_id=replay_id
        )
        return Response(ReplayOutput(replay).data)
