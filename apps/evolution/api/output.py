from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.core.text import estimate_tokens
from apps.evolution import selectors
from apps.evolution.models import Proposal, Review
from apps.skills import selectors as skills
from apps.tenants.models import Membership
from apps.tenants.selectors import role_rank
from apps.trajectories import selectors as turns

DECIDE_ROLE = Membership.Role.REVIEWER


class ProposalOutput(serializers.ModelSerializer[Proposal]):
    evidence_count = serializers.IntegerField()
    session_count = serializers.IntegerField()
    base_version = serializers.SerializerMethodField()
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
            "is_simulated",
        ]

    def get_base_version(self, proposal: Proposal) -> int | None:
        return proposal.base_version.number if proposal.base_version else None


class CheckOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    level = serializers.ChoiceField(choices=["ok", "warn", "fail"])
    message = serializers.CharField()

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
        fields = ["id", "decision", "reviewer", "reason", "comment", "sha256", "created_at"]


class ProposalDetailOutput(ProposalOutput):
    """Needs ``role`` in its context: what the caller may do is part of the answer."""

    base_text = serializers.SerializerMethodField()
    checks = CheckOutput(many=True)
    evidence = serializers.SerializerMethodField()
    reviews = ReviewOutput(many=True)
    may_decide = serializers.SerializerMethodField()
    blocked_reason = serializers.SerializerMethodField()
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

    def get_tokens(self, proposal: Proposal) -> int:
        return estimate_tokens(proposal.text)

    def _blocked(self, proposal: Proposal) -> str | None:
        if proposal.status != Proposal.Status.PENDING:
            return f"This proposal was {proposal.status} already."
        role = self.context["role"]
        if role_rank(role) < role_rank(DECIDE_ROLE):
            return f"Your role ({role}) may read proposals but not decide them."
        return None
