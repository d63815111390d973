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
    # After a rotation the secret before it goes on working for a while.
    rotated_at = models.DateTimeField(null=True)
    previous_digest = models.BinaryField(null=True)
    previous_last4 = models.CharField(max_length=4, blank=True)
    previous_until = models.DateTimeField(null=True)
    # Short-lived keys that the system makes for itself are not listed.
    is_internal = models.BooleanField(default=False)
    # Requests with this key are this agent's, whatever their headers say.
    agent = models.CharField(max_length=120, blank=True)
    # The caller's own provider key is forwarded; ours comes in a header of its own.
    passes_credentials = models.BooleanField(default=False)
    # For clients that cannot set a header: the key may stand in the address.
    path_allowed = models.BooleanField(default=False)

    class Meta(TenantOwned.Meta):
        indexes = [models.Index(fields=["tenant", "-created_at"], name="tenants_keys_newest")]

    def __str__(self) -> str:
        return f"{self.name} (…{self.last4})"


class Agent(TenantOwned):
    """A name inside a workspace with settings of its own; what is not set is inherited."""

    name = models.CharField(max_length=120)
    description = models.CharField(max_length=500, blank=True)
    mode = models.CharField(max_length=12, blank=True)
    max_skills = models.PositiveSmallIntegerField(null=True)
    skill_token_budget = models.PositiveIntegerField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "name"], name="tenants_agent_once")
        ]

    def __str__(self) -> str:
        return self.name
