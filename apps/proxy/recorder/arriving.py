"""Saying that a request is under way, before it is recorded."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.live.events import Changed, publish_on_commit
from apps.proxy.arrivals import Arrivals

_NO_TURNS = ("closes_only", "feedback_only", "counts_only", "turned_away_only")


class Arriving:
    """What the frames of one look at the spool say about requests that are not over."""

    def __init__(self) -> None:
        self._arrivals = Arrivals()
        # By turn: its header, and whether its provider answers already.
        self._new: dict[UUID, tuple[dict[str, Any], bool]] = {}

    def begun(self, turn_id: UUID, header: dict[str, Any], *, is_answering: bool = False) -> None:
        if not any(header.get(name) for name in _NO_TURNS):
            self._new[turn_id] = header, is_answering

    def ended(self, turn_id: UUID) -> None:
        """It will be recorded in a moment, which says more."""
        self._new.pop(turn_id, None)

    def tell(self) -> None:
        """Tell those who wait. Only the newest of a workspace is of interest."""
        new, self._new = self._new, {}
        latest = {header["tenant"]: turn_id for turn_id, (header, _) in new.items()}
        for tenant_id in self._arrivals.awaited(latest) if latest else ():
            turn_id = latest[tenant_id]
            try:
                arrival = _arrival(turn_id, *new[turn_id])
            except (KeyError, TypeError, ValueError, OverflowError):
                # It cannot be stored either, and is set aside at its end.
                continue
            self._arrivals.keep(tenant_id, arrival)
            publish_on_commit(UUID(tenant_id), Changed("proxy.arrival", str(turn_id), "under_way"))


def _arrival(turn_id: UUID, header: dict[str, Any], is_answering: bool) -> dict[str, Any]:  # noqa: FBT001
    # Milliseconds as the gateway measured them; of the first byte only the turn's end says them.
    reached = dict(header.get("reached", {})) | ({"first_byte": None} if is_answering else {})
    return {
        "turn_id": str(turn_id),
        "started_at": datetime.fromtimestamp(header["started_at"], UTC).isoformat(),
        "key_name": header["key_name"],
        "model": header["model"],
        "is_simulated": header["is_simulated"],
        "skills": len(header["skills"]),
        "reached": reached,
    }
