from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.errors import DomainError
from apps.core.said import say, sentences_of
from apps.core.said_output import SaidOutput, SentenceOutput
from apps.core.text import estimate_tokens
from apps.evolution import selectors, services
from apps.evolution.models import Proposal, Review, ReviewLease, ReviewPolicy
from apps.evolution.types import Reviewer
from apps.skills import selectors as skills
from apps.tenants.models import Membership
from apps.tenants.selectors import role_rank
from apps.trajectories import selectors as turns

DECIDE_ROLE = Membership.Role.REVIEWER


class ProposalOutput(serializers.ModelSerializer[Proposal]):
    reason_said = SaidOutput(source="reason")
    evidence_count = serializers.IntegerField()
    session_count = serializers.IntegerField()
    base_version = serializers.SerializerMethodField()
    # Of the evolver, if it was the evolver who wrote it.
    run = serializers.UUIDField(source="run_id", allow_null=True, read_only=True)
    # Of a merge: the skills that go when it is approved.
    merges = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = Proposal
        ref_name = "Proposal"
        fields = [
            "id",
            "kind",
            "slug",
            "category",
            "description",
            "status",
            "sha256",
            "created_at",
            "decided_at",
            "evidence_count",
            "session_count",
            "base_version",
            "merges",
            "author_model",
            "run",
            "reason",
            "reason_said",
            "is_simulated",
        ]

    def get_base_version(self, proposal: Proposal) -> int | None:
        return proposal.base_version.number if proposal.base_version else None


class SimilarOutput(serializers.Serializer[Any]):
    slug = serializers.CharField()
    version = serializers.IntegerField()
    closeness = serializers.FloatField(help_text="0 to 1.")
    by = serializers.ChoiceField(choices=["words", "meaning", "trigger"])

    class Meta:
        ref_name = "Similar"


class CheckOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    level = serializers.ChoiceField(choices=["ok", "warn", "fail"])
    message = serializers.CharField()
    # Checks that were stored by an earlier release have none of these.
    message_said = serializers.ListField(child=SentenceOutput(), default=list)
    turn_ids = serializers.ListField(child=serializers.UUIDField(), default=list)
    similar = SimilarOutput(many=True, default=list)
    model = serializers.CharField(default="")
    prompt_version = serializers.CharField(default="")

    class Meta:
        ref_name = "Check"


class EvidenceOutput(serializers.Serializer[Any]):
    turn_id = serializers.UUIDField()
    session_id = serializers.UUIDField()
    at = serializers.DateTimeField()
    score = serializers.IntegerField(allow_null=True)
    rationale = serializers.SerializerMethodField()
    user_text = serializers.CharField()
    response_text = serializers.CharField()
    follow_up = serializers.CharField(allow_null=True)

    class Meta:
        ref_name = "Evidence"

    def get_rationale(self, turn: Any) -> str:
        return turn.rationales[0] if turn.rationales else ""


class ReviewOutput(serializers.ModelSerializer[Review]):
    class Meta:
        model = Review
        ref_name = "Review"
        fields = [
            "id",
            "decision",
            "reviewer",
            "reason",
            "comment",
            "sha256",
            "edition",
            "created_at",
        ]


class ApprovalsOutput(serializers.Serializer[Any]):
    needed = serializers.IntegerField()
    missing = serializers.IntegerField()
    by = serializers.ListField(child=serializers.CharField())

    class Meta:
        ref_name = "Approvals"


class LeaseOutput(serializers.ModelSerializer[ReviewLease]):
    is_mine = serializers.SerializerMethodField()

    class Meta:
        model = ReviewLease
        ref_name = "ReviewLease"
        fields = ["holder", "is_mine", "expires_at"]

    def get_is_mine(self, lease: ReviewLease) -> bool:
        actor = self.context["reviewer"].actor
        return (lease.holder_kind, lease.holder_id) == (actor.kind, actor.id)


class ProposalDetailOutput(ProposalOutput):
    """Needs ``reviewer`` and ``policy`` in its context: what the caller may do is said too."""

    base_text = serializers.SerializerMethodField()
    checks = CheckOutput(many=True)
    evidence = serializers.SerializerMethodField()
    reviews = ReviewOutput(many=True)
    may_decide = serializers.SerializerMethodField()
    blocked_reason = serializers.SerializerMethodField()
    blocked_said = serializers.SerializerMethodField()
    may_approve = serializers.SerializerMethodField()
    approve_blocked_code = serializers.SerializerMethodField()
    approve_blocked_reason = serializers.SerializerMethodField()
    approve_blocked_said = serializers.SerializerMethodField()
    approvals = serializers.SerializerMethodField()
    lease = serializers.SerializerMethodField()
    tokens = serializers.SerializerMethodField()

    class Meta:
        model = Proposal
        ref_name = "ProposalDetail"
        fields = [
            *ProposalOutput.Meta.fields,
            "text",
            "base_text",
            "checks",
            "evidence",
            "reviews",
            "may_decide",
            "blocked_reason",
            "blocked_said",
            "may_approve",
            "approve_blocked_code",
            "approve_blocked_reason",
            "approve_blocked_said",
            "approvals",
            "lease",
            "checked_at",
            "edition",
            "tokens",
        ]

    def get_base_text(self, proposal: Proposal) -> str | None:
        if proposal.base_version is None:
            return None
        return skills.version_text(
            tenant_id=proposal.tenant_id, version_id=proposal.base_version.id
        )

    @extend_schema_field(EvidenceOutput(many=True))
    def get_evidence(self, proposal: Proposal) -> Any:
        ids = selectors.evidence_ids(tenant_id=proposal.tenant_id, proposal_id=proposal.id)
        found = turns.evidence_turns(tenant_id=proposal.tenant_id, turn_ids=ids)
        return EvidenceOutput(found, many=True).data

    def get_may_decide(self, proposal: Proposal) -> bool:
        return self._blocked(proposal) is None

    def get_blocked_reason(self, proposal: Proposal) -> str | None:
        return self._blocked(proposal)

    @extend_schema_field(SentenceOutput(many=True))
    def get_blocked_said(self, proposal: Proposal) -> Any:
        return sentences_of(self._blocked(proposal) or "")

    @extend_schema_field(SentenceOutput(many=True))
    def get_approve_blocked_said(self, proposal: Proposal) -> Any:
        return sentences_of(self.get_approve_blocked_reason(proposal) or "")

    def get_may_approve(self, proposal: Proposal) -> bool:
        return self._blocked(proposal) is None and self._refusal(proposal) is None

    def get_approve_blocked_code(self, proposal: Proposal) -> str | None:
        refusal = self._refusal(proposal)
        return None if refusal is None else refusal.code

    def get_approve_blocked_reason(self, proposal: Proposal) -> str | None:
        blocked, refusal = self._blocked(proposal), self._refusal(proposal)
        return blocked or (None if refusal is None else refusal.detail)

    @extend_schema_field(ApprovalsOutput)
    def get_approvals(self, proposal: Proposal) -> Any:
        return ApprovalsOutput(services.approvals_of(proposal=proposal, policy=self._policy)).data

    @extend_schema_field(LeaseOutput(allow_null=True))
    def get_lease(self, proposal: Proposal) -> Any:
        lease = selectors.lease_find(tenant_id=proposal.tenant_id, proposal_id=proposal.id)
        return None if lease is None else LeaseOutput(lease, context=self.context).data

    def get_tokens(self, proposal: Proposal) -> int:
        return estimate_tokens(proposal.text)

    def _blocked(self, proposal: Proposal) -> str | None:
        if proposal.status != Proposal.Status.PENDING:
            return say(
                "proposal_decided", "This proposal was {status} already.", status=proposal.status
            )
        role = self._reviewer.role
        if role_rank(role) < role_rank(DECIDE_ROLE):
            return say(
                "proposal_role",
                "Your role ({role}) may read proposals but not decide them.",
                role=role,
            )
        return None

    def _refusal(self, proposal: Proposal) -> DomainError | None:
        return services.approval_refusal(
            proposal=proposal, policy=self._policy, reviewer=self._reviewer
        )

    @property
    def _reviewer(self) -> Reviewer:
        found: Reviewer = self.context["reviewer"]
        return found

    @property
    def _policy(self) -> ReviewPolicy:
        found: ReviewPolicy = self.context["policy"]
        return found
