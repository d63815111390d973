"""Storing requests as what is new in them."""

import zlib
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from apps.core.clock import now
from apps.trajectories.errors import RequestDamaged, TurnNotFound
from apps.trajectories.exact.cutting import CutBody
from apps.trajectories.exact.cutting import Piece as CutPiece
from apps.trajectories.exact.recipe import Recipe, recipe_for
from apps.trajectories.models import Piece
from apps.trajectories.months import month_at, month_of, piece_id
from apps.trajectories.selectors.requests import request_built

_DIGEST = 16
# A request is built by walking this many turns at most; then one is stored whole again.
_DEPTH_MAX = 400
_KNOWN_BYTES = 32 * 1024 * 1024
_KNOWN_PIECES = 20_000


@dataclass(frozen=True, slots=True)
class NewRequest:
    """A body to store, and the turn it most likely goes on from."""

    turn_id: UUID
    body: CutBody
    base_id: UUID | None


@dataclass(frozen=True, slots=True)
class PackedRequest:
    """What is stored of a body in the row of its turn."""

    recipe: bytes
    sha256: bytes
    base_id: UUID | None


@dataclass(slots=True)
class _Memory:
    """What was stored last: of a turn the digests of its pieces, of pieces that they exist.

    Both can be looked up in the database; neither can be wrong, because a turn's pieces never
    change and pieces are deleted only with their month.
    """

    digests: OrderedDict[UUID, tuple[bytes, int]] = field(default_factory=OrderedDict)
    size: int = 0
    pieces: OrderedDict[UUID, None] = field(default_factory=OrderedDict)

    def keep(self, turn_id: UUID, digests: Sequence[bytes], depth: int) -> None:
        joined = b"".join(digests)
        before = self.digests.pop(turn_id, None)
        self.size += len(joined) - (len(before[0]) if before else 0)
        self.digests[turn_id] = (joined, depth)
        while self.size > _KNOWN_BYTES:
            self.size -= len(self.digests.popitem(last=False)[1][0])

    def keep_pieces(self, ids: Sequence[UUID]) -> None:
        self.pieces.update(dict.fromkeys(ids))
        while len(self.pieces) > _KNOWN_PIECES:
            self.pieces.popitem(last=False)

    def forget(self) -> None:
        self.digests.clear()
        self.pieces.clear()
        self.size = 0


memory = _Memory()


def requests_pack(*, tenant_id: UUID, requests: Sequence[NewRequest]) -> list[PackedRequest]:
    """Recipes for the bodies of a tenant's turns, in their order; stores the pieces they share.

    Runs inside the caller's transaction, in which the turns themselves are stored.
    """
    chosen: list[tuple[NewRequest, Recipe, UUID | None]] = []
    for request in requests:
        pieces = request.body.pieces
        base_id, base, depth = _base_of(tenant_id, request)
        recipe = recipe_for(pieces, base)
        if base_id is not None and not any(start >= 0 for start, _ in recipe.steps):
            base_id, depth = None, 0
        memory.keep(request.turn_id, [piece.digest for piece in pieces], depth)
        chosen.append((request, recipe, base_id))
    ids = _share(tenant_id, chosen)
    return [
        PackedRequest(recipe.packed(ids[index]), request.body.sha256, base_id)
        for index, (request, recipe, base_id) in enumerate(chosen)
    ]


def _base_of(tenant_id: UUID, request: NewRequest) -> tuple[UUID | None, list[bytes], int]:
    """The base to start from, its pieces' digests, and how deep its child will stand."""
    base_id = request.base_id
    # A base of another month would be gone when that month is dropped.
    if base_id is None or month_of(base_id) != month_of(request.turn_id):
        return None, [], 0
    if base_id not in memory.digests:
        try:
            found = request_built(tenant_id=tenant_id, turn_id=base_id)
        except (TurnNotFound, RequestDamaged):
            return None, [], 0
        digests = [CutPiece.of(content).digest for content in found.pieces]
        memory.keep(base_id, digests, found.depth)
    joined, depth = memory.digests[base_id]
    if depth + 1 >= _DEPTH_MAX:
        return None, [], 0
    split = [joined[at : at + _DIGEST] for at in range(0, len(joined), _DIGEST)]
    return base_id, split, depth + 1


def texts_share(*, tenant_id: UUID, texts: Sequence[tuple[UUID, str]]) -> list[UUID]:
    """The ids of the pieces that hold these texts of these turns, stored if need be."""
    ids = []
    new: dict[UUID, bytes] = {}
    for turn_id, text in texts:
        content = text.encode("utf-8", "replace")
        month = month_of(turn_id)
        digest = CutPiece.of(content).digest
        row_id = piece_id(tenant_id=tenant_id, month=month, digest=digest)
        if not _is_known(row_id, month):
            new[row_id] = content
        ids.append(row_id)
    if new:
        _store_pieces(tenant_id, new)
    return ids


def _share(
    tenant_id: UUID, chosen: Sequence[tuple[NewRequest, Recipe, UUID | None]]
) -> list[dict[bytes, bytes]]:
    """The ids of every recipe's shared pieces, which are stored after this."""
    ids: list[dict[bytes, bytes]] = []
    new: dict[UUID, bytes] = {}
    for request, recipe, _ in chosen:
        month = month_of(request.turn_id)
        named = {}
        for piece in recipe.shared:
            row_id = piece_id(tenant_id=tenant_id, month=month, digest=piece.digest)
            named[piece.digest] = row_id.bytes
            if not _is_known(row_id, month):
                new[row_id] = piece.content
        ids.append(named)
    if new:
        _store_pieces(tenant_id, new)
    return ids


def _is_known(row_id: UUID, month: datetime) -> bool:
    # Pieces of a month that is over may have been deleted since.
    return row_id in memory.pieces and month == month_at(now())


def _store_pieces(tenant_id: UUID, new: dict[UUID, bytes]) -> None:
    # In the order of their ids: two recorders that store the same pieces never deadlock.
    rows = [
        Piece(id=row_id, tenant_id=tenant_id, content=zlib.compress(new[row_id]))
        for row_id in sorted(new)
    ]
    Piece.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(lambda: memory.keep_pieces(list(new)))
