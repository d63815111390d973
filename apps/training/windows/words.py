"""What people read about windows, in the workspace's own time."""

from datetime import datetime
from zoneinfo import ZoneInfo

from apps.training.windows.standing import Code, Standing

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
    until = _when(standing.until, zone, at) if standing.until else ""
    why = _WHY[standing.code].format(
        until=f" until {until}" if until else "",
        since_when=f": it is at {until}" if until else "",
        name=f" {standing.label}" if standing.label else "",
        note=f" ({standing.label})" if standing.label else "",
    )
    return why + after


def _when(moment: datetime, zone: ZoneInfo, at: datetime) -> str:
    local, today = moment.astimezone(zone), at.astimezone(zone).date()
    if local.date() == today:
        return f"{local:%H:%M}"
    return f"{local:%a} {local.day} {local:%b %H:%M}"


_WHY: dict[Code, str] = {
    "due": "A window is due and opens within half a minute.",
    "outside": "These are no hours to train in.",
    "not_idle": "The silence is not long enough{since_when}.",
    "too_short": "What the calendars leave of this window is shorter than its minimum length.",
    "used_up": "This window has had its maximum length.",
    "traffic": "Somebody asked something just now; training waits{until}.",
    "presence": "Somebody is at their keyboard; training waits{until}.",
    "busy": "The calendar{name} says busy{until}.",
    "unknown": (
        "The calendar{name} has not answered for a day and counts as busy."
        " Check its connection, or have unknown calendars count as free."
    ),
    "black_out": "Today nothing trains{note}.",
}
