"""Reading a stream of events as the providers' own clients do."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Event:
    name: str
    data: str


def events(data: bytes) -> Iterator[Event]:
    """Events that an empty line has ended; what is left behind the last one is none."""
    name, parts = "", []
    for line in _LINE_END.split(data.decode("utf-8", "replace"))[:-1]:
        if not line:
            if parts:
                yield Event(name, "\n".join(parts))
            name, parts = "", []
            continue
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            name = value
        elif field == "data":
            parts.append(value)


def looks_complete(data: bytes, *, is_ended: bool) -> bool:
    """Whether a client would hand this on as an answer.

    ``is_ended`` says whether HTTP was over properly: many clients then ask for no end mark.
    """
    for event in events(data):
        if event.data.startswith("[DONE]"):
            return True
        body = _body(event.data)
        if event.name == "error" or "error" in body:
            return False
        if body.get("type") == "message_stop":
            return True
    return is_ended


def _body(data: str) -> dict[str, Any]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
