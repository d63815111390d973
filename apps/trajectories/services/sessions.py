from datetime import timedelta
from uuid import UUID

from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Now

from apps.core.clock import now
from apps.core.tenancy import directory, tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.trajectories import selectors
from apps.trajectories.models import Session
from apps.trajectories.services.judging import turn_ask_judge

_SWEEP_LIMIT = 1000
_ALLOWED_SILENCE = ExpressionWrapper(
    F("tenant__idle_minutes") * Value(timedelta(minutes=1)), output_field=DurationField()
)


def session_close(*, tenant_id: UUID, session_id: UUID) -> None:
    """End a session: its turns wait for no further reply and are scored now."""
    with tenant_tx(tenant_id):
        closed = (
            Session.objects.for_tenant(tenant_id)
            .filter(id=session_id, closed_at__isnull=True)
            .update(closed_at=Now())
        )
        if not closed:
            return
        for turn_id in selectors.unscored_turns(tenant_id=tenant_id, session_id=session_id):
            turn_ask_judge(tenant_id=tenant_id, turn_id=turn_id, at=now())
        publish_on_commit(tenant_id, Changed("trajectories.session", str(session_id), "closed"))


def sessions_close_idle() -> int:
    """Close every session that was quiet for longer than its workspace allows."""
    with directory():
        idle = list(
            Session.objects.across_tenants()
            .filter(
                closed_at__isnull=True,
                last_turn_at__lt=Now() - _ALLOWED_SILENCE,
            )
            .order_by("last_turn_at")
            .values_list("tenant_id", "id")[:_SWEEP_LIMIT]
        )
    for tenant_id, session_id in idle:
        session_close(tenant_id=tenant_id, session_id=session_id)
    return len(idle)
