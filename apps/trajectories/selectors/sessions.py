from collections.abc import Sequence
from typing import Any
from uuid import UUID

from apps.trajectories.models import Turn
from apps.trajectories.selectors.requests import injection_opened


def session_pins(*, tenant_id: UUID, session_id: UUID) -> dict[str, Any] | None:
    """The skills a session carried when it was last recorded, as its gateway had them."""
    turns = Turn.objects.for_tenant(tenant_id).filter(session_id=session_id).order_by("-id")
    stored = turns.values_list("injection", flat=True).first()
    found = injection_opened(tenant_id, stored).get("pins") if stored else None
    return found if isinstance(found, dict) else None


def session_find_by_end(*, tenant_id: UUID, agent: str, ends: Sequence[bytes]) -> UUID | None:
    """The session of an agent that came to the first of these points of a conversation."""
    turns = Turn.objects.for_tenant(tenant_id).filter(agent=agent, end_hash__in=ends)
    rows = turns.values_list("end_hash", "session_id")
    found = {bytes(end): session for end, session in rows if end is not None}
    return next((found[end] for end in ends if end in found), None)
