"""What a calendar is to the product, and how one is fetched."""

import time
from datetime import datetime
from typing import NamedTuple, Protocol

import httpx2

from apps.core.errors import UpstreamFailed
from apps.core.said import say

_DEADLINE_SECONDS = 30.0
MAX_BYTES = 8 * 1024 * 1024


class CalendarFailed(UpstreamFailed):
    """The calendar did not say when somebody is busy. ``permanent``: a person has to act."""

    code = "calendar_failed"


class BusyTime(NamedTuple):
    starts_at: datetime
    ends_at: datetime


class Calendar(Protocol):
    def busy(self, *, start: datetime, end: datetime) -> list[BusyTime]:
        """When somebody is busy between the two, in order, none overlapping.

        Raises CalendarFailed only.
        """
        ...


def fetched(
    client: httpx2.Client,
    method: str,
    url: str,
    *,
    headers: dict[str, str] | None = None,
    content: bytes | None = None,
    auth: tuple[str, str] | None = None,
) -> bytes:
    """The body of a good answer, no larger and no slower than is reasonable."""
    # Not compressed: a small answer must not become a large one here.
    asked = {"accept-encoding": "identity", **(headers or {})}
    until = time.monotonic() + _DEADLINE_SECONDS
    try:
        with client.stream(method, url, headers=asked, content=content, auth=auth) as answer:
            _check(answer)
            body = bytearray()
            for piece in answer.iter_raw():
                body += piece
                if len(body) > MAX_BYTES:
                    english, limit = "The calendar is larger than {limit} MB.", MAX_BYTES // 1024**2
                    large = say("calendar_large", english, limit=limit)
                    raise CalendarFailed(large, permanent=True)
                if time.monotonic() > until:
                    raise _too_slow()
            return bytes(body)
    except httpx2.TimeoutException as exc:
        raise _too_slow() from exc
    except httpx2.UnsupportedProtocol as exc:  # refused by the guard
        raise CalendarFailed(str(exc), permanent=True) from exc
    except (httpx2.HTTPError, httpx2.InvalidURL, UnicodeError) as exc:
        english, why = "The calendar's server cannot be reached: {why}.", str(exc)
        away = say("calendar_unreachable", english, why=why or type(exc).__name__)
        raise CalendarFailed(away, permanent=False) from exc


def _too_slow() -> CalendarFailed:
    english = "The calendar's server did not answer within {limit:.0f} seconds."
    return CalendarFailed(say("calendar_slow", english, limit=_DEADLINE_SECONDS), permanent=False)


def _check(answer: httpx2.Response) -> None:
    status = answer.status_code
    if answer.headers.get("content-encoding", "identity").lower() != "identity":
        english = "The calendar's server sends compressed answers only."
        raise CalendarFailed(say("calendar_compressed", english), permanent=True)
    if status < 300:
        return
    if status < 400:
        # The address in an answer may hold a secret, its host does not.
        host = httpx2.URL(answer.headers.get("location", "")).host
        if host:
            english = (
                "The calendar has moved to {host}: enter the address that a browser ends up at."
            )
            moved = say("calendar_moved", english, host=host)
        else:
            english = "The calendar has moved: enter the address that a browser ends up at."
            moved = say("calendar_moved_somewhere", english)
        raise CalendarFailed(moved, permanent=True)
    if status in (401, 403):
        english = (
            "The calendar's server refuses us ({status}): check user name and password, or copy"
            " the address again."
        )
        raise CalendarFailed(say("calendar_refuses", english, status=status), permanent=True)
    if status in (404, 410):
        english = "There is no calendar at this address any more ({status}): copy it again."
        raise CalendarFailed(say("calendar_gone", english, status=status), permanent=True)
    raise CalendarFailed(
        say("calendar_status", "The calendar's server answered {status}.", status=status),
        permanent=status not in (408, 425, 429) and status < 500,
    )
