from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.tenancy import tenant_tx
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership
from apps.training.api.checkpoint_output import (
    CheckpointDetailOutput,
    CheckpointOutput,
    GateCaseOutput,
    GateOutput,
    LineageOutput,
    TrainedTurnOutput,
)
from apps.training.models import Checkpoint
from apps.training.selectors import checkpoints as selectors
from apps.training.services import checkpoints as services


class _DecidingApi(TenantApi):
    """What answers people is decided by those who decide about skills."""

    write_role = Membership.Role.REVIEWER

    def detail(self, checkpoint_id: UUID) -> Response:
        found = selectors.checkpoint_get(tenant_id=self.tenant_id, checkpoint_id=checkpoint_id)
        return Response(CheckpointDetailOutput(found).data)


class CheckpointListApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        policy = serializers.UUIDField(required=False, source="policy_id")
        turn = serializers.UUIDField(required=False, source="turn_id")
        status = serializers.ChoiceField(choices=Checkpoint.Status.choices, required=False)

    @extend_schema(
        operation_id="checkpoints_list",
        parameters=[Filters],
        responses=CheckpointOutput(many=True),
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = selectors.checkpoint_list(tenant_id=self.tenant_id, **filters.validated_data)
        return self.page_of(rows, CheckpointOutput)


class CheckpointDetailApi(_DecidingApi):
    @extend_schema(operation_id="checkpoints_get", responses=CheckpointDetailOutput)
    def get(self, request: Request, tenant_slug: str, checkpoint_id: UUID) -> Response:
        return self.detail(checkpoint_id)


class CheckpointCasesApi(TenantApi):
    @extend_schema(operation_id="gate_cases_list", responses=GateCaseOutput(many=True))
    def get(
        self, request: Request, tenant_slug: str, checkpoint_id: UUID, gate_id: UUID
    ) -> Response:
        """The prompts of a gate and what both sides made of them."""
        rows = selectors.gate_cases(
            tenant_id=self.tenant_id, checkpoint_id=checkpoint_id, gate_id=gate_id
        )
        return self.page_of(rows, GateCaseOutput)


class CheckpointLineageApi(TenantApi):
    @extend_schema(operation_id="checkpoints_lineage", responses=LineageOutput)
    def get(self, request: Request, tenant_slug: str, checkpoint_id: UUID) -> Response:
        found = selectors.checkpoint_lineage(tenant_id=self.tenant_id, checkpoint_id=checkpoint_id)
        return Response(LineageOutput(found).data)


class CheckpointTurnsApi(TenantApi):
    @extend_schema(operation_id="checkpoints_turns", responses=TrainedTurnOutput(many=True))
    def get(self, request: Request, tenant_slug: str, checkpoint_id: UUID) -> Response:
        """The turns it learned from since its parent."""
        found = selectors.checkpoint_get(tenant_id=self.tenant_id, checkpoint_id=checkpoint_id)
        rows = selectors.checkpoint_samples(tenant_id=self.tenant_id, checkpoint=found)
        return self.page_of(rows, TrainedTurnOutput)


class CheckpointGateApi(_DecidingApi):
    @extend_schema(operation_id="checkpoints_gate", request=None, responses={201: GateOutput})
    def post(self, request: Request, tenant_slug: str, checkpoint_id: UUID) -> Response:
        """Try it against what serves now; it runs in the background."""
        gate = services.gate_start(
            tenant_id=self.tenant_id, actor=self.actor, checkpoint_id=checkpoint_id
        )
        return Response(GateOutput(gate).data, status.HTTP_201_CREATED)


class CheckpointPassApi(_DecidingApi):
    class Input(serializers.Serializer[Any]):
        reason = serializers.CharField(max_length=400)

        class Meta:
            ref_name = "CheckpointPass"

    @extend_schema(operation_id="checkpoints_pass", request=Input, responses=CheckpointDetailOutput)
    def post(self, request: Request, tenant_slug: str, checkpoint_id: UUID) -> Response:
        """Let it through by hand, with your name and reason on record."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        services.gate_pass(
            tenant_id=self.tenant_id,
            actor=self.actor,
            checkpoint_id=checkpoint_id,
            why=body.validated_data["reason"],
        )
        return self.detail(checkpoint_id)


class CheckpointPromoteApi(_DecidingApi):
    # The provider is asked first whether it still has it.
    opens_own_transactions = True

    @extend_schema(
        operation_id="checkpoints_promote", request=None, responses=CheckpointDetailOutput
    )
    def post(self, request: Request, tenant_slug: str, checkpoint_id: UUID) -> Response:
        """Let it answer every session of its policy's route."""
        services.checkpoint_check(tenant_id=self.tenant_id, checkpoint_id=checkpoint_id)
        services.checkpoint_promote(
            tenant_id=self.tenant_id, actor=self.actor, checkpoint_id=checkpoint_id
        )
        with tenant_tx(self.tenant_id):
            return self.detail(checkpoint_id)


class CheckpointCanaryApi(_DecidingApi):
    opens_own_transactions = True

    class Input(serializers.Serializer[Any]):
        share = serializers.FloatField(
            min_value=0.01, max_value=0.9, required=False, allow_null=True
        )

        class Meta:
            ref_name = "CheckpointCanary"

    @extend_schema(
        operation_id="checkpoints_canary", request=Input, responses=CheckpointDetailOutput
    )
    def post(self, request: Request, tenant_slug: str, checkpoint_id: UUID) -> Response:
        """Let it answer a share of the sessions until the numbers, or a person, decide."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        services.checkpoint_check(tenant_id=self.tenant_id, checkpoint_id=checkpoint_id)
        services.checkpoint_canary(
            tenant_id=self.tenant_id,
            actor=self.actor,
            checkpoint_id=checkpoint_id,
            **body.validated_data,
        )
        with tenant_tx(self.tenant_id):
            return self.detail(checkpoint_id)


class CheckpointRetireApi(_DecidingApi):
    @extend_schema(
        operation_id="checkpoints_retire", request=None, responses=CheckpointDetailOutput
    )
    def post(self, request: Request, tenant_slug: str, checkpoint_id: UUID) -> Response:
        services.checkpoint_retire(
            tenant_id=self.tenant_id, actor=self.actor, checkpoint_id=checkpoint_id
        )
        return self.detail(checkpoint_id)


class CheckpointDeleteApi(_DecidingApi):
    write_role = Membership.Role.ADMIN

    @extend_schema(
        operation_id="checkpoints_delete", request=None, responses=CheckpointDetailOutput
    )
    def post(self, request: Request, tenant_slug: str, checkpoint_id: UUID) -> Response:
        """Have the provider let its weights go, for good. What is known of it here stays."""
        services.checkpoint_delete_at_provider(
            tenant_id=self.tenant_id, actor=self.actor, checkpoint_id=checkpoint_id
        )
        return self.detail(checkpoint_id)


class PolicyRollbackApi(_DecidingApi):
    class Input(serializers.Serializer[Any]):
        reason = serializers.CharField(max_length=400, required=False, allow_blank=True)

        class Meta:
            ref_name = "PolicyRollback"

    @extend_schema(
        operation_id="training_policies_rollback",
        request=Input,
        responses=CheckpointDetailOutput,
    )
    def post(self, request: Request, tenant_slug: str, policy_id: UUID) -> Response:
        """Back to what served before; answers with the checkpoint that was taken back."""
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        found = services.checkpoint_rollback(
            tenant_id=self.tenant_id,
            actor=self.actor,
            policy_id=policy_id,
            why=body.validated_data.get("reason", ""),
        )
        return self.detail(found.id)
