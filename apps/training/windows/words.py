"""What people read about windows, in the workspace's own time."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from apps.core.said import Said, Sentence, Value, say, together
from apps.training.windows.standing import Code, Standing

_NOTHING_DUE = "No further window is expected in the next seven days."


def sentence(
    standing: Standing,
    *,
    zone: ZoneInfo,
    at: datetime,
    closes_at: datetime | None,
    next_at: datetime | None,
) -> Said:
    """How things stand and what comes next."""
    if standing.code == "no_rules":
        return say(
            "window_no_rules",
            "No windows are set up: training starts by hand only."
            " Enter sleep hours, or train after a silence.",
        )
    clock = _Clock(zone, at)
    if standing.code == "open":
        return clock.say("window_open", "A window is open until {until}.", until=closes_at or at)
    why = _WHY[standing.code].format(
        until=" until {until}" if standing.until else "",
        since_when=": it is at {until}" if standing.until else "",
        name=" {label}" if standing.label else "",
        note=" ({label})" if standing.label else "",
    )
    given = {"until": standing.until} if standing.until else {}
    stands = clock.say(f"window_{standing.code}", why, label=standing.label, **given)
    if next_at is None:
        return together(stands, say("window_none_due", _NOTHING_DUE))
    return together(stands, clock.say("window_next", "Next window: {until}.", until=next_at))


@dataclass(frozen=True, slots=True)
class _Clock:
    """Tells times as those of a workspace, at a moment."""

    zone: ZoneInfo
    at: datetime

    def say(self, code: str, english: str, *, label: str = "", **until: datetime) -> Said:
        times = {name: _when(moment, self.zone, self.at) for name, moment in until.items()}
        kept = {name: moment.isoformat() for name, moment in until.items()}
        values: dict[str, Value] = {"label": label, "zone": self.zone.key, **kept}
        return Said(english.format(label=label, **times), [Sentence(code=code, values=values)])


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
