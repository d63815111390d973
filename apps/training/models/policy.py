from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned


class TrainingPolicy(TenantOwned):
    """A model that a workspace trains: what it starts from, what it learns from, how much it may
    cost, and under which name its checkpoints serve."""

    class Mode(models.TextChoices):
        OFF = "off", "Only by hand"
        AUTO = "auto", "In the next window"
        RL = "rl", "As soon as a batch is full"

    class Source(models.TextChoices):
        TURNS = "turns", "Recorded turns"
        TASKS = "tasks", "A task set, played anew for each step"
        EXPERTS = "experts", "Answers that members approved or wrote"
        PROMPTS = "prompts", "Recorded prompts, asked anew for each step"

    class Loss(models.TextChoices):
        IMPORTANCE_SAMPLING = "importance_sampling"
        PPO = "ppo"
        CISPO = "cispo"
        DRO = "dro"
        CROSS_ENTROPY = "cross_entropy"

    class Normalisation(models.TextChoices):
        TOKEN = "token"  # noqa: S105  # what counts, not a secret
        SEQUENCE = "sequence"

    name = models.CharField(max_length=80)
    # Turns of this agent only; empty for all.
    agent = models.CharField(max_length=120, blank=True)
    # A connection of kind ``tinker``.
    upstream = models.ForeignKey(
        "upstreams.Upstream", on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    base_model = models.CharField(max_length=200)
    rank = models.PositiveSmallIntegerField(
        default=32, validators=[MinValueValidator(1), MaxValueValidator(256)]
    )
    mode = models.CharField(max_length=4, choices=Mode, default=Mode.OFF)
    source = models.CharField(max_length=10, choices=Source, default=Source.TURNS)
    task_set = models.ForeignKey(
        "training.TaskSet",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )

    loss = models.CharField(max_length=20, choices=Loss, default=Loss.IMPORTANCE_SAMPLING)
    # Bounds of the ratio itself, for ppo and cispo; null: the loss's own.
    clip_low = models.FloatField(null=True, validators=[MinValueValidator(0)])
    clip_high = models.FloatField(null=True, validators=[MinValueValidator(0)])
    beta = models.FloatField(null=True, validators=[MinValueValidator(0)])
    learning_rate = models.FloatField(default=1e-4, validators=[MinValueValidator(0)])
    normalisation = models.CharField(
        max_length=8, choices=Normalisation, default=Normalisation.TOKEN
    )
    groups_per_step = models.PositiveSmallIntegerField(
        default=8, validators=[MinValueValidator(1), MaxValueValidator(512)]
    )
    group_size = models.PositiveSmallIntegerField(
        default=8, validators=[MinValueValidator(2), MaxValueValidator(64)]
    )
    steps_per_job = models.PositiveIntegerField(
        default=20, validators=[MinValueValidator(1), MaxValueValidator(10_000)]
    )
    max_tokens = models.PositiveIntegerField(default=1024, validators=[MinValueValidator(1)])
    temperature = models.FloatField(default=1.0, validators=[MinValueValidator(0)])

    # On-policy distillation: the teacher's log-probabilities of what the policy said.
    teacher = models.ForeignKey(
        "upstreams.Upstream",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    teacher_model = models.CharField(max_length=500, blank=True)
    kl_coefficient = models.FloatField(default=0.0, validators=[MinValueValidator(0)])
    # Whether rewards count beside the teacher.
    has_rewards = models.BooleanField(default=True)

    # What a million trained tokens cost, in USD / 10⁶; null: not known.
    token_price_micros = models.PositiveBigIntegerField(null=True)

    # The public name of the route that its checkpoints serve under.
    route_model = models.CharField(max_length=200, blank=True)
    # Answers where the policy cannot; none: the caller hears of it.
    fallback = models.ForeignKey(
        "upstreams.Upstream",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    fallback_model = models.CharField(max_length=200, blank=True)
    gate_prompts = models.PositiveSmallIntegerField(
        default=64, validators=[MinValueValidator(4), MaxValueValidator(500)]
    )
    # So much worse than what serves now a checkpoint may be, in mean reward from -1 to 1.
    gate_margin = models.FloatField(
        default=0.2, validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    # Share of sessions that get a passed checkpoint first; null: promoted by hand alone.
    canary_share = models.FloatField(
        null=True, validators=[MinValueValidator(0.01), MaxValueValidator(0.9)]
    )
    canary_sessions = models.PositiveIntegerField(
        default=200, validators=[MinValueValidator(10), MaxValueValidator(100_000)]
    )

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="training_policy_name"),
            models.CheckConstraint(
                condition=Q(kl_coefficient__gte=0, learning_rate__gt=0),
                name="training_policy_numbers",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TaskSet(TenantOwned):
    """Tasks that are played without a user, as they were uploaded: one JSON object each."""

    name = models.CharField(max_length=80)
    tasks = models.JSONField()
    sha256 = models.CharField(max_length=64)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="training_task_set_name")
        ]

    def __str__(self) -> str:
        return self.name


class TrainingBudget(TenantOwned):
    """A day's most of a workspace, over all its policies, in its time zone. One row, or none:
    then the defaults hold. Null: no limit. Money in USD / 10⁶."""

    daily_steps = models.PositiveIntegerField(null=True, default=200)
    daily_tokens = models.PositiveBigIntegerField(null=True)
    daily_micros = models.PositiveBigIntegerField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="training_one_budget")]

    def __str__(self) -> str:
        return f"training budget of {self.tenant_id}"
