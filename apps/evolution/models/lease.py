from django.db import models

from apps.core.tenancy import TenantOwned


class Lease(TenantOwned):
    """Who is at something right now. One that has run out is as good as none.

    A subclass says what it is about, and that there is one for each (services.leasing).
    """

    holder_kind = models.CharField(max_length=8)
    holder_id = models.CharField(max_length=64)
    holder = models.CharField(max_length=254)
    expires_at = models.DateTimeField()

    class Meta(TenantOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return f"{self.holder} until {self.expires_at}"
