from django.db import models
from django.utils import timezone

from apps.core.tenancy import TenantOwned


class AuditEvent(TenantOwned):
    """Who did what to which thing. The database refuses to change or delete a row.

    The rows of a tenant are a chain (``apps.tenants.audit_chain``): numbered without gaps,
    each with a digest over itself and the digest of the row before.
    """

    # Not auto_now_add: the digest is made over the time before the row is stored.
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    sequence = models.PositiveBigIntegerField()
    digest = models.CharField(max_length=64)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "sequence"], name="tenants_audit_gapless")
        ]
        indexes = [models.Index(fields=["tenant", "-created_at"], name="tenants_audit_newest")]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action} {self.subject}"


class AuditHead(TenantOwned):
    """Where a tenant's chain ends: without it, rows missing at the end would go unseen."""

    sequence = models.PositiveBigIntegerField(default=0)
    digest = models.CharField(max_length=64, blank=True)

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="tenants_audit_one_head")]

    def __str__(self) -> str:
        return f"{self.sequence} events"
