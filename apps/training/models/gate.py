from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class Gate(TenantOwned):
    """A checkpoint tried before anybody is answered by it.

    ``heldout``: prompts it never learned from, asked of it and of what serves now. ``shadow``:
    prompts of late, answered by what serves; nobody sees what the checkpoint says to them.
    """

    class Stage(models.TextChoices):
        HELDOUT = "heldout", "Prompts it never learned from"
        SHADOW = "shadow", "Prompts of late"

    class Status(models.TextChoices):
        RUNNING = "running"
        PASSED = "passed"
        FAILED = "failed"
        ERROR = "error", "Could not be tried"

    checkpoint = models.ForeignKey(
        "training.Checkpoint", on_delete=models.CASCADE, related_name="gates", db_constraint=False
    )
    stage = models.CharField(max_length=8, choices=Stage)
    status = models.CharField(max_length=8, choices=Status, default=Status.RUNNING)
    # What it is compared with: the path of a sampler's weights; empty for the base model.
    baseline_path = models.CharField(max_length=500, blank=True)
    margin = models.FloatField()
    # What came out (services.checkpoints.verdict).
    result = models.JSONField(default=dict)
    # What the judge took; USD / 10⁶, null where its price is not known.
    judge_tokens = models.PositiveIntegerField(default=0)
    cost_micros = models.PositiveBigIntegerField(null=True, default=0)
    is_simulated = models.BooleanField(default=False)
    # Why it ended as it did: a code, and a sentence for people.
    reason = models.CharField(max_length=40, blank=True)
    note = SaidField(blank=True)
    # Who asked for it, or passed the checkpoint by hand.
    actor = models.CharField(max_length=254)
    by_hand = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "checkpoint"],
                condition=Q(status="running"),
                name="training_one_gate_at_a_time",
            )
        ]
        indexes = [models.Index(fields=["tenant", "checkpoint", "-id"], name="training_gates")]

    def __str__(self) -> str:
        return f"{self.stage} gate of {self.checkpoint_id} ({self.status})"


class GateCase(TenantOwned):
    """One prompt of a gate, and what both sides made of it."""

    class Status(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        SKIPPED = "skipped"

    gate = models.ForeignKey(
        "training.Gate", on_delete=models.CASCADE, related_name="cases", db_constraint=False
    )
    # A recorded turn, or a task of the policy's task set.
    turn_id = models.UUIDField(null=True)
    task_id = models.CharField(max_length=200, blank=True)
    status = models.CharField(max_length=8, choices=Status, default=Status.WAITING)
    # Why it could not be asked.
    reason = models.TextField(blank=True)
    # Of each answer: its text and figures (apps.training.degeneracy.Figures).
    baseline = models.JSONField(default=list)
    candidate = models.JSONField(default=list)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "gate", "turn_id", "task_id"],
                nulls_distinct=False,
                name="training_gate_case_once",
            )
        ]

    def __str__(self) -> str:
        return f"case {self.turn_id or self.task_id} ({self.status})"
