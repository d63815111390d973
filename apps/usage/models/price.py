from django.db import models

from apps.core.tenancy import TenantOwned


class PriceOverride(TenantOwned):
    """What a model costs this workspace, in USD micro-units per million tokens."""

    # A model's name, or its beginning with a star behind it.
    pattern = models.CharField(max_length=200)
    input = models.PositiveBigIntegerField()
    output = models.PositiveBigIntegerField()
    cache_read = models.PositiveBigIntegerField()
    cache_write = models.PositiveBigIntegerField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "pattern"], name="usage_one_price_a_pattern")
        ]

    def __str__(self) -> str:
        return self.pattern
