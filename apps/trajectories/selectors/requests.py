"""Requests as they were sent, built from the turns before them."""

import json
import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Any
from uuid import UUID

from django.db import connection

from apps.trajectories.errors import RequestDamaged, TurnNotFound
from apps.trajectories.exact.recipe import Unbuildable, Unpacked, built, unpack
from apps.trajectories.models import Piece, Turn
from apps.trajectories.storable import storable

_LINE = """
WITH RECURSIVE line AS (
  SELECT base_id, request, request_sha256, message_count, new_from, 0 AS depth
  FROM trajectories_turn WHERE tenant_id = %(tenant)s AND id = %(turn)s
  UNION ALL
  SELECT t.base_id, t.request, t.request_sha256, t.message_count, t.new_from, line.depth + 1
  FROM trajectories_turn t JOIN line ON t.id = line.base_id AND t.tenant_id = %(tenant)s
)
SELECT base_id, request, request_sha256, message_count, new_from FROM line ORDER BY depth DESC
"""


@dataclass(frozen=True, slots=True)
class BuiltRequest:
    """A request, put together again. ``depth`` says of how many turns besides its own."""

    pieces: list[bytes]
    sha256: bytes
    message_count: int
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
    _, _, digest, message_count, new_from = line[-1]
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
    request = BuiltRequest(pieces, bytes(digest), message_count, new_from, len(line) - 1)
    if sha256(request.body).digest() != request.sha256:
        raise RequestDamaged(reason="another check sum")
    return request


def conversation_of(*, tenant_id: UUID, turn_id: UUID) -> tuple[list[Any], int]:
    """The whole conversation that was sent with a turn, and where its new messages begin."""
    request = request_built(tenant_id=tenant_id, turn_id=turn_id)
    return _said(request.body, request.message_count), request.new_from


def injected_text(turn: Turn) -> str:
    """What we added to the request of a turn."""
    if "text_piece" not in turn.injection:
        return str(turn.injection.get("text", ""))
    name = UUID(turn.injection["text_piece"])
    rows = Piece.objects.for_tenant(turn.tenant_id).filter(id=name)
    content = rows.values_list("content", flat=True).first()
    return "" if content is None else zlib.decompress(content).decode()


def _said(body: bytes, count: int) -> list[Any]:
    """The last ``count`` messages of a body: what stands before them are instructions."""
    asked = json.loads(body)
    for name in ("messages", "input", "prompt"):
        said = asked.get(name)
        if isinstance(said, str):
            said = [said]
        if isinstance(said, list):
            whole = [_as_message(one) for one in said[len(said) - count :]]
            found: list[Any] = storable(whole)
            return found
    return []


def _as_message(said: Any) -> Any:
    return {"role": "user", "content": said} if isinstance(said, str) else said


def _shared(tenant_id: UUID, recipes: list[Unpacked]) -> dict[bytes, bytes]:
    wanted = {name for recipe in recipes for name in recipe.shared_ids}
    if not wanted:
        return {}
    rows = Piece.objects.for_tenant(tenant_id).filter(id__in=[UUID(bytes=name) for name in wanted])
    return {
        found.bytes: zlib.decompress(content)
        for found, content in rows.values_list("id", "content")
    }
