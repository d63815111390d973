from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.tenants.api import TenantApi
from apps.tenants.api.fields import AgentNameField
from apps.training import services
from apps.training.api.jobs import JobOutput
from apps.training.models import TrainingPolicy
from apps.training.selectors.jobs import policy_get, policy_list

_MONEY_MAX = 10**15
_SETTINGS = [
    "name",
    "agent",
    "base_model",
    "rank",
    "mode",
    "source",
    "loss",
    "clip_low",
    "clip_high",
    "beta",
    "learning_rate",
    "normalisation",
    "groups_per_step",
    "group_size",
    "steps_per_job",
    "max_tokens",
    "temperature",
    "teacher_model",
    "kl_coefficient",
    "has_rewards",
    "token_price_micros",
    "route_model",
    "fallback_model",
    "gate_prompts",
    "gate_margin",
    "canary_share",
    "canary_sessions",
]
# Other rows of the workspace: by id in, by id out.
_OTHERS = {"upstream": "upstream_id", "teacher": "teacher_id", "fallback": "fallback_id"} | {
    "task_set": "task_set_id"
}


class PolicyOutput(serializers.ModelSerializer[TrainingPolicy]):
    upstream = serializers.UUIDField(source="upstream_id")
    upstream_name = serializers.CharField(source="upstream.name")
    teacher = serializers.UUIDField(source="teacher_id", allow_null=True)
    fallback = serializers.UUIDField(source="fallback_id", allow_null=True)
    task_set = serializers.UUIDField(source="task_set_id", allow_null=True)

    class Meta:
        model = TrainingPolicy
        ref_name = "TrainingPolicy"
        fields = ["id", *_SETTINGS, *_OTHERS, "upstream_name", "created_at"]


class PolicyInput(serializers.ModelSerializer[TrainingPolicy]):
    """What is left out has its default, or stays as it is. Money in USD / 10⁶."""

    agent = AgentNameField(required=False, allow_blank=True)
    upstream = serializers.UUIDField()
    teacher = serializers.UUIDField(required=False, allow_null=True)
    fallback = serializers.UUIDField(required=False, allow_null=True)
    task_set = serializers.UUIDField(required=False, allow_null=True)
    token_price_micros = serializers.IntegerField(
        min_value=0, max_value=_MONEY_MAX, required=False, allow_null=True
    )

    class Meta:
        model = TrainingPolicy
        ref_name = "TrainingPolicyInput"
        fields = [*_SETTINGS, *_OTHERS]
        # Names that are taken are the service's to refuse: it knows whose they are.
        validators: list[Any] = []


def _fields(body: PolicyInput) -> dict[str, Any]:
    return {_OTHERS.get(name, name): value for name, value in body.validated_data.items()}


class PolicyListApi(TenantApi):
    @extend_schema(operation_id="training_policies_list", responses=PolicyOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        return self.page_of(policy_list(tenant_id=self.tenant_id), PolicyOutput)

    @extend_schema(
        operation_id="training_policies_create", request=PolicyInput, responses={201: PolicyOutput}
    )
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = PolicyInput(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.policy_create(tenant_id=self.tenant_id, actor=self.actor, **_fields(body))
        return Response(PolicyOutput(row).data, status.HTTP_201_CREATED)


class PolicyDetailApi(TenantApi):
    @extend_schema(operation_id="training_policies_get", responses=PolicyOutput)
    def get(self, request: Request, tenant_slug: str, policy_id: UUID) -> Response:
        row = policy_get(tenant_id=self.tenant_id, policy_id=policy_id)
        return Response(PolicyOutput(row).data)

    @extend_schema(
        operation_id="training_policies_change", request=PolicyInput, responses=PolicyOutput
    )
    def patch(self, request: Request, tenant_slug: str, policy_id: UUID) -> Response:
        body = PolicyInput(data=request.data, partial=True)
        body.is_valid(raise_exception=True)
        row = services.policy_update(
            tenant_id=self.tenant_id, actor=self.actor, policy_id=policy_id, **_fields(body)
        )
        return Response(PolicyOutput(row).data)

    @extend_schema(operation_id="training_policies_delete", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, policy_id: UUID) -> Response:
        services.policy_delete(tenant_id=self.tenant_id, actor=self.actor, policy_id=policy_id)
        return Response(status=status.HTTP_204_NO_CONTENT)


class PolicyCheckApi(TenantApi):
    class Output(serializers.Serializer[Any]):
        """Whether the trainer answers, takes the key and has the base model. ``reason``: a word
        for programs, ``detail`` a sentence for people; both empty where all is well."""

        is_ready = serializers.BooleanField()
        reason = serializers.CharField(allow_blank=True)
        detail = serializers.CharField(allow_blank=True)
        detail_said = SaidOutput(source="detail")
        models = serializers.ListField(child=serializers.CharField())

        class Meta:
            ref_name = "TrainingPolicyCheck"

    @extend_schema(operation_id="training_policies_check", request=None, responses=Output)
    def post(self, request: Request, tenant_slug: str, policy_id: UUID) -> Response:
        found = services.policy_check(tenant_id=self.tenant_id, policy_id=policy_id)
        return Response(self.Output(found).data)


class TrainStepApi(TenantApi):
    @extend_schema(
        operation_id="training_policies_train_step", request=None, responses={202: JobOutput}
    )
    def post(self, request: Request, tenant_slug: str, policy_id: UUID) -> Response:
        """One step, now, on what may be trained on; the job's steps hold the numbers."""
        row = services.job_create(
            tenant_id=self.tenant_id,
            actor=self.actor,
            policy_id=policy_id,
            trigger="api",
            steps=1,
            is_now=True,
        )
        return Response(JobOutput(row).data, status.HTTP_202_ACCEPTED)
