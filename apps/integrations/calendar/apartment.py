"""Reads calendars in a process of their own, which may take only so much time and memory.

An event that repeats every second since 1970 costs that process its life, and nobody else
anything. ``python -m apps.integrations.calendar.apartment`` is that process.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

from apps.core.said import Said, say, sentences_of
from apps.integrations.calendar.client import BusyTime, CalendarFailed

_SECONDS = 20
_CPU_SECONDS = 10
_MEMORY_BYTES = 1024**3
_ROOT = Path(__file__).resolve().parents[3]
_CALENDAR_DATA = "{urn:ietf:params:xml:ns:caldav}calendar-data"


def read(
    body: bytes, *, is_multistatus: bool, zone: str, start: datetime, end: datetime
) -> list[BusyTime]:
    """The busy times of a calendar, or of a CalDAV server's answer. Raises CalendarFailed."""
    asked = {
        "is_multistatus": is_multistatus,
        "text": body.decode("utf-8", errors="replace"),
        "zone": zone,
        "start": start.timestamp(),
        "end": end.timestamp(),
    }
    try:
        done = subprocess.run(  # our own module
            [sys.executable, "-m", "apps.integrations.calendar.apartment"],
            input=json.dumps(asked).encode(),
            capture_output=True,
            cwd=_ROOT,
            # Nothing of ours goes in: no keys, no addresses.
            env={"PYTHONPATH": str(_ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            timeout=_SECONDS,
            check=False,
        )
        answer = json.loads(done.stdout) if done.returncode == 0 else None
    except (subprocess.TimeoutExpired, ValueError):
        answer = None
    if answer is None:
        english = (
            "The calendar takes too long to read: perhaps an event in it repeats every second."
        )
        raise CalendarFailed(say("calendar_long", english), permanent=False)
    if "problem" in answer:
        raise CalendarFailed(Said(answer["problem"], answer["said"]), permanent=False)
    return [
        BusyTime(datetime.fromtimestamp(starts, UTC), datetime.fromtimestamp(ends, UTC))
        for starts, ends in answer["busy"]
    ]


def calendar_data(document: str) -> list[str]:
    """The calendars in a CalDAV server's answer (RFC 4791, 7.8). Raises ValueError."""
    if "<!DOCTYPE" in document.upper():
        raise ValueError("no answer of a CalDAV server declares a document type")
    try:
        root = ElementTree.fromstring(document)  # noqa: S314  # no entities without a DOCTYPE
    except ElementTree.ParseError as exc:
        raise ValueError("broken XML") from exc
    if not root.tag.endswith("}multistatus"):
        raise ValueError("not a multistatus")
    return [found.text for found in root.iter(_CALENDAR_DATA) if found.text]


def _limit() -> None:
    try:
        import resource
    except ImportError:  # Windows has none; the deadline holds there too
        return
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    try:
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    except (ValueError, OSError):  # macOS does not take it
        return


def main() -> None:
    asked = json.load(sys.stdin)
    _limit()
    from apps.integrations.calendar.reading import Unreadable, busy_times

    texts: Sequence[str] = [asked["text"]]
    try:
        if asked["is_multistatus"]:
            texts = calendar_data(asked["text"])
        busy = busy_times(
            texts,
            zone=asked["zone"],
            start=datetime.fromtimestamp(asked["start"], UTC),
            end=datetime.fromtimestamp(asked["end"], UTC),
        )
    except Unreadable as exc:
        answer = _problem(str(exc))
    except ValueError:
        english = (
            "What answers is no CalDAV calendar. Enter the address of one calendar, not of the"
            " server."
        )
        answer = _problem(say("calendar_no_caldav", english))
    else:
        answer = {"busy": busy}
    json.dump(answer, sys.stdout)


def _problem(text: str) -> dict[str, object]:
    return {"problem": text, "said": sentences_of(text)}


if __name__ == "__main__":
    main()
