from django.db import models

from apps.core.tenancy import TenantOwned


class AuditEvent(TenantOwned):
    """Who did what to which thing. The database refuses to change or delete a row."""

    actor_kind = models.CharField(max_length=10)
    actor_id = models.CharField(max_length=64, blank=True)
    actor_label = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200, blank=True)
    detail = models.CharField(max_length=500, blank=True)

    class Meta(TenantOwned.Meta):
        indexes = [models.Index(fields=["tenant", "-created_at"], name="tenants_audit_newest")]

    def __str__(self) -> str:
        return f"{self.actor_label} {self.action} {self.subject}"
