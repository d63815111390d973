from django.db import models

from apps.core.tenancy import TenantOwned, TenantOwnedInBulk


class UsageEntry(TenantOwnedInBulk):
    """What one request used. Never changed: its id is the turn's, so that it is counted once."""

    at = models.DateTimeField()
    # In the workspace's time zone, as it was then.
    day = models.DateField()
    key_id = models.UUIDField()
    agent = models.CharField(max_length=120, blank=True)
    model = models.CharField(max_length=200)
    served_model = models.CharField(max_length=200, blank=True)
    upstream = models.CharField(max_length=80, blank=True)
    status = models.CharField(max_length=20)
    # All input, the cached parts of it included.
    input_tokens = models.PositiveIntegerField()
    output_tokens = models.PositiveIntegerField()
    cache_read_tokens = models.PositiveIntegerField()
    cache_write_tokens = models.PositiveIntegerField()
    is_estimated = models.BooleanField()
    # Empty: nobody knew what the model costs.
    cost_micros = models.PositiveBigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.model}: {self.input_tokens} in, {self.output_tokens} out"


class UsageDay(TenantOwned):
    """Sums of the entries of a day by key, agent, model and provider. Stays when they go."""

    day = models.DateField()
    key_id = models.UUIDField()
    agent = models.CharField(max_length=120, blank=True)
    # As its provider names it; as it was asked for where that is not known.
    model = models.CharField(max_length=200)
    upstream = models.CharField(max_length=80, blank=True)
    requests = models.PositiveBigIntegerField()
    aborted = models.PositiveBigIntegerField()
    estimated = models.PositiveBigIntegerField()
    unpriced = models.PositiveBigIntegerField()
    input_tokens = models.PositiveBigIntegerField()
    output_tokens = models.PositiveBigIntegerField()
    cache_read_tokens = models.PositiveBigIntegerField()
    cache_write_tokens = models.PositiveBigIntegerField()
    cost_micros = models.PositiveBigIntegerField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "day", "key_id", "agent", "model", "upstream"],
                name="usage_one_sum_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.model}"
