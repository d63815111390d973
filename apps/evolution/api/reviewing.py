"""Around a decision: reading with a lease, quarantine, and the policy that decisions follow."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.evolution import selectors, services
from apps.evolution.api.output import ProposalDetailOutput
from apps.evolution.api.proposals import ProposalApi, TakeOver
from apps.evolution.models import Review, ReviewPolicy
from apps.tenants.api import TenantApi
from apps.tenants.models import Membership


class ProposalLeaseApi(ProposalApi):
    @extend_schema(operation_id="proposals_lease", request=None, responses=ProposalDetailOutput)
    def post(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        return self.answer(
            services.lease_take(
                tenant_id=self.tenant_id, reviewer=self.reviewer, proposal_id=proposal_id
            )
        )

    @extend_schema(operation_id="proposals_lease_end", responses=ProposalDetailOutput)
    def delete(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        return self.answer(
            services.lease_give_back(
                tenant_id=self.tenant_id, actor=self.actor, proposal_id=proposal_id
            )
        )


class ProposalQuarantineApi(ProposalApi):
    class Input(serializers.Serializer[Any]):
        reason = serializers.ChoiceField(choices=Review.Reason.choices)
        comment = serializers.CharField(
            max_length=2000, required=False, allow_blank=True, default=""
        )
        take_over = TakeOver()

        class Meta:
            ref_name = "ProposalQuarantine"

    @extend_schema(
        operation_id="proposals_quarantine", request=Input, responses=ProposalDetailOutput
    )
    def post(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        return self.answer(
            services.proposal_quarantine(
                tenant_id=self.tenant_id,
                reviewer=self.reviewer,
                proposal_id=proposal_id,
                takes_over=body.validated_data.pop("take_over"),
                **body.validated_data,
            )
        )


class ProposalReleaseApi(ProposalApi):
    write_role = Membership.Role.ADMIN

    @extend_schema(operation_id="proposals_release", request=None, responses=ProposalDetailOutput)
    def post(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        return self.answer(
            services.proposal_release(
                tenant_id=self.tenant_id, actor=self.actor, proposal_id=proposal_id
            )
        )


class ReviewPolicyApi(TenantApi):
    class Output(serializers.ModelSerializer[ReviewPolicy]):
        class Meta:
            model = ReviewPolicy
            ref_name = "ReviewPolicy"
            fields = [
                "approve_role",
                "quorum",
                "self_approval",
                "reauth_minutes",
                "auto_approval",
                "trusted_tools",
                "asks_model",
            ]

    class Input(serializers.Serializer[Any]):
        approve_role = serializers.ChoiceField(
            choices=ReviewPolicy.ApproveRole.choices, default=ReviewPolicy.ApproveRole.REVIEWER
        )
        quorum = serializers.IntegerField(min_value=1, max_value=9, default=1)
        self_approval = serializers.ChoiceField(
            choices=ReviewPolicy.SelfApproval.choices, default=ReviewPolicy.SelfApproval.AUTO
        )
        reauth_minutes = serializers.IntegerField(
            min_value=1, max_value=1440, default=None, allow_null=True
        )
        auto_approval = serializers.ChoiceField(
            choices=ReviewPolicy.AutoApproval.choices, default=ReviewPolicy.AutoApproval.OFF
        )
        trusted_tools = serializers.ListField(
            child=serializers.CharField(max_length=120), max_length=100, default=list
        )
        asks_model = serializers.BooleanField(default=False)

        class Meta:
            ref_name = "ReviewPolicyChange"

    @extend_schema(operation_id="review_policy_get", responses=Output)
    def get(self, request: Request, tenant_slug: str) -> Response:
        return Response(self.Output(selectors.policy_get(tenant_id=self.tenant_id)).data)

    @extend_schema(operation_id="review_policy_set", request=Input, responses=Output)
    def put(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        policy = services.review_policy_set(
            tenant_id=self.tenant_id, actor=self.actor, **body.validated_data
        )
        return Response(self.Output(policy).data)
