from django.db import models
from django.db.models import Q

from apps.core.tenancy import TenantOwned


class Session(TenantOwned):
    """One conversation of one agent. Reopened when a turn arrives after it was closed."""

    agent = models.CharField(max_length=120, blank=True)
    external_id = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    last_turn_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta(TenantOwned.Meta):
        indexes = [
            models.Index(
                fields=["last_turn_at"],
                condition=Q(closed_at__isnull=True),
                name="trajectories_open_sessions",
            ),
            models.Index(fields=["tenant", "-last_turn_at"], name="trajectories_sessions_newest"),
        ]

    def __str__(self) -> str:
        return f"session {self.id}"
