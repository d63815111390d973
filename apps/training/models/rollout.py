from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class Rollout(TenantOwned):
    """Tasks, or recorded prompts, that a policy answers without a user: some groups of answers.

    queued → running → done | failed | cancelled. What is to be played stands in its episodes, so
    that whoever goes on with it plays what is missing and nothing twice.
    """

    class Origin(models.TextChoices):
        ROLLOUT = "rollout", "A task of a task set"
        RESAMPLE = "resample", "A recorded prompt, asked again"

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    ENDED = frozenset({Status.DONE, Status.FAILED, Status.CANCELLED})

    policy = models.ForeignKey(
        "training.TrainingPolicy", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.ROLLOUT)
    # Null where recorded prompts are asked, or the set is gone.
    task_set = models.ForeignKey(
        "training.TaskSet",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )
    # The step it is played for; null: somebody asked for it by hand.
    job = models.ForeignKey(
        "training.TrainingJob",
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        db_constraint=False,
    )
    step = models.PositiveIntegerField(null=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.QUEUED)
    groups = models.PositiveIntegerField(validators=[MinValueValidator(1)])
    group_size = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(64)]
    )
    concurrency = models.PositiveSmallIntegerField(
        default=8, validators=[MinValueValidator(1), MaxValueValidator(64)]
    )
    # The weights that answer: a sampler's path; empty: the base model.
    checkpoint = models.CharField(max_length=500, blank=True)
    # As the policy had them when it was asked for.
    max_tokens = models.PositiveIntegerField(default=1024, validators=[MinValueValidator(1)])
    temperature = models.FloatField(default=1.0, validators=[MinValueValidator(0)])
    # Null: every time other answers.
    seed = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=254, blank=True)
    # Of the answers so far: sampled tokens.
    tokens = models.PositiveBigIntegerField(default=0)
    # Of the prompts, each read once for all answers that were sampled at once.
    prompt_tokens = models.PositiveBigIntegerField(default=0)
    # How often the trainer did not do its part.
    tries = models.PositiveSmallIntegerField(default=0)
    # Why it stands where it stands: a code, and a sentence for people.
    reason = models.CharField(max_length=40, blank=True)
    note = SaidField(blank=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            # A step whose worker died finds the rollout it had begun.
            models.UniqueConstraint(
                fields=["tenant", "job", "step"],
                condition=Q(job__isnull=False),
                name="training_one_rollout_a_step",
            ),
            models.CheckConstraint(
                condition=Q(job__isnull=True) | Q(step__isnull=False),
                name="training_rollout_of_a_step",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-id"], name="training_rollouts")]

    def __str__(self) -> str:
        return f"rollout {self.id} ({self.status})"


class RolloutEpisode(TenantOwned):
    """One way through a task: a session, once it is played.

    waiting → played | failed. A failed one has no reward and is not tried again.
    """

    class Status(models.TextChoices):
        WAITING = "waiting"
        PLAYED = "played"
        FAILED = "failed"

    rollout = models.ForeignKey(
        "training.Rollout", on_delete=models.CASCADE, related_name="episodes", db_constraint=False
    )
    # Of the task set; of recorded prompts the turn's id.
    task_id = models.CharField(max_length=120)
    member = models.PositiveIntegerField()
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    # Shared by all whose first prompt is the same, to the token.
    group_id = models.UUIDField(null=True)
    session_id = models.UUIDField(null=True)
    turn_ids = ArrayField(models.UUIDField(), default=list)
    # Null where a judge has the say, or nothing could be said.
    reward = models.FloatField(null=True)
    error = models.TextField(blank=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "rollout", "task_id", "member"], name="training_episode_once"
            ),
            models.CheckConstraint(
                condition=~Q(status="played") | Q(session_id__isnull=False, group_id__isnull=False),
                name="training_played_has_session",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task_id} #{self.member} ({self.status})"
