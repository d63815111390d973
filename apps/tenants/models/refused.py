from django.db import models

from apps.core.tenancy import TenantOwned


class RefusedRequest(TenantOwned):
    """Requests with one key that the gateway turned away for one reason, counted.

    One row for each key and reason: whoever knows no more than a key's id can make it no longer.
    """

    key_id = models.UUIDField()
    code = models.CharField(max_length=40)
    http_status = models.PositiveSmallIntegerField()
    # The secret was right: it was somebody of this workspace.
    is_authenticated = models.BooleanField()
    # What the caller was told; empty for whoever did not prove the key.
    detail = models.CharField(max_length=400, blank=True)
    times = models.PositiveIntegerField()
    last_at = models.DateTimeField()

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "key_id", "code"], name="tenants_refused_once_a_reason"
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} × {self.times}"
