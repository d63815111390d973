from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned


class Limit(TenantOwned):
    """What a workspace, one of its keys or one of its agents may use; empty: no limit."""

    class Scope(models.TextChoices):
        TENANT = "tenant", "The workspace"
        KEY = "key", "An API key"
        AGENT = "agent", "An agent"

    scope = models.CharField(max_length=8, choices=Scope)
    # A key's id, an agent's name; empty for the workspace.
    subject = models.CharField(max_length=120, blank=True)
    requests_per_minute = models.PositiveIntegerField(null=True)
    tokens_per_minute = models.PositiveIntegerField(null=True)
    concurrent_streams = models.PositiveIntegerField(null=True)
    # USD / 10⁶, by the day and month of the workspace's time zone.
    day_micros = models.PositiveBigIntegerField(null=True)
    month_micros = models.PositiveBigIntegerField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "scope", "subject"], name="usage_one_limit_a_subject"
            ),
            models.CheckConstraint(
                condition=Q(scope="tenant", subject="") | (~Q(scope="tenant") & ~Q(subject="")),
                name="usage_limit_names_its_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"limit of {self.scope} {self.subject}".rstrip()
