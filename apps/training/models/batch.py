from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned


class Batch(TenantOwned):
    """Samples of whole groups, with what each was worth beside the others of its group."""

    class Normalisation(models.TextChoices):
        # Every token counts the same, in long answers and in short ones.
        TOKEN = "token"  # noqa: S105  # what counts, not a secret
        # Every answer counts the same, whatever its length.
        SEQUENCE = "sequence"

    groups = models.PositiveIntegerField()
    # Looked at and left out: all their answers were worth the same.
    flat_groups = models.PositiveIntegerField(default=0)
    normalisation = models.CharField(max_length=8, choices=Normalisation)
    # Without: a teacher alone says what its tokens are worth, and samples need no score.
    needs_reward = models.BooleanField(default=True, db_default=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.CheckConstraint(condition=Q(groups__gte=1), name="training_batch_has_groups")
        ]

    def __str__(self) -> str:
        return f"batch of {self.groups} groups"


class BatchSample(TenantOwned):
    """A sample in a batch. The database takes none whose turn taught a skill, or was answered
    under skills that have changed since, and none twice (migration 0002)."""

    batch = models.ForeignKey(
        "training.Batch", on_delete=models.CASCADE, related_name="samples", db_constraint=False
    )
    sample = models.ForeignKey(
        "training.Sample", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    # The sample's own: goes with it when turns are forgotten.
    turn = models.ForeignKey(
        "trajectories.Turn", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    # As it was when the batch was formed.
    reward = models.FloatField(null=True)
    # Of each token; normalised, because losses are sums over tokens.
    advantage = models.FloatField()
    # The share of each token in the batch, which the advantage was multiplied with.
    weight = models.FloatField(default=1.0)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sample"], name="training_sample_used_once")
        ]

    def __str__(self) -> str:
        return f"sample {self.sample_id} at {self.advantage:+.3f}"
