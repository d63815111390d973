from django.contrib.postgres.fields import ArrayField
from django.db import models

from apps.core.tenancy import TenantOwned


class Membership(TenantOwned):
    class Role(models.TextChoices):
        OWNER = "owner"
        ADMIN = "admin"
        REVIEWER = "reviewer"
        MEMBER = "member"
        VIEWER = "viewer"

    user = models.ForeignKey("tenants.User", on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=10, choices=Role)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "user"], name="tenants_one_membership")
        ]

    def __str__(self) -> str:
        return f"{self.user_id} is {self.role}"


class ApiKey(TenantOwned):
    """A key of the tenant. The secret itself is shown once and never stored."""

    class Scope(models.TextChoices):
        GATEWAY = "gateway", "Send model requests"
        READ = "read", "Read everything"
        REVIEW = "review", "Decide proposals"
        ADMIN = "admin", "Change the workspace"

    name = models.CharField(max_length=80)
    public_id = models.CharField(max_length=10, unique=True)
    last4 = models.CharField(max_length=4)
    digest = models.BinaryField()
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope))
    created_by = models.CharField(max_length=254, blank=True)
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    # Short-lived keys that the system makes for itself are not listed.
    is_internal = models.BooleanField(default=False)

    class Meta(TenantOwned.Meta):
        indexes = [models.Index(fields=["tenant", "-created_at"], name="tenants_keys_newest")]

    def __str__(self) -> str:
        return f"{self.name} (…{self.last4})"
