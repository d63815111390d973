from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class Canary(TenantOwned):
    """A version on trial in a share of the sessions, until the numbers, or a person, decide."""

    class Status(models.TextChoices):
        RUNNING = "running"
        PROMOTED = "promoted", "Did better: live for all"
        ROLLED_BACK = "rolled_back", "Did harm: out of every prompt"
        NO_LIFT = "no_lift", "No measurable lift: out of every prompt"
        STOPPED = "stopped", "Stopped by a person"
        SUPERSEDED = "superseded", "The skill itself changed"

    proposal = models.ForeignKey(
        "evolution.Proposal",
        on_delete=models.CASCADE,
        related_name="canaries",
        db_constraint=False,
    )
    slug = models.CharField(max_length=64)
    sha256 = models.CharField(max_length=64)
    version_id = models.UUIDField()
    version = models.PositiveIntegerField()
    # What the other sessions have; none for a new skill.
    instead_of = models.PositiveIntegerField(null=True)
    share = models.FloatField()
    # How often a useless version may be promoted, and a harmless one be taken for harmful.
    alpha = models.FloatField()
    # So many sessions are looked at; then it ends without a lift.
    sessions_max = models.PositiveIntegerField()
    status = models.CharField(max_length=12, choices=Status, default=Status.RUNNING)
    reason = SaidField(blank=True)
    # What the numbers said when they were last looked at (services.canary.results).
    result = models.JSONField(default=dict)
    started_by = models.CharField(max_length=254)
    ended_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "slug"],
                condition=Q(status="running"),
                name="evolution_one_canary_per_skill",
            ),
            models.CheckConstraint(
                condition=Q(share__gt=0, share__lt=1), name="evolution_canary_share"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "-id"], name="evolution_canaries")]

    def __str__(self) -> str:
        return f"canary {self.slug}@{self.version} ({self.status})"


class CanarySession(TenantOwned):
    """A session that counts for a canary, and how it went once that is settled."""

    class Arm(models.TextChoices):
        TREATMENT = "treatment"
        CONTROL = "control"

    canary = models.ForeignKey(
        "evolution.Canary", on_delete=models.CASCADE, related_name="sessions", db_constraint=False
    )
    session_id = models.UUIDField()
    arm = models.CharField(max_length=9, choices=Arm)
    # From this turn on the skill fitted.
    first_turn_id = models.UUIDField()
    settled_at = models.DateTimeField(null=True)
    # Mean outcome of its turns, from 0 (failed) to 1 (passed); none was judged: null.
    reward = models.FloatField(null=True)
    turns = models.PositiveIntegerField(default=0)
    failed_requests = models.PositiveIntegerField(default=0)
    tokens_per_turn = models.FloatField(null=True)
    latency_ms = models.FloatField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "canary", "session_id"], name="evolution_canary_session_once"
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "canary", "settled_at"], name="evolution_canary_settled")
        ]

    def __str__(self) -> str:
        return f"{self.arm} {self.session_id}"
