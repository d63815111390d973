from django.db import models
from django.db.models import Q

from apps.core.ids import uuid7


class SigningKey(models.Model):
    """A key of the installation that exports and certificates are signed with.

    One is in use; those before it keep their public half, so that what they signed can be
    checked, and lose the other one.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    key_id = models.CharField(max_length=16, unique=True)
    public_key = models.BinaryField()
    # Sealed with the master key.
    sealed_private_key = models.BinaryField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    is_in_use = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_in_use"], condition=Q(is_in_use=True), name="exports_one_key_in_use"
            ),
            models.CheckConstraint(
                condition=Q(is_in_use=True) | Q(sealed_private_key__isnull=True),
                name="exports_retired_key_cannot_sign",
            ),
        ]

    def __str__(self) -> str:
        return self.key_id
