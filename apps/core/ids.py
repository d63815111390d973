"""Identifiers: UUID version 7, so that rows sort by the time they were made.

https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-7
"""

import os
import time
from uuid import UUID

_NANOS_A_MILLI = 1_000_000


def uuid7() -> UUID:
    """A new time-ordered UUID: 48 bits of milliseconds, 12 bits of where in the millisecond,
    62 random bits.

    Two made one after the other in a process sort in that order, also within a millisecond
    (RFC 9562, section 6.2, method 3); that of two processes is as good as the machine's clock.
    """
    millis, nanos = divmod(time.time_ns(), _NANOS_A_MILLI)
    # One call for the bits; `secrets.randbits` costs three times as much.
    random = int.from_bytes(os.urandom(8)) & ((1 << 62) - 1)
    value = (millis & 0xFFFFFFFFFFFF) << 80
    value |= 0x7 << 76
    value |= (nanos << 12) // _NANOS_A_MILLI << 64
    value |= 0b10 << 62
    value |= random
    return UUID(int=value)
