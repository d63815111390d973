from django.db import models
from django.db.models import Q
from pgvector.django import VectorField

from apps.core.tenancy import TenantOwned


class Skill(TenantOwned):
    """A piece of guidance by name. What is in prompts is its live version."""

    class Status(models.TextChoices):
        LIVE = "live"
        RETIRED = "retired"

    class Source(models.TextChoices):
        BANK = "bank", "Built-in bank"
        EVOLVED = "evolved", "Learned from turns"
        IMPORTED = "imported", "Imported"
        WRITTEN = "written", "Written by a person"

    slug = models.CharField(max_length=64)
    status = models.CharField(max_length=8, choices=Status, default=Status.LIVE)
    source = models.CharField(max_length=10, choices=Source)
    live_version = models.ForeignKey(
        "skills.SkillVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    # A version that is in the prompts of a share of the sessions, and what decides which.
    trial_version = models.ForeignKey(
        "skills.SkillVersion",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
    )
    trial_id = models.UUIDField(null=True)
    trial_share = models.FloatField(default=0)
    # Who it is for: the named agents, and turns that carry these tags; empty: all.
    agents = models.JSONField(default=list, blank=True)
    scope_tags = models.JSONField(default=dict, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "slug"], name="skills_slug"),
            models.CheckConstraint(
                condition=Q(status="retired") | Q(live_version__isnull=False),
                name="skills_live_has_version",
            ),
            models.CheckConstraint(
                condition=Q(trial_id__isnull=True, trial_version__isnull=True)
                | Q(trial_id__isnull=False, trial_version__isnull=False),
                name="skills_trial_has_version",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class SkillVersion(TenantOwned):
    """One text of a skill. Never changed: the database refuses it."""

    skill = models.ForeignKey(
        "skills.Skill", on_delete=models.CASCADE, related_name="versions", db_constraint=False
    )
    number = models.PositiveIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    description = models.CharField(max_length=1024)
    category = models.CharField(max_length=20)
    reach = models.CharField(max_length=10)
    body = models.TextField()
    # The names of skills whose texts follow this one in a prompt.
    uses = models.JSONField(default=list, blank=True)
    tokens = models.PositiveIntegerField()
    author = models.CharField(max_length=254)
    source = models.CharField(max_length=10, choices=Skill.Source)
    note = models.CharField(max_length=300, blank=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "skill", "number"], name="skills_version_number"
            )
        ]

    def __str__(self) -> str:
        return f"version {self.number}"


class SkillEmbedding(TenantOwned):
    """The vector of a version under one embedding model. Derived: may be dropped and remade."""

    version = models.ForeignKey(
        "skills.SkillVersion", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    model = models.CharField(max_length=200)
    vector = VectorField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "version", "model"], name="skills_one_vector_per_model"
            )
        ]

    def __str__(self) -> str:
        return f"vector of {self.version_id}"


class LibraryGeneration(TenantOwned):
    """One state of the set of live skills; the number grows with every change of it."""

    number = models.PositiveIntegerField()
    reason = models.CharField(max_length=120)
    # By slug: the live version before and after, by number, null where it was in no prompt.
    # None: from before this was kept.
    moves = models.JSONField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="skills_generation")
        ]

    def __str__(self) -> str:
        return f"generation {self.number}"


class SkillStat(TenantOwned):
    """What turns of an hour did with a version, and what became of those that carried it."""

    version = models.ForeignKey(
        "skills.SkillVersion", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    # The hour in which the turns began, also of what is known of them only later.
    hour = models.DateTimeField()
    # Turns for which it came into question, whether it went in or not; those that carried it.
    considered = models.PositiveIntegerField(default=0)
    uses = models.PositiveIntegerField(default=0)
    passed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    # What it added to prompts: tokens, and USD / 10⁹ where the model's price is known.
    tokens = models.PositiveBigIntegerField(default=0)
    nanos = models.PositiveBigIntegerField(default=0)
    unpriced = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "version", "hour"], name="skills_stat_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.uses} uses"


class SkillStanding(TenantOwned):
    """How a version does beside the others, as gateways weigh it in retrieval.

    Written by a sweep, and only where it moved by more than noise (services.standing): prompts
    should not change with every verdict. A version without a row counts as 1, neutral.
    """

    version = models.ForeignKey(
        "skills.SkillVersion", on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    factor = models.FloatField(default=1)
    # What it was worked out from.
    passed = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "version"], name="skills_one_standing"),
            models.CheckConstraint(condition=Q(factor__gt=0), name="skills_standing_factor"),
        ]

    def __str__(self) -> str:
        return f"× {self.factor}"


class Pack(TenantOwned):
    """A pack that was installed: which skills it brought, by name and hash of their text."""

    name = models.CharField(max_length=64)
    version = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64)
    licence = models.CharField(max_length=100, blank=True)
    author = models.CharField(max_length=200, blank=True)
    requires = models.JSONField(default=list)
    skills = models.JSONField(default=dict)

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "name"], name="skills_one_pack")]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
