from django.db import models
from django.db.models import Q

from apps.core.said_field import SaidField
from apps.core.tenancy import TenantOwned


class Job(TenantOwned):
    """A piece of background work. The row is the truth; a Celery message only rings a bell.

    queued → running → done | dead. A failed attempt goes back to queued with a later
    ``run_after``. A worker that dies leaves ``running`` with a lease that runs out; the next
    claim takes the row over with a higher ``fence``, and whatever the dead worker might still
    try to write is refused.
    """

    class Status(models.TextChoices):
        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        DEAD = "dead"

    class Queue(models.TextChoices):
        FAST = "fast"
        SLOW = "slow"
        # Minutes each, and waiting for a trainer most of them: others' work is not behind it.
        TRAIN = "train"

    kind = models.CharField(max_length=80)
    payload = models.JSONField(default=dict)
    queue = models.CharField(max_length=8, choices=Queue, default=Queue.FAST)
    status = models.CharField(max_length=8, choices=Status, default=Status.QUEUED)
    dedupe_key = models.CharField(max_length=200, blank=True)
    run_after = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    crashes = models.PositiveSmallIntegerField(default=0)
    max_attempts = models.PositiveSmallIntegerField(default=5)
    last_error = SaidField(blank=True)
    updated_at = models.DateTimeField(auto_now=True)
    finished_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        constraints = [
            # One waiting job for the same thing is enough; one may run beside it.
            models.UniqueConstraint(
                fields=["tenant", "kind", "dedupe_key"],
                condition=Q(status="queued") & ~Q(dedupe_key=""),
                name="jobs_one_queued_per_key",
            ),
            models.CheckConstraint(
                condition=~Q(status="running") | Q(lease_until__isnull=False),
                name="jobs_running_has_lease",
            ),
        ]
        indexes = [
            models.Index(fields=["run_after"], condition=Q(status="queued"), name="jobs_due"),
            models.Index(fields=["lease_until"], condition=Q(status="running"), name="jobs_leased"),
            models.Index(fields=["tenant", "status", "-created_at"], name="jobs_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"
