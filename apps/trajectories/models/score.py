from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned


class Score(TenantOwned):
    """What a judge thought of a turn. A turn without a row is unscored, which is not zero."""

    class Kind(models.TextChoices):
        JUDGE = "judge"

    turn = models.ForeignKey(
        "trajectories.Turn", on_delete=models.CASCADE, related_name="scores", db_constraint=False
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.JUDGE)
    value = models.SmallIntegerField()
    votes = models.JSONField()
    rationale = models.TextField(blank=True)
    judge_model = models.CharField(max_length=200)
    prompt_version = models.CharField(max_length=40)
    is_simulated = models.BooleanField(default=False)
    saw_follow_up = models.BooleanField(default=False)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "turn", "kind", "prompt_version"],
                name="trajectories_one_score_per_judge",
            ),
            models.CheckConstraint(
                condition=Q(value__in=[-1, 0, 1]), name="trajectories_judge_value"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
