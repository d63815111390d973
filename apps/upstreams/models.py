from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned


class Upstream(TenantOwned):
    """A connection to a model provider. The key is sealed for this tenant, row and origin."""

    class Kind(models.TextChoices):
        OPENAI = "openai", "OpenAI-compatible"
        ANTHROPIC = "anthropic", "Anthropic"
        PRACTICE = "practice", "Practice model (simulated)"

    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=10, choices=Kind)
    base_url = models.URLField(max_length=500)
    model = models.CharField(max_length=200, blank=True)
    sealed_key = models.BinaryField(null=True)
    key_last4 = models.CharField(max_length=4, blank=True)
    serves = models.BooleanField(default=False)
    judges = models.BooleanField(default=False)
    evolves = models.BooleanField(default=False)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="upstreams_name"),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(serves=True), name="upstreams_one_serves"
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(judges=True), name="upstreams_one_judges"
            ),
            models.UniqueConstraint(
                fields=["tenant"], condition=Q(evolves=True), name="upstreams_one_evolves"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.kind})"

    @property
    def is_simulated(self) -> bool:
        return self.kind == self.Kind.PRACTICE
