from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from pgvector.django import VectorField

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class LearningPolicy(TenantOwned):
    """When a workspace's evolver is asked, of what, and how much it may use. One row, or none:
    then the defaults hold."""

    class EvidenceMode(models.TextChoices):
        FAILURES = "failures", "Turns that failed"
        SUMMARIZE = "summarize", "Every session, when it is over"

    # Any of these asks; with none of them only people do.
    on_failure = models.BooleanField(default=True)
    on_session_end = models.BooleanField(default=False)
    every_turns = models.PositiveIntegerField(null=True, validators=[MinValueValidator(1)])
    # Percent of the latest scored turns, and how many of those are looked at.
    success_below = models.PositiveSmallIntegerField(
        null=True, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    success_window = models.PositiveSmallIntegerField(
        default=20, validators=[MinValueValidator(5), MaxValueValidator(500)]
    )
    # A pattern is proposed for when so many different sessions show it.
    min_sessions = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    # Answers that a member wrote anew are left to policies that learn from people: a turn that
    # taught a skill trains nothing.
    spares_corrected = models.BooleanField(default=False)
    evidence = models.CharField(max_length=10, choices=EvidenceMode, default=EvidenceMode.FAILURES)
    # A day's most; null: no limit. Money is in USD / 10⁶.
    daily_runs = models.PositiveIntegerField(null=True, default=200)
    daily_tokens = models.PositiveBigIntegerField(null=True)
    daily_micros = models.PositiveBigIntegerField(null=True)
    is_paused = models.BooleanField(default=False)
    # What the ledger proposes to take out (services.value.useless). So many turns have to be
    # behind a number; null: not for this reason.
    ledger_outcomes = models.PositiveIntegerField(default=50, validators=[MinValueValidator(1)])
    # Percent of success, and percentage points of lift, that a version at best may be under.
    ledger_success_below = models.PositiveSmallIntegerField(
        null=True, default=30, validators=[MinValueValidator(1), MaxValueValidator(100)]
    )
    ledger_lift_below = models.SmallIntegerField(
        null=True, default=0, validators=[MinValueValidator(-100), MaxValueValidator(100)]
    )
    ledger_unused_days = models.PositiveSmallIntegerField(
        null=True, default=60, validators=[MinValueValidator(1)]
    )
    ledger_merges = models.BooleanField(default=True)
    # Since when, and why, it is paused because judge and people differ (services.annotation).
    held_at = models.DateTimeField(null=True)
    held_because = models.JSONField(default=dict)
    # The judge about which somebody said: go on all the same.
    waived_judge = models.CharField(max_length=260, blank=True)
    # Up to where the triggers on the clock have looked.
    sessions_seen_at = models.DateTimeField(null=True)
    turns_seen_at = models.DateTimeField(null=True)
    rate_seen_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="evolution_one_learning_policy")
        ]

    def __str__(self) -> str:
        return "learning policy"

    @property
    def is_stopped(self) -> bool:
        """Nobody asks the evolver: a person said so, or judge and people differ too much."""
        return self.is_paused or self.held_at is not None


class FailureCluster(TenantOwned):
    """Failing turns that show one pattern; one proposal answers one of these."""

    class State(models.TextChoices):
        WAITING = "waiting"
        PROPOSING = "proposing"
        PROPOSED = "proposed"
        DEAD = "dead"

    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # Why it waits or died, in words.
    reason = SaidField(blank=True)
    # Answers about it that could not be used.
    tries = models.PositiveSmallIntegerField(default=0)
    # The job that asks about it now.
    job_id = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    proposal = models.ForeignKey(
        "evolution.Proposal",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="proposing") | Q(job_id__isnull=False, claimed_at__isnull=False),
                name="evolution_proposing_is_claimed",
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "-id"], name="evolution_clusters"),
        ]

    def __str__(self) -> str:
        return f"cluster {self.state}"


class ClusteredTurn(TenantOwned):
    """A turn of a cluster. A turn is in one cluster at most."""

    cluster = models.ForeignKey(
        "evolution.FailureCluster",
        on_delete=models.CASCADE,
        related_name="members",
        db_constraint=False,
    )
    turn_id = models.UUIDField()
    session_id = models.UUIDField()
    # What it is about, where an embedder was at hand. Derived: may be dropped and remade.
    vector = VectorField(null=True)
    vector_model = models.CharField(max_length=200, blank=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "turn_id"], name="evolution_clustered_once")
        ]

    def __str__(self) -> str:
        return f"turn {self.turn_id}"
