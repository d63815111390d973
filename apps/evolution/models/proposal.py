from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned

# How the author of a text from outside is named.
IMPORTED_MARK = "imported: "


class EvolutionRun(TenantOwned):
    """One time the evolver was asked to learn from failing turns, whatever came of it."""

    class Outcome(models.TextChoices):
        PROPOSED = "proposed"
        EXTENDED = "extended", "More evidence for a waiting proposal"
        NOTHING = "nothing"
        INVALID = "invalid", "The answer could not be used"
        DEAD = "dead", "Nor could the second one: left to people"

    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = SaidField(blank=True)
    author_model = models.CharField(max_length=200)
    prompt_version = models.CharField(max_length=40)
    is_simulated = models.BooleanField(default=False)
    failures_shown = models.PositiveSmallIntegerField()
    # Turns the evolver has seen: none of them can prove anything about what it wrote.
    shown_turn_ids = ArrayField(models.UUIDField(), default=list)
    input_tokens = models.PositiveIntegerField(default=0)
    output_tokens = models.PositiveIntegerField(default=0)
    # USD / 10⁶; null where the price of the model is not known.
    cost_micros = models.PositiveBigIntegerField(null=True)
    # What asked for it, and the failures it was about.
    trigger = models.CharField(max_length=12, blank=True)
    cluster = models.ForeignKey(
        "evolution.FailureCluster",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )

    class Meta(TenantOwned.Meta):
        indexes = [models.Index(fields=["tenant", "created_at"], name="evolution_runs_of_day")]

    def __str__(self) -> str:
        return f"run {self.outcome}"


class Proposal(TenantOwned):
    """A skill text that waits for a person. Nothing of it is in any prompt until approved."""

    class Kind(models.TextChoices):
        CREATE = "create"
        REVISE = "revise"
        # Its text takes the place of several skills.
        MERGE = "merge"
        # Its text is the live one, which is to go.
        RETIRE = "retire"

    class Status(models.TextChoices):
        PENDING = "pending"
        APPROVED = "approved"
        REJECTED = "rejected"
        QUARANTINED = "quarantined"

    # None: the text came from outside.
    run = models.ForeignKey(
        "evolution.EvolutionRun",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    kind = models.CharField(max_length=8, choices=Kind)
    status = models.CharField(max_length=12, choices=Status, default=Status.PENDING)
    slug = models.CharField(max_length=64)
    category = models.CharField(max_length=20)
    description = models.CharField(max_length=1024)
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    # What the evolver wrote, before anybody edited it.
    original_sha256 = models.CharField(max_length=64)
    base_version = models.ForeignKey(
        "skills.SkillVersion",
        null=True,
        on_delete=models.SET_NULL,
        related_name="+",
        db_constraint=False,
    )
    # Grows with every edit, and when it comes back from quarantine: approvals begin anew.
    edition = models.PositiveIntegerField(default=1)
    # Of a merge: the skills that go, and the version of each that was read.
    merges = ArrayField(models.CharField(max_length=64), default=list)
    merged_versions = ArrayField(models.UUIDField(), default=list)
    checks = models.JSONField(default=list)
    checked_at = models.DateTimeField(null=True)
    # What models said of a text: its vector, and whether a judge sees a conflict; each with the
    # hash of the text it is about.
    model_findings = models.JSONField(default=dict)
    author_model = models.CharField(max_length=200)
    # Why, in words and numbers, where turns that failed do not say it.
    reason = SaidField(blank=True, default="")
    is_simulated = models.BooleanField(default=False)
    decided_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "slug"],
                condition=Q(status="pending"),
                name="evolution_one_pending_per_skill",
            ),
            models.CheckConstraint(
                condition=Q(status="pending") | Q(decided_at__isnull=False),
                name="evolution_decided_has_time",
            ),
        ]
        indexes = [models.Index(fields=["tenant", "status", "-id"], name="evolution_queue")]

    @property
    def is_imported(self) -> bool:
        """Whether another tool wrote the text: then no run and no turns stand behind it."""
        return self.author_model.startswith(IMPORTED_MARK)

    def __str__(self) -> str:
        return f"{self.kind} {self.slug} ({self.status})"


class Evidence(TenantOwned):
    """A failing turn behind a proposal."""

    proposal = models.ForeignKey(
        "evolution.Proposal",
        on_delete=models.CASCADE,
        related_name="evidence",
        db_constraint=False,
    )
    turn = models.ForeignKey(
        "trajectories.Turn", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    session_id = models.UUIDField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "proposal", "turn"], name="evolution_evidence_once"
            )
        ]

    def __str__(self) -> str:
        return f"turn {self.turn_id}"
