"""What people read about windows, in the workspace's own time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from apps.training.windows.standing import Standing

_NOTHING_DUE = "No further window is expected in the next seven days."


def sentence(
    standing: Standing,
    *,
    zone: ZoneInfo,
    at: datetime,
    closes_at: datetime | None,
    next_at: datetime | None,
) -> str:
    """How things stand and what comes next."""
    if standing.code == "no_rules":
        return (
            "No windows are set up: training starts by hand only."
            " Enter sleep hours, or train after a silence."
        )
    if standing.code == "open":
        return f"A window is open until {_when(closes_at or at, zone, at)}."
    after = f" Next window: {_when(next_at, zone, at)}." if next_at else f" {_NOTHING_DUE}"
    return _WHY[standing.code](standing, zone, at) + after


def _when(moment: datetime, zone: ZoneInfo, at: datetime) -> str:
    local, today = moment.astimezone(zone), at.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b %H:%M}"


def _until(standing: Standing, zone: ZoneInfo, at: datetime) -> str:
    return f" until {_when(standing.until, zone, at)}" if standing.until else ""


def _labelled(standing: Standing) -> str:
    return f" ({standing.label})" if standing.label else ""


_WHY = {
    "due": lambda s, z, at: "A window is due and opens within half a minute.",
    "outside": lambda s, z, at: "These are no hours to train in.",
    "not_idle": lambda s, z, at: f"The silence is not long enough{_until_when(s, z, at)}.",
    "too_short": lambda s, z, at: (
        "What the calendars leave of this window is shorter than its minimum length."
    ),
    "used_up": lambda s, z, at: "This window has had its maximum length.",
    "traffic": lambda s, z, at: (
        f"Somebody asked something just now; training waits{_until(s, z, at)}."
    ),
    "presence": lambda s, z, at: (
        f"Somebody is at their keyboard; training waits{_until(s, z, at)}."
    ),
    "busy": lambda s, z, at: f"The calendar{_named(s)} says busy{_until(s, z, at)}.",
    "unknown": lambda s, z, at: (
        f"The calendar{_named(s)} has not answered for a day and counts as busy."
        " Check its connection, or have unknown calendars count as free."
    ),
    "black_out": lambda s, z, at: f"Today nothing trains{_labelled(s)}.",
}


def _named(standing: Standing) -> str:
    return f" {standing.label}" if standing.label else ""


def _until_when(standing: Standing, zone: ZoneInfo, at: datetime) -> str:
    return f": it is at {_when(standing.until, zone, at)}" if standing.until else ""
