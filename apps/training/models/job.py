from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class TrainingJob(TenantOwned):
    """Some optimizer steps on the way from one checkpoint to the next.

    queued → waiting_window → running ⇄ paused → gating → done | failed | cancelled. What the
    trainer did is in the ledger of steps: after a crash the last stored state is loaded again and
    the steps behind it are sent again, with the same samples.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        WAITING_WINDOW = "waiting_window", "Waits for its window"
        RUNNING = "running"
        PAUSED = "paused"
        GATING = "gating", "Its checkpoint is being tried"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    class Trigger(models.TextChoices):
        WINDOW = "window", "A window opened"
        FULL = "full", "A batch was full"
        HAND = "hand", "A person asked"
        API = "api", "A program asked"

    ENDED = frozenset({Status.DONE, Status.FAILED, Status.CANCELLED})

    policy = models.ForeignKey(
        "training.TrainingPolicy",
        on_delete=models.CASCADE,
        related_name="jobs",
        db_constraint=False,
    )
    status = models.CharField(max_length=14, choices=Status, default=Status.QUEUED)
    trigger = models.CharField(max_length=6, choices=Trigger)
    # Needs no window: somebody wants it now.
    is_now = models.BooleanField(default=False)
    asked_by = models.CharField(max_length=254, blank=True)
    planned_steps = models.PositiveIntegerField()
    # What it starts from; null: a new adapter.
    start = models.ForeignKey(
        "training.Checkpoint",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )
    # The settings of the policy when it began, so that a change there changes no job under way.
    settings = models.JSONField(default=dict)
    # Why it stands where it stands: a code, and a sentence for people.
    reason = models.CharField(max_length=40, blank=True)
    note = SaidField(blank=True)
    # A trainer that cannot is tried again, less and less often; after hours a person has to look.
    trouble_since = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    wants_cancel = models.BooleanField(default=False)
    wants_pause = models.BooleanField(default=False)
    window_id = models.UUIDField(null=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            # Two jobs of one policy would train two adapters from the same start.
            models.UniqueConstraint(
                fields=["tenant", "policy"],
                condition=~Q(status__in=["done", "failed", "cancelled"]),
                name="training_one_job_a_policy",
            ),
            models.CheckConstraint(
                condition=Q(planned_steps__gte=1), name="training_job_has_steps"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-id"], name="training_jobs")]

    def __str__(self) -> str:
        return f"training job {self.id} ({self.status})"


class TrainingStep(TenantOwned):
    """One optimizer step: planned → sent → confirmed.

    Confirmed means that the state behind it is stored under ``state_path``. A step that was sent
    and not confirmed may have happened or not: its state is not loaded, so it never counts.
    """

    class Status(models.TextChoices):
        PLANNED = "planned"
        SENT = "sent"
        CONFIRMED = "confirmed"

    job = models.ForeignKey(
        "training.TrainingJob", on_delete=models.CASCADE, related_name="steps", db_constraint=False
    )
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=9, choices=Status, default=Status.PLANNED)
    # Its samples; null until they are gathered.
    batch = models.ForeignKey(
        "training.Batch",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )
    # How often it was sent: more than once after a crash.
    sends = models.PositiveIntegerField(default=0)
    # Where the state it starts from is stored; empty for a new adapter.
    from_path = models.CharField(max_length=500, blank=True)
    state_path = models.CharField(max_length=500, blank=True)
    # The same weights, to sample with.
    sampler_path = models.CharField(max_length=500, blank=True)
    # Reward, loss, ratio, KL, entropy, clip fraction, flat groups …: what is drawn.
    metrics = models.JSONField(default=dict)
    tokens = models.PositiveBigIntegerField(default=0)
    # Null where the price of a token is not known.
    cost_micros = models.PositiveBigIntegerField(null=True)
    sent_at = models.DateTimeField(null=True)
    # Sampled for it: prompts, read once for each group, and answers. While a worker samples, and
    # for good if it was killed at that, the most that it can have been.
    sampled_tokens = models.PositiveBigIntegerField(default=0)
    sampled_micros = models.PositiveBigIntegerField(null=True)
    sampled_at = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "job", "number"], name="training_step_once"),
            models.UniqueConstraint(
                fields=["tenant", "batch"],
                condition=Q(batch__isnull=False),
                name="training_batch_in_one_step",
            ),
            models.CheckConstraint(
                condition=~Q(status="confirmed") | ~Q(state_path=""),
                name="training_confirmed_has_state",
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "-sent_at"], name="training_steps_of_a_day"),
            models.Index(fields=["tenant", "-sampled_at"], name="training_sampled_in_a_day"),
        ]

    def __str__(self) -> str:
        return f"step {self.number} ({self.status})"
