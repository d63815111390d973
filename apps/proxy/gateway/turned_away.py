"""Telling a workspace of requests that were turned away before they became turns.

Somebody who sets up an agent sees why it does not work. Who does not prove a key is only counted:
nothing of such a request is kept but the reason, and however often it comes, it costs one small
record every few seconds for each key and reason.
"""

import time
from collections import OrderedDict
from uuid import UUID

from apps.core.ids import uuid7
from apps.proxy.gateway.refusal import KeyRefused, Refusal
from apps.proxy.spool.frames import pack_begin, pack_end
from apps.proxy.spool.writer import SpoolWriter
from apps.tenants.types import KeyGrant

_PAUSE_SECONDS = 2.0
_KNOWN_MAX = 10_000
_DETAIL = 400


class TurnedAway:
    """One per process."""

    def __init__(self, spool: SpoolWriter) -> None:
        self._spool = spool
        # By key and reason: when it was told last, and how often it came since.
        self._told: OrderedDict[tuple[UUID, str], tuple[float, int]] = OrderedDict()

    def note(self, refusal: Refusal, grant: KeyGrant | None) -> None:
        """``grant``: the key that was proven. Without one, only a key's id may be known."""
        if grant is not None:
            self._note(grant.tenant_id, grant.key_id, refusal.code, refusal, refusal.message)
        elif isinstance(refusal, KeyRefused):
            self._note(refusal.tenant_id, refusal.key_id, refusal.why, refusal, "")

    def _note(self, tenant_id: UUID, key_id: UUID, code: str, refusal: Refusal, said: str) -> None:
        at, untold = self._told.get((key_id, code), (0.0, 0))
        moment = time.monotonic()
        if at and moment - at < _PAUSE_SECONDS:
            self._told[key_id, code] = at, untold + 1
            return
        self._told[key_id, code] = moment, 0
        self._told.move_to_end((key_id, code))
        while len(self._told) > _KNOWN_MAX:
            self._told.popitem(last=False)
        header = {
            "tenant": tenant_id,
            "turned_away_only": True,
            "key_id": key_id,
            "code": code,
            "http_status": refusal.status,
            "is_authenticated": bool(said),
            "detail": said[:_DETAIL],
            "times": untold + 1,
            "started_at": time.time(),
        }
        turn_id = uuid7().bytes
        self._spool.append(pack_begin(turn_id, header, b"{}") + pack_end(turn_id, {}))
