from django.db import models

from apps.core.tenancy import TenantOwned
from apps.tenants.models.access import Membership


class Invitation(TenantOwned):
    """Somebody who may become a member, by a link that was told once and is stored as a digest.

    It is open until it is accepted or revoked, or its end has come; what ended stays ended, but
    for one that is only past its end: that can be sent again, with a new link.
    """

    email = models.EmailField()
    role = models.CharField(max_length=10, choices=Membership.Role)
    public_id = models.CharField(max_length=10, unique=True)
    digest = models.BinaryField()
    invited_by = models.CharField(max_length=254)
    invited_by_id = models.CharField(max_length=64, blank=True)
    expires_at = models.DateTimeField()
    # When the link went out by e-mail; empty: somebody has to send it by hand.
    emailed_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    # Not a foreign key: it says what happened, also when the account is gone.
    accepted_by = models.UUIDField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "email"],
                condition=models.Q(accepted_at__isnull=True, revoked_at__isnull=True),
                name="tenants_one_invitation_waits",
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="tenants_invitation_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} as {self.role}"
