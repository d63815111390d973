from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned
from apps.evolution.models.lease import Lease


class Review(TenantOwned):
    """What a person, or the policy, did to a proposal, and to exactly which text. Never changed."""

    class Decision(models.TextChoices):
        APPROVED = "approved"
        REJECTED = "rejected"
        EDITED = "edited"
        QUARANTINED = "quarantined"
        RELEASED = "released", "Brought back from quarantine"

    class Reason(models.TextChoices):
        WRONG = "wrong", "It is wrong"
        DUPLICATE = "duplicate", "There is one like it"
        UNSAFE = "unsafe", "It is not safe"
        VAGUE = "vague", "It is too vague to help"
        NOT_NEEDED = "not_needed", "Nobody needs it"
        OTHER = "other", "Another reason"

    proposal = models.ForeignKey(
        "evolution.Proposal",
        on_delete=models.CASCADE,
        related_name="reviews",
        db_constraint=False,
    )
    decision = models.CharField(max_length=12, choices=Decision)
    reviewer = models.CharField(max_length=254)
    # Whose decision it was: names may change, and two may have the same.
    reviewer_kind = models.CharField(max_length=8, blank=True)
    reviewer_id = models.CharField(max_length=64, blank=True)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    comment = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)
    # Of the text as the library keeps it, without whom it is for; empty unless approved.
    guidance_sha256 = models.CharField(max_length=64, blank=True)
    # Approvals of an earlier edition do not count for a later one.
    edition = models.PositiveIntegerField(default=1)

    class Meta(TenantOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.decision} by {self.reviewer}"


class ReviewPolicy(TenantOwned):
    """What it takes in a workspace until a proposal goes live. Without a row: the defaults."""

    class ApproveRole(models.TextChoices):
        REVIEWER = "reviewer"
        ADMIN = "admin"
        OWNER = "owner"

    class SelfApproval(models.TextChoices):
        AUTO = "auto", "Refused once somebody else may approve"
        REFUSED = "refused"
        ALLOWED = "allowed"

    class AutoApproval(models.TextChoices):
        OFF = "off", "People approve"
        CLEAN_CHECKS = "clean_checks", "When no check finds anything"
        CLEAN_AND_LIFT = "clean_and_lift", "When, besides, a replay shows that it helps"

    approve_role = models.CharField(
        max_length=10, choices=ApproveRole, default=ApproveRole.REVIEWER
    )
    quorum = models.PositiveSmallIntegerField(default=1)
    self_approval = models.CharField(max_length=8, choices=SelfApproval, default=SelfApproval.AUTO)
    # Who approves has given their password within so many minutes.
    reauth_minutes = models.PositiveIntegerField(null=True)
    auto_approval = models.CharField(max_length=16, choices=AutoApproval, default=AutoApproval.OFF)
    # Tools whose results are the workspace's own: they do not taint what was learned.
    trusted_tools = ArrayField(models.CharField(max_length=120), default=list)
    # A judge is asked besides whether a text contradicts a live skill.
    asks_model = models.BooleanField(default=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="evolution_one_policy"),
            models.CheckConstraint(
                condition=Q(quorum__gte=1, quorum__lte=9), name="evolution_quorum"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quorum} × {self.approve_role}"


class ReviewLease(Lease):
    """Who reads a proposal right now."""

    proposal = models.ForeignKey(
        "evolution.Proposal", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )

    class Meta(Lease.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "proposal"], name="evolution_one_lease")
        ]
