"""The spool's file format: frames of length, checksum and payload.

    u32 length | u32 CRC32C | payload = type (1) + turn id (16) + content

A turn is a BEGIN frame (header and the caller's body), CHUNK frames (the answer's bytes as
they were relayed) and an END frame. A torn or damaged frame never yields wrong data: its
checksum does not match.
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import google_crc32c
import orjson

BEGIN, CHUNK, END = b"B", b"C", b"E"
_PREFIX = struct.Struct(">II")
_HEADER_LENGTH = struct.Struct(">I")
_OVERHEAD = 17
MAX_PAYLOAD = 1 << 30


@dataclass(frozen=True, slots=True)
class Frame:
    kind: bytes
    turn_id: UUID
    content: bytes

    @property
    def header(self) -> dict[str, Any]:
        """The header of a BEGIN frame, or the content of an END frame."""
        if self.kind == BEGIN:
            (length,) = _HEADER_LENGTH.unpack_from(self.content)
            found: dict[str, Any] = orjson.loads(self.content[4 : 4 + length])
            return found
        ended: dict[str, Any] = orjson.loads(self.content)
        return ended

    @property
    def body(self) -> bytes:
        """The caller's request body, of a BEGIN frame."""
        (length,) = _HEADER_LENGTH.unpack_from(self.content)
        return self.content[4 + length :]


def pack(kind: bytes, turn_id: bytes, content: bytes) -> bytes:
    payload = kind + turn_id + content
    return _PREFIX.pack(len(payload), google_crc32c.value(payload)) + payload


def pack_begin(turn_id: bytes, header: dict[str, Any], body: bytes) -> bytes:
    try:
        packed = orjson.dumps(header)
    except TypeError:
        # Half a surrogate pair in a caller's text: legal in JSON, nowhere else.
        text = json.dumps(header, default=str, ensure_ascii=False)
        packed = text.encode("utf-8", "replace")
    return pack(BEGIN, turn_id, _HEADER_LENGTH.pack(len(packed)) + packed + body)


def pack_end(turn_id: bytes, outcome: dict[str, Any]) -> bytes:
    return pack(END, turn_id, orjson.dumps(outcome))


def unpack(buffer: bytes) -> Iterator[tuple[Frame | None, int]]:
    """Frames of ``buffer`` with the offset behind each; None for a damaged one.

    Stops at the first frame that is not all there yet.
    """
    at = 0
    while at + _PREFIX.size <= len(buffer):
        length, checksum = _PREFIX.unpack_from(buffer, at)
        if length < _OVERHEAD or length > MAX_PAYLOAD:
            # The length itself is damaged: nothing behind it can be found.
            yield None, len(buffer)
            return
        end = at + _PREFIX.size + length
        if end > len(buffer):
            return
        payload = buffer[at + _PREFIX.size : end]
        at = end
        if google_crc32c.value(payload) != checksum:
            yield None, at
            continue
        yield Frame(payload[:1], UUID(bytes=payload[1:17]), payload[17:]), at
