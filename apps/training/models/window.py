from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class WindowRules(TenantOwned):
    """When a workspace may train, in its time zone. One row, or none: then only by hand."""

    class Unknown(models.TextChoices):
        BUSY = "busy", "Do not train"
        FREE = "free", "Train as if nothing were planned"

    # Sleep hours: {"weekday": 0 for Monday, "starts": "23:00", "ends": "07:00"}.
    hours = models.JSONField(default=list)
    # Also train after so long without a request; null: never.
    idle_minutes = models.PositiveSmallIntegerField(
        null=True, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    # Shorter windows are not worth the start.
    min_minutes = models.PositiveSmallIntegerField(
        default=20, validators=[MinValueValidator(1), MaxValueValidator(720)]
    )
    max_minutes = models.PositiveSmallIntegerField(
        null=True, validators=[MinValueValidator(1), MaxValueValidator(1440)]
    )
    # After a request nothing trains for so long.
    quiet_minutes = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )
    # Days without training: {"first": "2026-12-24", "last": "2027-01-01", "note": "…"}.
    black_outs = models.JSONField(default=list)
    # What a calendar counts as that has not answered for long.
    unknown_calendar = models.CharField(max_length=4, choices=Unknown, default=Unknown.BUSY)
    changed_at = models.DateTimeField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant"], name="training_one_window_rules"),
            models.CheckConstraint(
                condition=Q(max_minutes__isnull=True) | Q(max_minutes__gte=F("min_minutes")),
                name="training_window_lengths",
            ),
        ]

    def __str__(self) -> str:
        return f"window rules of {self.tenant_id}"


class CalendarConnection(TenantOwned):
    """A calendar that says when somebody is busy. Of its events only the times are kept."""

    class Kind(models.TextChoices):
        ICS = "ics", "An address that ends in .ics"
        CALDAV = "caldav", "A calendar on a CalDAV server"
        GOOGLE = "google", "Google Calendar"

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=6, choices=Kind)
    # Where it is, for people; the address itself is as good as a password and is sealed.
    origin = models.CharField(max_length=300, blank=True)
    sealed = models.BinaryField(null=True)
    # Where somebody is on the way of giving their consent: the digest of what comes back.
    pending_digest = models.BinaryField(null=True)
    pending_until = models.DateTimeField(null=True)
    # Whoever began that; nobody else ends it.
    pending_actor = models.CharField(max_length=80, blank=True)
    # Pairs of Unix times, in order.
    busy = models.JSONField(default=list)
    busy_until = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)
    tried_at = models.DateTimeField(null=True)
    next_fetch_at = models.DateTimeField(null=True)
    # What is wrong and what to do, in a sentence; empty after a good answer.
    last_error = SaidField(blank=True)
    # Nothing mends itself: somebody has to connect it again.
    needs_person = models.BooleanField(default=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="training_calendar_name")
        ]
        indexes = [
            models.Index(
                fields=["next_fetch_at"],
                condition=Q(next_fetch_at__isnull=False),
                name="training_calendars_due",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"

    @property
    def is_connected(self) -> bool:
        return self.sealed is not None


class Window(TenantOwned):
    """A window that opened. One slot has one row, however often it is interrupted."""

    class Reason(models.TextChoices):
        """Why it closed."""

        END = "end", "It was over"
        TRAFFIC = "traffic", "Somebody asked something"
        PRESENCE = "presence", "Somebody is at their keyboard"
        BUSY = "busy", "A calendar says busy"
        UNKNOWN = "unknown", "A calendar does not answer"
        BLACK_OUT = "black_out", "A day without training"
        RULES = "rules", "The rules changed"

    slot_key = models.CharField(max_length=80)
    source = models.CharField(max_length=5, choices=[("hours", "Sleep hours"), ("idle", "Silence")])
    opens_at = models.DateTimeField()
    # When it is expected to end.
    closes_at = models.DateTimeField()
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=9, choices=Reason, blank=True)
    # How often it closed and opened again.
    interruptions = models.PositiveIntegerField(default=0)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slot_key"], name="training_slot_once"),
            models.UniqueConstraint(
                fields=["tenant"],
                condition=Q(closed_at__isnull=True),
                name="training_one_open_window",
            ),
        ]

    def __str__(self) -> str:
        return f"window {self.slot_key}"


class Presence(TenantOwned):
    """When a keyboard of the workspace was last in use, as far as clients say so."""

    pinged_at = models.DateTimeField()

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="training_one_presence")]

    def __str__(self) -> str:
        return f"presence in {self.tenant_id}"
