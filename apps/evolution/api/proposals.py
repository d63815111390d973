from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.evolution import selectors, services
from apps.evolution.api.output import DECIDE_ROLE, ProposalDetailOutput, ProposalOutput
from apps.evolution.models import Proposal, Review
from apps.evolution.services.canary.starting import SHARE
from apps.evolution.types import Reviewer
from apps.skills.skillmd import MAX_BYTES
from apps.tenants.api import TenantApi
from apps.tenants.authentication import signed_in_at


class TakeOver(serializers.BooleanField):
    """Decide although somebody else reads the proposal right now; for admins."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**({"required": False, "default": False} | options))


class ProposalApi(TenantApi):
    write_role = DECIDE_ROLE

    @property
    def reviewer(self) -> Reviewer:
        return Reviewer(self.actor, self.role, signed_in_at(self.request))

    def answer(self, proposal: Proposal) -> Response:
        policy = selectors.policy_get(tenant_id=self.tenant_id)
        context = {"reviewer": self.reviewer, "policy": policy}
        return Response(ProposalDetailOutput(proposal, context=context).data)


class ProposalListApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        status = serializers.ChoiceField(
            choices=[*Proposal.Status.values, "all"], required=False, default="pending"
        )
        turn = serializers.UUIDField(required=False)

    @extend_schema(
        operation_id="proposals_list", parameters=[Filters], responses=ProposalOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        status = filters.validated_data["status"]
        proposals = selectors.proposal_list(
            tenant_id=self.tenant_id,
            status="" if status == "all" else status,
            turn=filters.validated_data.get("turn"),
        )
        return self.page_of(proposals, ProposalOutput)


class ProposalDetailApi(ProposalApi):
    class Input(serializers.Serializer[Any]):
        text = serializers.CharField(max_length=4 * MAX_BYTES, trim_whitespace=False)
        sha256 = serializers.CharField(max_length=64)
        take_over = TakeOver()

        class Meta:
            ref_name = "ProposalEdit"

    @extend_schema(operation_id="proposals_get", responses=ProposalDetailOutput)
    def get(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        return self.answer(
            selectors.proposal_get(tenant_id=self.tenant_id, proposal_id=proposal_id)
        )

    @extend_schema(operation_id="proposals_edit", request=Input, responses=ProposalDetailOutput)
    def patch(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        return self.answer(
            services.proposal_edit(
                tenant_id=self.tenant_id,
                reviewer=self.reviewer,
                proposal_id=proposal_id,
                takes_over=body.validated_data.pop("take_over"),
                **body.validated_data,
            )
        )


class ProposalApproveApi(ProposalApi):
    class Input(serializers.Serializer[Any]):
        sha256 = serializers.CharField(max_length=64)
        take_over = TakeOver()
        # On trial in a share of the sessions first, or for all at once.
        to = serializers.ChoiceField(choices=["canary", "all"], default="canary")
        share = serializers.FloatField(min_value=0.01, max_value=0.99, default=SHARE)

        class Meta:
            ref_name = "ProposalApproval"

    @extend_schema(operation_id="proposals_approve", request=Input, responses=ProposalDetailOutput)
    def post(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        return self.answer(
            services.proposal_approve(
                tenant_id=self.tenant_id,
                reviewer=self.reviewer,
                proposal_id=proposal_id,
                takes_over=body.validated_data.pop("take_over"),
                **body.validated_data,
            )
        )


class ProposalRejectApi(ProposalApi):
    class Input(serializers.Serializer[Any]):
        reason = serializers.ChoiceField(choices=Review.Reason.choices)
        comment = serializers.CharField(
            max_length=2000, required=False, allow_blank=True, default=""
        )
        take_over = TakeOver()

        class Meta:
            ref_name = "ProposalRejection"

    @extend_schema(operation_id="proposals_reject", request=Input, responses=ProposalDetailOutput)
    def post(self, request: Request, tenant_slug: str, proposal_id: UUID) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        return self.answer(
            services.proposal_reject(
                tenant_id=self.tenant_id,
                reviewer=self.reviewer,
                proposal_id=proposal_id,
                takes_over=body.validated_data.pop("take_over"),
                **body.validated_data,
            )
        )
