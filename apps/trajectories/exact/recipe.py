"""How a body is put together: pieces of an earlier body, shared pieces, and its own.

A recipe is packed as ``u32 length | steps as JSON | ids of shared pieces | own pieces``,
compressed. A step is ``[start, count]``: that many pieces of the base; ``[-1, length]``: an
own piece; ``[-2, 0]``: the next shared piece.
"""

import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson

from apps.trajectories.exact import packing
from apps.trajectories.exact.cutting import Piece

_LENGTH = struct.Struct(">I")
_ID_BYTES = 16
_OWN, _SHARED = -1, -2
# Below this a row of its own costs more than it saves.
_SHARED_FROM_BYTES = 1024


class Unbuildable(ValueError):
    """A recipe that does not fit its base, or whose shared piece is gone."""


@dataclass(frozen=True, slots=True)
class Recipe:
    steps: list[tuple[int, int]]
    shared: list[Piece]
    own: list[Piece]

    def packed(self, ids: Mapping[bytes, bytes]) -> bytes:
        """For storing. ``ids`` names every shared piece by its digest, in 16 bytes."""
        steps = orjson.dumps([number for step in self.steps for number in step])
        parts = [_LENGTH.pack(len(steps)), steps]
        parts += [ids[piece.digest] for piece in self.shared]
        parts += [piece.content for piece in self.own]
        return packing.packed(b"".join(parts))


@dataclass(frozen=True, slots=True)
class Unpacked:
    steps: list[tuple[int, int]]
    shared_ids: list[bytes]
    own: bytes


def recipe_for(pieces: Sequence[Piece], base: Sequence[bytes], *, may_share: bool = True) -> Recipe:
    """The recipe of a body, given the digests of the pieces of an earlier one (or none).

    Standing pieces that the base does not have are shared. Of a body without a base every
    large piece is: a conversation that starts over often starts with what others said.
    """
    position = {digest: at for at, digest in reversed(list(enumerate(base)))}
    steps: list[tuple[int, int]] = []
    shared, own = [], []
    following = -1
    for piece in pieces:
        at = following
        if not 0 <= at < len(base) or base[at] != piece.digest:
            at = position.get(piece.digest, -1)
        if at >= 0:
            if steps and at == following:
                start, count = steps[-1]
                steps[-1] = (start, count + 1)
            else:
                steps.append((at, 1))
            following = at + 1
            continue
        following = -1
        is_large = may_share and len(piece.content) >= _SHARED_FROM_BYTES
        if is_large and (piece.is_standing or not base):
            steps.append((_SHARED, 0))
            shared.append(piece)
        else:
            steps.append((_OWN, len(piece.content)))
            own.append(piece)
    return Recipe(steps, shared, own)


def unpack(packed: bytes) -> Unpacked:
    """Raises Unbuildable for bytes that are no recipe."""
    try:
        data = packing.unpacked(packed)
        (length,) = _LENGTH.unpack_from(data)
        flat = orjson.loads(data[4 : 4 + length])
        steps = list(zip(flat[::2], flat[1::2], strict=True))
    except (zlib.error, struct.error, ValueError) as exc:
        raise Unbuildable("no recipe") from exc
    at = 4 + length
    shared_ids = []
    for start, _ in steps:
        if start == _SHARED:
            shared_ids.append(data[at : at + _ID_BYTES])
            at += _ID_BYTES
    return Unpacked(steps, shared_ids, data[at:])


def built(recipe: Unpacked, base: Sequence[bytes], shared: Mapping[bytes, bytes]) -> list[bytes]:
    """The pieces of a body. Raises Unbuildable where one of them is not to be had."""
    pieces: list[bytes] = []
    ids = iter(recipe.shared_ids)
    at = 0
    for start, count in recipe.steps:
        if start == _OWN:
            pieces.append(recipe.own[at : at + count])
            at += count
        elif start == _SHARED:
            found = shared.get(next(ids))
            if found is None:
                raise Unbuildable("a shared piece is gone")
            pieces.append(found)
        else:
            if start + count > len(base):
                raise Unbuildable("the base is another one")
            pieces += base[start : start + count]
    return pieces
