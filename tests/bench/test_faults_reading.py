"""When a client takes what came of a stream for an answer."""

import pytest

from bench.faults.sse import Event, events, looks_complete

DELTA = b'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
STOP = b'event: message_stop\ndata: {"type":"message_stop"}\n\n'


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r"])
def test_an_empty_line_ends_an_event(line_end):
    data = b": ping\n\nevent: x\ndata: a\ndata:b\n\ndata: cut\n".replace(b"\n", line_end)

    assert list(events(data)) == [Event("x", "a\nb")]


@pytest.mark.parametrize(
    "data, is_ended, is_complete",
    [
        (DELTA + b"data: [DONE]\n\n", False, True),
        (DELTA + b"data: [DONE]\n", False, False),
        (STOP, False, True),
        (STOP[:-1], False, False),
        (DELTA, False, False),
        # Many clients ask for no end mark where HTTP ended as it should.
        (DELTA, True, True),
        (b"", True, True),
        (DELTA + b'data: {"error":{"message":"cut"}}\n\n', True, False),
        (b'event: error\ndata: {"type":"error"}\n\n', True, False),
        (b'data: {"error":{}}\n\ndata: [DONE]\n\n', True, False),
        (b"data: {no json\n\n", False, False),
    ],
)
def test_what_looks_complete(data, is_ended, is_complete):
    assert looks_complete(data, is_ended=is_ended) is is_complete
