from django.db import models

from apps.core.ids import uuid7


class Tenant(models.Model):
    """A workspace: the unit that keys, skills, turns and budgets belong to."""

    class Mode(models.TextChoices):
        OBSERVE = "observe", "Record only"
        SKILLS = "skills", "Inject skills"
        RL = "rl", "Collect for training"
        AUTO = "auto", "Inject skills and train"

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    mode = models.CharField(max_length=12, choices=Mode, default=Mode.SKILLS)
    idle_minutes = models.PositiveSmallIntegerField(default=15)
    # Turns go this many days after they happened; empty: they stay.
    retention_days = models.PositiveSmallIntegerField(null=True)
    max_skills = models.PositiveSmallIntegerField(default=3)
    skill_token_budget = models.PositiveIntegerField(default=1500)
    # Days and months of budgets begin at midnight here.
    time_zone = models.CharField(max_length=60, default="UTC")
    # Members who have none see how to set one up, and nothing else; keys are not people.
    needs_second_factor = models.BooleanField(default=False)
    # Nothing in it happened: made up to be looked at, and asked of nobody but the practice model.
    is_demo = models.BooleanField(default=False)
    # The tenant's data key, wrapped by the installation's master key (apps.core.crypto).
    sealed_data_key = models.BinaryField()
    # Moves with everything a gateway keeps in memory: keys, upstreams, live skills, settings.
    config_version = models.PositiveBigIntegerField(default=1)
    # It is to go at this moment; its keys stopped when somebody said so (apps.exports).
    delete_after = models.DateTimeField(null=True)
    # It is going, and nothing brings it back.
    deleting_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(max_skills__lte=10), name="tenants_few_skills"
            ),
            models.CheckConstraint(
                condition=models.Q(idle_minutes__gte=1), name="tenants_idle_at_least_a_minute"
            ),
            models.CheckConstraint(
                condition=models.Q(retention_days__isnull=True) | models.Q(retention_days__gte=1),
                name="tenants_keep_at_least_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(deleting_since__isnull=True)
                | models.Q(delete_after__isnull=False),
                name="tenants_goes_when_asked_to",
            ),
        ]

    def __str__(self) -> str:
        return self.slug
