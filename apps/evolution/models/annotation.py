from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned
from apps.evolution.models.lease import Lease

_PERCENT = [MinValueValidator(0), MaxValueValidator(100)]


class AnnotationPolicy(TenantOwned):
    """Which judged turns people are asked about, and how far judge and people may differ.

    One row, or none: then the defaults hold.
    """

    # Percent of the turns whose votes were split, and of those judged the same by all votes.
    share_split = models.PositiveSmallIntegerField(default=100, validators=_PERCENT)
    share_failed = models.PositiveSmallIntegerField(default=20, validators=_PERCENT)
    share_neutral = models.PositiveSmallIntegerField(default=20, validators=_PERCENT)
    share_passed = models.PositiveSmallIntegerField(default=5, validators=_PERCENT)
    # No turn is added by itself while so many wait.
    waiting_most = models.PositiveIntegerField(default=50)
    # Agreement is that of the turns that were asked about in so many days.
    window_days = models.PositiveSmallIntegerField(default=30)
    # Learning pauses under so many percent (null: never), once so many turns are compared.
    pause_below = models.PositiveSmallIntegerField(null=True, default=60, validators=_PERCENT)
    pause_least = models.PositiveSmallIntegerField(default=30, validators=[MinValueValidator(5)])

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="evolution_one_annotation_policy")
        ]

    def __str__(self) -> str:
        return "annotation policy"


class AnnotationItem(TenantOwned):
    """A turn that a person is asked about, who does not see what the judge said.

    What they say becomes a score of the turn; ``value`` keeps what they said before they saw
    the judge's verdict, also when the turn is gone or they change their mind.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        ANSWERED = "answered"
        DROPPED = "dropped", "Taken out, gone, or said elsewhere"

    class Stratum(models.TextChoices):
        HAND = "hand", "Put there by a member"
        SPLIT = "split", "The judge's votes were split"
        FAILED = "failed"
        NEUTRAL = "neutral"
        PASSED = "passed"

    turn_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    stratum = models.CharField(max_length=10, choices=Stratum)
    # Who waits in front; the older before the newer.
    rank = models.PositiveSmallIntegerField()
    # How likely a turn like it was to be asked about.
    share = models.FloatField(default=1)
    # The judge, as it judged when the turn was picked; null and empty where it had not.
    judge_value = models.SmallIntegerField(null=True)
    judge_model = models.CharField(max_length=200, blank=True)
    prompt_version = models.CharField(max_length=40, blank=True)
    # Who put it there, and what for.
    added_by = models.CharField(max_length=254, blank=True)
    note = models.TextField(blank=True)
    # Known by kind and id: those who would rather not say.
    skipped_by = ArrayField(models.CharField(max_length=80), default=list)
    value = models.SmallIntegerField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.CharField(max_length=254, blank=True)
    answered_by_id = models.CharField(max_length=80, blank=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "turn_id"], name="evolution_asked_once"),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__in=[-1, 0, 1]),
                name="evolution_annotation_value",
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(value__isnull=False, answered_at__isnull=False),
                name="evolution_answered_has_value",
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lte=1), name="evolution_annotation_share"
            ),
        ]
        indexes = [
            models.Index(fields=["tenant", "state", "rank", "id"], name="evolution_annotations"),
            models.Index(
                fields=["tenant", "answered_at"],
                condition=Q(state="answered"),
                name="evolution_answered",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.state} turn {self.turn_id}"


class AnnotationLease(Lease):
    """Who looks at a turn of the queue right now."""

    item = models.ForeignKey(
        "evolution.AnnotationItem",
        on_delete=models.CASCADE,
        related_name="leases",
        db_constraint=False,
    )

    class Meta(Lease.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "item"], name="evolution_one_annotator")
        ]
