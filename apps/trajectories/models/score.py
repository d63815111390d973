from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned


class Score(TenantOwned):
    """What somebody, or something, says of a turn; apps.trajectories.rewards joins them to one.

    ``created_at`` is when it was said. A turn without a row is unscored, which is not zero.
    """

    class Kind(models.TextChoices):
        # A member who looked at the turn.
        HUMAN = "human"
        # A program that knows what the task wanted.
        CHECKER = "checker"
        # Feedback of whoever used the answer.
        EXPLICIT = "explicit"
        # A model that was asked.
        JUDGE = "judge"
        # How the conversation went on.
        IMPLICIT = "implicit"

    turn = models.ForeignKey(
        "trajectories.Turn", on_delete=models.CASCADE, related_name="scores", db_constraint=False
    )
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.JUDGE)
    value = models.FloatField()
    confidence = models.FloatField(default=1)
    # Of implicit scores: which signal.
    source = models.CharField(max_length=20, blank=True)
    # Of people and keys: their name of then, and by what they are known.
    author = models.CharField(max_length=150, blank=True)
    author_id = models.CharField(max_length=60, blank=True)
    comment = models.TextField(blank=True)
    rationale = models.TextField(blank=True)
    # What a member would have answered instead; models may learn from it.
    correction = models.TextField(blank=True, db_default="")

    # Of judges.
    votes = models.JSONField(default=list)
    judge_model = models.CharField(max_length=200, blank=True)
    prompt_version = models.CharField(max_length=40, blank=True)
    is_simulated = models.BooleanField(default=False)
    saw_follow_up = models.BooleanField(default=False)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    # USD / 10⁶, by the prices of then; null where the price of the model was not known.
    cost_micros = models.PositiveBigIntegerField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            # Saying something again replaces it.
            models.UniqueConstraint(
                fields=["tenant", "turn", "kind", "prompt_version", "author_id", "source"],
                name="trajectories_one_score_each",
            ),
            models.CheckConstraint(
                condition=Q(value__gte=-1, value__lte=1), name="trajectories_score_value"
            ),
            models.CheckConstraint(
                condition=Q(confidence__gte=0, confidence__lte=1),
                name="trajectories_score_confidence",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["judge", "human"]) | Q(value__in=[-1, 0, 1]),
                name="trajectories_verdict_value",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"
