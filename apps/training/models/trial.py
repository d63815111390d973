from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class CheckpointTrial(TenantOwned):
    """A checkpoint watched while it answers people, beside what it is to replace or replaced."""

    class Kind(models.TextChoices):
        CANARY = "canary", "In a share of the sessions"
        WATCH = "watch", "In all of them, against those before"

    class Status(models.TextChoices):
        RUNNING = "running"
        PROMOTED = "promoted", "Did better: serves all"
        ROLLED_BACK = "rolled_back", "Did worse: serves nobody"
        UNDECIDED = "undecided", "No difference beyond chance"
        STOPPED = "stopped", "Something else was decided meanwhile"

    checkpoint = models.ForeignKey(
        "training.Checkpoint", on_delete=models.CASCADE, related_name="trials", db_constraint=False
    )
    kind = models.CharField(max_length=6, choices=Kind)
    status = models.CharField(max_length=11, choices=Status, default=Status.RUNNING)
    # Which turns are whose: the served model's name on them.
    candidate_path = models.CharField(max_length=500)
    baseline_path = models.CharField(max_length=500)
    # The public name that they were asked under.
    route_model = models.CharField(max_length=200)
    share = models.FloatField()
    # How often a checkpoint that is no worse is taken back, and one that is no better promoted.
    alpha = models.FloatField()
    # So many sessions are looked at.
    sessions_max = models.PositiveIntegerField()
    # What the numbers said when they were last looked at (services.checkpoints.comparing).
    result = models.JSONField(default=dict)
    note = SaidField(blank=True)
    started_by = models.CharField(max_length=254)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "checkpoint"],
                condition=Q(status="running"),
                name="training_one_trial_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lt=1), name="training_trial_share"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "checkpoint", "-id"], name="training_trials")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.checkpoint_id} ({self.status})"


class CheckpointSession(TenantOwned):
    """A session that counts for a trial, and how it went once that is settled."""

    class Arm(models.TextChoices):
        CANDIDATE = "candidate"
        BASELINE = "baseline"

    trial = models.ForeignKey(
        "training.CheckpointTrial",
        on_delete=models.CASCADE,
        related_name="sessions",
        db_constraint=False,
    )
    session_id = models.UUIDField()
    arm = models.CharField(max_length=9, choices=Arm)
    # Its first turn that one of the two answered.
    first_turn_id = models.UUIDField()
    settled_at = models.DateTimeField(null=True)
    # Mean outcome of its turns, from 0 (failed) to 1 (passed); none was judged: null.
    reward = models.FloatField(null=True)
    turns = models.PositiveIntegerField(default=0)
    failed_requests = models.PositiveIntegerField(default=0)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "trial", "session_id"], name="training_trial_session_once"
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "trial", "settled_at"], name="training_trial_settled")
        ]

    def __str__(self) -> str:
        return f"{self.arm} {self.session_id}"
