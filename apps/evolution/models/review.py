from django.db import models

from apps.core.tenancy import TenantOwned


class Review(TenantOwned):
    """What a person did to a proposal, and to exactly which text."""

    class Decision(models.TextChoices):
        APPROVED = "approved"
        REJECTED = "rejected"
        EDITED = "edited"

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
    decision = models.CharField(max_length=10, choices=Decision)
    reviewer = models.CharField(max_length=254)
    reason = models.CharField(max_length=12, choices=Reason, blank=True)
    comment = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64)

    class Meta(TenantOwned.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.decision} by {self.reviewer}"
