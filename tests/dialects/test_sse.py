"""Events out of bytes, as the standard has them, wherever the bytes are cut."""

import pytest

from apps.dialects.sse import Events

STREAM = (
    ": hello\n"
    "\n"
    'event: x\ndata: {"a":\ndata: "ä👋"}\nid: 7\n\n'
    "data:no space\n\n"
    "data\n\n"
    "data:  two spaces\n\n"
    "\n\n"
    "data: last"
)
EVENTS = ['{"a":\n"ä👋"}', "no space", " two spaces", "last"]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_events_are_found_wherever_the_bytes_are_cut(newline: str) -> None:
    data = STREAM.replace("\n", newline).encode()

    for cut in range(len(data) + 1):
        events = Events()
        found = [*events.feed(data[:cut]), *events.feed(data[cut:]), *events.end()]
        assert [one.decode() for one in found] == EVENTS
    events = Events()
    single = [one for at in range(len(data)) for one in events.feed(data[at : at + 1])]
    assert [one.decode() for one in [*single, *events.end()]] == EVENTS


def test_an_event_is_there_with_its_last_byte() -> None:
    events = Events()

    assert list(events.feed(b"data: a\r\n\r")) == [b"a"]
    assert list(events.feed(b"\ndata: b\n\n")) == [b"b"]
