from django.db import models

from apps.core.ids import uuid7
from apps.core.tenancy import TenantOwned


class Deletion(TenantOwned):
    """A workspace is to go: who wants that, and what is gone already. The last row to go."""

    asked_by = models.CharField(max_length=254)
    # Who may read the certificate when nobody is a member any more.
    asked_by_id = models.UUIDField()
    certificate_id = models.UUIDField(default=uuid7)
    # By table: how many rows. Written with the rows' going, so that it is exact.
    gone = models.JSONField(default=dict)
    files = models.PositiveIntegerField(default=0)
    redis_keys = models.PositiveIntegerField(default=0)
    # What its trainers kept: so much is gone, so much could not be reached. Null: not tried yet.
    at_providers = models.PositiveIntegerField(null=True)
    left_at_providers = models.PositiveIntegerField(default=0)

    class Meta(TenantOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="exports_one_deletion")]

    def __str__(self) -> str:
        return f"deletion asked for by {self.asked_by}"


class DeletionCertificate(models.Model):
    """The signed word that a workspace is gone. Belongs to no workspace: that is gone."""

    id = models.UUIDField(primary_key=True, editable=False)
    # A person, or nobody any more: not a key into anything.
    reader_id = models.UUIDField()
    workspace = models.CharField(max_length=40)
    # Exactly what was signed, and the signature as a file of an export has it.
    document = models.TextField()
    signature = models.TextField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return f"certificate of {self.workspace}"
