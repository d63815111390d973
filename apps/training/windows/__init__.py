"""Windows as pure values: no database, and no clock but the instants that are handed in."""

from apps.training.windows.rules import (
    BlackOut,
    Hours,
    Rules,
    Slot,
    Span,
    black_outs_read,
    clock_minutes,
    clock_text,
    from_seconds,
    hours_read,
)
from apps.training.windows.slots import idle_between, windows_between
from apps.training.windows.standing import (
    CODES,
    Facts,
    Standing,
    next_slot,
    standing_at,
    too_short_hours,
)
from apps.training.windows.words import sentence

__all__ = [
    "CODES",
    "BlackOut",
    "Facts",
    "Hours",
    "Rules",
    "Slot",
    "Span",
    "Standing",
    "black_outs_read",
    "clock_minutes",
    "clock_text",
    "from_seconds",
    "hours_read",
    "idle_between",
    "next_slot",
    "sentence",
    "standing_at",
    "too_short_hours",
    "windows_between",
]
