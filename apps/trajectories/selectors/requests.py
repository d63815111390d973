"""Requests as they were sent, built from the turns before them."""

import json
import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection

from apps.core.asked import asked_body
from apps.core.storable import storable
from apps.trajectories.errors import RequestDamaged, TurnNotFound
from apps.trajectories.exact.recipe import Unbuildable, Unpacked, built, unpack
from apps.trajectories.models import Piece, Turn

_LINE = """
WITH RECURSIVE line AS (
  SELECT base_id, request, request_sha256, dialect, new_from, 0 AS depth
  FROM trajectories_turn WHERE tenant_id = %(tenant)s AND id = %(turn)s
  UNION ALL
  SELECT t.base_id, t.request, t.request_sha256, t.dialect, t.new_from, line.depth + 1
  FROM trajectories_turn t JOIN line ON t.id = line.base_id AND t.tenant_id = %(tenant)s
)
SELECT base_id, request, request_sha256, dialect, new_from FROM line ORDER BY depth DESC
"""


@dataclass(frozen=True, slots=True)
class BuiltRequest:
    """A request, put together again. ``depth`` says of how many turns besides its own."""

    pieces: list[bytes]
    sha256: bytes
    dialect: str
    new_from: int
    depth: int

    @property
    def body(self) -> bytes:
        return b"".join(self.pieces)


def request_built(*, tenant_id: UUID, turn_id: UUID) -> BuiltRequest:
    """The request of a turn, byte for byte. Raises TurnNotFound or RequestDamaged."""
    with connection.cursor() as cursor:
        cursor.execute(_LINE, {"tenant": tenant_id, "turn": turn_id})
        line = cursor.fetchall()
    if not line:
        raise TurnNotFound
    _, _, digest, dialect, new_from = line[-1]
    try:
        recipes = [unpack(bytes(request)) for _, request, *_ in line]
        if line[0][0] is not None:
            raise Unbuildable("the first of its turns is gone")
        shared = _shared(tenant_id, recipes)
        pieces: list[bytes] = []
        for recipe in recipes:
            pieces = built(recipe, pieces, shared)
    except Unbuildable as exc:
        raise RequestDamaged(reason=str(exc)) from exc
    request = BuiltRequest(pieces, bytes(digest), dialect, new_from, len(line) - 1)
    if sha256(request.body).digest() != request.sha256:
        raise RequestDamaged(reason="another check sum")
    return request


@dataclass(frozen=True, slots=True)
class AskedTurn:
    """What was sent with a turn."""

    system: Any
    # The whole conversation, and where in it the new messages begin.
    messages: list[Any]
    new_from: int
    tools: list[Any]


def asked_of(*, tenant_id: UUID, turn_id: UUID) -> AskedTurn:
    """Read the request of a turn. Raises TurnNotFound or RequestDamaged."""
    request = request_built(tenant_id=tenant_id, turn_id=turn_id)
    asked = asked_body(request.dialect, request.body)
    tools = asked.tools if isinstance(asked.tools, list) else []
    return AskedTurn(
        storable(asked.system), storable(asked.messages), request.new_from, storable(tools)
    )


def injection_of(turn: Turn) -> dict[str, Any]:
    """What we added to the request of a turn, and what was considered for that."""
    return injection_opened(turn.tenant_id, turn.injection)


def injection_opened(tenant_id: UUID, stored: dict[str, Any]) -> dict[str, Any]:
    """An injection as its gateway described it; long parts of it are kept as pieces."""
    found = dict(stored)
    if "facts_piece" in found:
        found = json.loads(_piece_text(tenant_id, found["facts_piece"]) or "{}")
    if "text_piece" in found:
        found["text"] = _piece_text(tenant_id, found.pop("text_piece"))
    return found


def _piece_text(tenant_id: UUID, name: str) -> str:
    rows = Piece.objects.for_tenant(tenant_id).filter(id=UUID(name))
    content = rows.values_list("content", flat=True).first()
    return "" if content is None else zlib.decompress(content).decode()


def _shared(tenant_id: UUID, recipes: list[Unpacked]) -> dict[bytes, bytes]:
    wanted = {name for recipe in recipes for name in recipe.shared_ids}
    if not wanted:
        return {}
    rows = Piece.objects.for_tenant(tenant_id).filter(id__in=[UUID(bytes=name) for name in wanted])
    return {
        found.bytes: zlib.decompress(content)
        for found, content in rows.values_list("id", "content")
    }
