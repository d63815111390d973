from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class Export(TenantOwned):
    """Turns, or all of a workspace, on their way into one signed file."""

    class Kind(models.TextChoices):
        TURNS = "turns", "Turns that meet some filters"
        WORKSPACE = "workspace", "Everything the workspace owns"

    class Encoding(models.TextChoices):
        JSONL = "jsonl", "Lines of JSON, gzip"
        PARQUET = "parquet", "Parquet, zstd"

    class Redaction(models.TextChoices):
        NONE = "none", "Nothing is taken out"
        SECRETS = "secrets", "Keys, tokens and passwords"
        PERSONAL = "personal", "Secrets and personal data"

    class Status(models.TextChoices):
        RUNNING = "running"
        READY = "ready"
        FAILED = "failed"
        # Its file is gone: its time was over, or somebody said so.
        REMOVED = "removed"

    kind = models.CharField(max_length=10, choices=Kind)
    encoding = models.CharField(max_length=8, choices=Encoding, default=Encoding.JSONL)
    redaction = models.CharField(max_length=10, choices=Redaction)
    filters = models.JSONField(default=dict)
    status = models.CharField(max_length=8, choices=Status, default=Status.RUNNING)
    reason = SaidField(blank=True)
    # When it was asked for. Rows that came later are not in it: it ends whatever goes on.
    as_of = models.DateTimeField()
    # Where it stands: which of its tables, and the last row of that which is written.
    at_table = models.PositiveSmallIntegerField(default=0)
    after_id = models.UUIDField(null=True)
    rows = models.PositiveBigIntegerField(default=0)
    # Of the finished file.
    bytes = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    manifest = models.JSONField(null=True)
    asked_by = models.CharField(max_length=254)
    expires_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="ready") | ~Q(sha256=""), name="exports_ready_has_file"
            )
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=~Q(status="removed"), name="exports_to_expire"
            )
        ]

    def __str__(self) -> str:
        return f"export of {self.kind} ({self.status})"


class ExportFile(TenantOwned):
    """A file of an export that is written and stays as it is."""

    export = models.ForeignKey(
        "exports.Export", on_delete=models.CASCADE, related_name="files", db_constraint=False
    )
    name = models.CharField(max_length=120)
    # What it is called on disk until the export is done: of two workers that both believe they
    # write it, each has a file of its own.
    stored_as = models.CharField(max_length=200)
    table = models.CharField(max_length=80)
    rows = models.PositiveIntegerField()
    bytes = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    # How many of each kind were taken out.
    redacted = models.JSONField(default=dict)
    # Of turns: from when to when; and how many requests could not be put together any more.
    first_at = models.DateTimeField(null=True)
    last_at = models.DateTimeField(null=True)
    damaged = models.PositiveIntegerField(default=0)

    class Meta(TenantOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "export", "name"], name="exports_file_once")
        ]

    def __str__(self) -> str:
        return self.name
