from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said import Sentence, sentences_of
from apps.core.said_output import SentenceOutput
from apps.evolution import selectors, services
from apps.evolution.models import LearningPolicy
from apps.tenants.api import TenantApi

_MONEY_MAX = 10**15
_RULES = [
    "on_failure",
    "on_session_end",
    "every_turns",
    "success_below",
    "success_window",
    "min_sessions",
    "evidence",
    "spares_corrected",
    "daily_runs",
    "daily_tokens",
    "daily_micros",
    "is_paused",
    "ledger_outcomes",
    "ledger_success_below",
    "ledger_lift_below",
    "ledger_unused_days",
    "ledger_merges",
]


class LearningDayOutput(serializers.Serializer[Any]):
    """What the evolver used today. Money in USD / 10⁶, of models with a known price."""

    runs = serializers.IntegerField()
    tokens = serializers.IntegerField()
    micros = serializers.IntegerField()
    ends_at = serializers.DateTimeField()
    capped_by = serializers.ChoiceField(choices=["", "runs", "tokens", "money"])

    class Meta:
        ref_name = "LearningDay"


class LearningPolicyOutput(serializers.ModelSerializer[LearningPolicy]):
    state = serializers.SerializerMethodField()
    today = serializers.SerializerMethodField()
    held_reason = serializers.SerializerMethodField()
    held_said = serializers.SerializerMethodField()

    class Meta:
        model = LearningPolicy
        ref_name = "LearningPolicy"
        fields = [*_RULES, "state", "today", "held_at", "held_reason", "held_said", "waived_judge"]

    def get_held_reason(self, policy: LearningPolicy) -> str:
        return services.held_sentence(policy)

    @extend_schema_field(SentenceOutput(many=True))
    def get_held_said(self, policy: LearningPolicy) -> tuple[Sentence, ...]:
        return sentences_of(services.held_sentence(policy))

    @extend_schema_field(serializers.ChoiceField(choices=["on", "paused", "held", "capped"]))
    def get_state(self, policy: LearningPolicy) -> str:
        """``held``: judge and people differ too much."""
        if policy.is_paused:
            return "paused"
        if policy.is_stopped:
            return "held"
        return "capped" if self._day(policy).capped_by else "on"

    @extend_schema_field(LearningDayOutput)
    def get_today(self, policy: LearningPolicy) -> Any:
        return LearningDayOutput(self._day(policy)).data

    def _day(self, policy: LearningPolicy) -> services.LearningDay:
        return services.day_get(tenant_id=policy.tenant_id, policy=policy)


class LearningPolicyApi(TenantApi):
    class Input(serializers.Serializer[Any]):
        """What is left out stays as it is. Null: no such trigger, no such limit."""

        on_failure = serializers.BooleanField(required=False)
        on_session_end = serializers.BooleanField(required=False)
        every_turns = serializers.IntegerField(
            min_value=1, max_value=100_000, required=False, allow_null=True
        )
        success_below = serializers.IntegerField(
            min_value=1, max_value=100, required=False, allow_null=True
        )
        success_window = serializers.IntegerField(min_value=5, max_value=500, required=False)
        min_sessions = serializers.IntegerField(min_value=1, max_value=10, required=False)
        evidence = serializers.ChoiceField(
            choices=LearningPolicy.EvidenceMode.choices, required=False
        )
        spares_corrected = serializers.BooleanField(required=False)
        daily_runs = serializers.IntegerField(
            min_value=0, max_value=10**6, required=False, allow_null=True
        )
        daily_tokens = serializers.IntegerField(
            min_value=0, max_value=10**12, required=False, allow_null=True
        )
        daily_micros = serializers.IntegerField(
            min_value=0, max_value=_MONEY_MAX, required=False, allow_null=True
        )
        is_paused = serializers.BooleanField(required=False)
        ledger_outcomes = serializers.IntegerField(min_value=1, max_value=10**6, required=False)
        ledger_success_below = serializers.IntegerField(
            min_value=1, max_value=100, required=False, allow_null=True
        )
        ledger_lift_below = serializers.IntegerField(
            min_value=-100, max_value=100, required=False, allow_null=True
        )
        ledger_unused_days = serializers.IntegerField(
            min_value=1, max_value=3650, required=False, allow_null=True
        )
        ledger_merges = serializers.BooleanField(required=False)

        class Meta:
            ref_name = "LearningPolicyChange"

    @extend_schema(operation_id="learning_policy_get", responses=LearningPolicyOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        policy = selectors.learning_policy(tenant_id=self.tenant_id)
        return Response(LearningPolicyOutput(policy).data)

    @extend_schema(
        operation_id="learning_policy_put", request=Input, responses=LearningPolicyOutput
    )
    def put(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        policy = services.learning_policy_set(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(LearningPolicyOutput(policy).data)
