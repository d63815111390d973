from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership
from apps.training.models import Rollout, RolloutEpisode
from apps.training.selectors import rollouts as selectors
from apps.training.services import rollouts as services


class RolloutOutput(serializers.ModelSerializer[Rollout]):
    """``mean_reward``: of the episodes that a checker rewarded; null without any."""

    policy_name = serializers.CharField(source="policy.name")
    task_set_name = serializers.CharField(source="task_set.name", default="")
    played = serializers.IntegerField()
    failed = serializers.IntegerField()
    waiting = serializers.IntegerField()
    mean_reward = serializers.FloatField(allow_null=True)
    note_said = SaidOutput(source="note")

    class Meta:
        model = Rollout
        ref_name = "Rollout"
        fields = [
            "id",
            "policy",
            "policy_name",
            "origin",
            "task_set",
            "task_set_name",
            "job",
            "step",
            "status",
            "groups",
            "group_size",
            "concurrency",
            "checkpoint",
            "seed",
            "played",
            "failed",
            "waiting",
            "mean_reward",
            "tokens",
            "prompt_tokens",
            "reason",
            "note",
            "note_said",
            "asked_by",
            "created_at",
            "started_at",
            "ended_at",
        ]


class EpisodeOutput(serializers.ModelSerializer[RolloutEpisode]):
    turn_ids = serializers.ListField(child=serializers.UUIDField())

    class Meta:
        model = RolloutEpisode
        ref_name = "RolloutEpisode"
        fields = [
            "id",
            "task_id",
            "member",
            "status",
            "group_id",
            "session_id",
            "turn_ids",
            "reward",
            "error",
        ]


class RolloutListApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        policy = serializers.UUIDField(required=False)

    class Input(serializers.Serializer[Any]):
        """``groups``: how many tasks; by default each of the set once. ``checkpoint``: the id of
        one of the policy's; by default its base model answers."""

        policy = serializers.UUIDField()
        task_set = serializers.UUIDField(required=False, allow_null=True)
        groups = serializers.IntegerField(required=False, min_value=1, max_value=20_000)
        group_size = serializers.IntegerField(required=False, min_value=1, max_value=64)
        concurrency = serializers.IntegerField(default=8, min_value=1, max_value=64)
        checkpoint = serializers.UUIDField(required=False, allow_null=True)
        seed = serializers.IntegerField(required=False, allow_null=True, min_value=0)

        class Meta:
            ref_name = "RolloutAsked"

    @extend_schema(
        operation_id="rollouts_list", parameters=[Filters], responses=RolloutOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        policy_id = filters.validated_data.get("policy")
        rows = selectors.rollout_list(tenant_id=self.tenant_id, policy_id=policy_id)
        return self.page_of(rows, RolloutOutput)

    @extend_schema(operation_id="rollouts_ask", request=Input, responses={202: RolloutOutput})
    def post(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        asked = dict(body.validated_data)
        rollout = services.rollout_ask(
            tenant_id=self.tenant_id,
            actor=self.actor,
            policy_id=asked.pop("policy"),
            task_set_id=asked.pop("task_set", None),
            checkpoint_id=asked.pop("checkpoint", None),
            **asked,
        )
        return Response(RolloutOutput(rollout).data, status.HTTP_202_ACCEPTED)


class RolloutDetailApi(TenantApi):
    @extend_schema(operation_id="rollouts_get", responses=RolloutOutput)
    def get(self, request: Request, tenant_slug: str, rollout_id: UUID) -> Response:
        rollout = selectors.rollout_get(tenant_id=self.tenant_id, rollout_id=rollout_id)
        return Response(RolloutOutput(rollout).data)


class RolloutEpisodesApi(TenantApi):
    @extend_schema(operation_id="rollouts_episodes", responses=EpisodeOutput(many=True))
    def get(self, request: Request, tenant_slug: str, rollout_id: UUID) -> Response:
        rollout = selectors.rollout_get(tenant_id=self.tenant_id, rollout_id=rollout_id)
        rows = selectors.episode_list(tenant_id=self.tenant_id, rollout_id=rollout.id)
        return self.page_of(rows, EpisodeOutput)


class RolloutCancelApi(TenantApi):
    write_role = Membership.Role.ADMIN

    @extend_schema(operation_id="rollouts_cancel", request=None, responses=RolloutOutput)
    def post(self, request: Request, tenant_slug: str, rollout_id: UUID) -> Response:
        """Play no more of it; what is played stays."""
        rollout = services.rollout_cancel(
            tenant_id=self.tenant_id, actor=self.actor, rollout_id=rollout_id
        )
        return Response(RolloutOutput(rollout).data)
