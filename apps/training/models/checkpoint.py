from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class Checkpoint(TenantOwned):
    """``adapter@step``: weights that can be served and trained on.

    candidate → passed | rejected → canary → serving → retired. ``gone``: the provider does not
    have it any more.
    """

    class Status(models.TextChoices):
        CANDIDATE = "candidate"
        PASSED = "passed"
        REJECTED = "rejected"
        CANARY = "canary", "Serves a share of the sessions"
        SERVING = "serving"
        RETIRED = "retired"
        GONE = "gone", "Not at the provider any more"

    policy = models.ForeignKey(
        "training.TrainingPolicy",
        on_delete=models.CASCADE,
        related_name="checkpoints",
        db_constraint=False,
    )
    job = models.ForeignKey(
        "training.TrainingJob",
        null=True,
        on_delete=models.SET_NULL,
        related_name="checkpoints",
        db_constraint=False,
    )
    parent = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    # Of the policy, counted over all its jobs: the adapter's age in optimizer steps.
    step = models.PositiveIntegerField()
    status = models.CharField(max_length=9, choices=Status, default=Status.CANDIDATE)
    base_model = models.CharField(max_length=200)
    rank = models.PositiveSmallIntegerField()
    # ``tinker://`` paths: weights and optimizer state to go on from, and weights to sample with.
    state_path = models.CharField(max_length=500)
    sampler_path = models.CharField(max_length=500)
    # The library when it was trained, and how many samples it learned from since its parent.
    generation = models.PositiveIntegerField()
    samples = models.PositiveIntegerField(default=0)
    size_bytes = models.PositiveBigIntegerField(null=True)
    expires_at = models.DateTimeField(null=True)
    # Since when it answers all sessions, and which one did before: that one is gone back to.
    served_at = models.DateTimeField(null=True)
    instead_of = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="+", db_constraint=False
    )
    # When the provider was last seen to have it.
    seen_at = models.DateTimeField(null=True)
    # Why it is what it is, for people.
    note = SaidField(blank=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "policy", "step"], name="training_checkpoint_once"
            ),
            models.UniqueConstraint(
                fields=["tenant", "policy"],
                condition=Q(status="serving"),
                name="training_one_serves",
            ),
            models.UniqueConstraint(
                fields=["tenant", "policy"],
                condition=Q(status="canary"),
                name="training_one_canary",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "policy", "-step"], name="training_newest")]

    def __str__(self) -> str:
        return f"checkpoint {self.policy_id}@{self.step} ({self.status})"
