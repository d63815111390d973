from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F, Value
from django.db.models.functions import Now

from apps.core.bulk import as_json
from apps.core.clock import now
from apps.core.tenancy import directory, tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.trajectories import selectors
from apps.trajectories.models import Session
from apps.trajectories.services.judging import turn_ask_judge
from apps.trajectories.services.parents import Placed
from apps.trajectories.services.saying import scores_queue, signal_score
from apps.trajectories.signals import signal_of_end

_SWEEP_LIMIT = 1000
_ALLOWED_SILENCE = ExpressionWrapper(
    F("tenant__idle_minutes") * Value(timedelta(minutes=1)), output_field=DurationField()
)


_TOUCH = """
INSERT INTO trajectories_session
  (id, tenant_id, created_at, agent, external_id, source, started_at, last_turn_at)
SELECT id, %(tenant)s, now(), agent, external_id, source, started_at, last_turn_at
FROM json_to_recordset(%(rows)s::json) new (id uuid, agent text, external_id text, source text,
  started_at timestamptz, last_turn_at timestamptz)
ON CONFLICT (id) DO UPDATE
SET last_turn_at = greatest(trajectories_session.last_turn_at, excluded.last_turn_at)
"""
# A turn that began after the end reopens the session; a late record does not.
_REOPEN = """
UPDATE trajectories_session s SET closed_at = NULL
FROM json_to_recordset(%(rows)s::json) new (id uuid, begun_at timestamptz)
WHERE s.tenant_id = %(tenant)s AND s.id = new.id AND s.closed_at < new.begun_at
"""


def sessions_touch(*, tenant_id: UUID, found: Sequence[Placed]) -> None:
    """Have a row for every session of these turns, and note when it was last heard of."""
    rows: dict[UUID, dict[str, Any]] = {}
    for one in found:
        record = one.record
        row = rows.setdefault(
            one.session_id,
            {
                "id": one.session_id,
                "agent": record.agent,
                "external_id": record.external_session_id[:300],
                "source": record.session_source,
                "started_at": record.started_at,
                "last_turn_at": record.finished_at,
                "begun_at": record.started_at,
            },
        )
        row["last_turn_at"] = max(row["last_turn_at"], record.finished_at)
        row["begun_at"] = max(row["begun_at"], record.started_at)
    # In the order of their ids: two recorders that store the same sessions never deadlock.
    ordered = [rows[session_id] for session_id in sorted(rows)]
    values: dict[str, UUID | str] = {"tenant": tenant_id, "rows": as_json(ordered)}
    with connection.cursor() as cursor:
        cursor.execute(_TOUCH, values)
        cursor.execute(_REOPEN, values)


def session_close(
    *,
    tenant_id: UUID,
    session_id: UUID,
    said_at: datetime | None = None,
    is_left: bool = False,
) -> None:
    """End a session: its turns wait for no further reply and are scored now.

    One that went on after ``said_at`` stays open: the word was heard late. ``is_left``: nobody
    said that it is over, it just did not go on.
    """
    with tenant_tx(tenant_id):
        session = Session.objects.for_tenant(tenant_id).filter(
            id=session_id, closed_at__isnull=True
        )
        if said_at is not None:
            session = session.filter(last_turn_at__lte=said_at)
        if not session.update(closed_at=Now()):
            return
        for turn_id in selectors.unscored_turns(tenant_id=tenant_id, session_id=session_id):
            turn_ask_judge(tenant_id=tenant_id, turn_id=turn_id, at=now())
        if is_left:
            _hear_end(tenant_id, session_id)
        publish_on_commit(tenant_id, Changed("trajectories.session", str(session_id), "closed"))


def _hear_end(tenant_id: UUID, session_id: UUID) -> None:
    """What it says of the last answer that nobody replied to it."""
    last = selectors.last_turn(tenant_id=tenant_id, session_id=session_id)
    if last is None:
        return
    signal = signal_of_end(selectors.user_text_of(last))
    if signal.is_worth_storing:
        score = signal_score(turn_id=last.id, signal=signal, at=last.finished_at)
        scores_queue(tenant_id=tenant_id, scores=[score])


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
        session_close(tenant_id=tenant_id, session_id=session_id, is_left=True)
    return len(idle)
