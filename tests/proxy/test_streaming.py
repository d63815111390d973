"""Streams: passed on as they come, recorded as they were, never made to look whole."""

import json
import time
from collections.abc import Callable

import pytest

from apps.trajectories.models import Turn
from tests.proxy import recordings
from tests.proxy.conftest import Recorded, Workspace, chat_body
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway, dechunked

END = {"openai": b"data: [DONE]", "anthropic": b'"type": "message_stop"'}


def _is_whole(body: bytes, dialect: str) -> bool:
    """What a client would take for the end of an answer."""
    _, mark, rest = body.partition(END[dialect])
    # Of an event with a body of its own the whole line has to be there.
    return bool(mark) and (dialect == "openai" or b"\n" in rest)


def _shown_error(body: bytes) -> dict[str, str] | None:
    """The error a client reads in a stream's last event."""
    last = body.removesuffix(b"\n\n").rpartition(b"\n\n")[2].rpartition(b"data: ")[2]
    try:
        found: dict[str, str] = json.loads(last)["error"]
    except (ValueError, KeyError, TypeError):
        return None
    return found


@pytest.mark.parametrize("model", ["ok", "bytewise", "paced:0.01", "unmarked", "garbage"])
def test_a_stream_is_passed_on_byte_for_byte(
    gateway: RunningGateway, workspace: Workspace, dialect: str, provider: Provider, model: str
) -> None:
    answer = gateway.chat(chat_body(model, stream=True), dialect)

    expected = {
        "unmarked": recordings.unmarked_stream_of(dialect),
        "garbage": b"\xff\xfe\x00data: {not json\r\rdata:[1,2]\n\n: ping\n\ndata: \xc3",
    }.get(model, recordings.stream_of(dialect))
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.headers["x-accel-buffering"] == "no"
    assert answer.body == expected


def test_events_arrive_while_the_provider_is_still_sending(
    gateway: RunningGateway, workspace: Workspace, dialect: str, provider: Provider
) -> None:
    with gateway.open(chat_body("paced:0.15", stream=True), dialect) as wire:
        wire.read_until(b"data: ")
        first = time.monotonic()
        wire.read_until(END[dialect])
        last = time.monotonic()

    # Five pauses or more lie between; a gateway that collects events shows none of them.
    assert last - first > 0.6
    assert first < provider.last().last_sent_at - 0.5


def test_a_caller_who_hangs_up_at_the_end_mark_has_a_complete_turn(
    gateway: RunningGateway, workspace: Workspace, dialect: str, recorded: Recorded
) -> None:
    with gateway.open(chat_body("waiting-end", stream=True), dialect) as wire:
        wire.read_until(END[dialect])
        turn_id = wire.header("x-metaclaw-turn")

    turn = recorded.turn(workspace, turn_id)
    assert turn.status == "complete"
    assert turn.response_text == recordings.TEXT
    assert turn.http_status == 200


@pytest.mark.parametrize("model", ["silent", "stall:60", "held"])
@pytest.mark.parametrize("is_stream", [True, False])
def test_a_caller_who_leaves_stops_the_provider_within_a_second(
    gateway: RunningGateway,
    workspace: Workspace,
    dialect: str,
    provider: Provider,
    recorded: Recorded,
    model: str,
    is_stream: bool,
) -> None:
    provider.release.clear()
    before = len(_aborted(workspace, recorded))
    wire = gateway.open(chat_body(model, stream=is_stream), dialect)
    if model != "silent":
        wire.read_until(b"data: ")
    # This test may be the provider's first: then it has not seen anything yet.
    _wait_for(
        lambda: (
            provider.seen and provider.last().model == model and not provider.last().gone.is_set()
        )
    )
    time.sleep(0.05)

    wire.socket.close()

    assert provider.last().gone.wait(1.0)
    _wait_for(lambda: len(_aborted(workspace, recorded)) > before)
    turn = _aborted(workspace, recorded)[-1]
    assert turn.http_status == 499
    assert turn.end_hash is None


def test_a_caller_who_leaves_in_the_middle_keeps_what_had_come(
    gateway: RunningGateway, openai: Workspace, recorded: Recorded
) -> None:
    with gateway.open(chat_body("stall:420", stream=True)) as wire:
        wire.read_until(b"Gr")
        turn_id = wire.header("x-metaclaw-turn")

    turn = recorded.turn(openai, turn_id)
    assert turn.status == "client_aborted"
    assert turn.response_text.startswith("Gr")
    assert turn.served_model == "served-1"


# Cut off ----------------------------------------------------------------------------------


def _offsets(dialect: str) -> list[int]:
    """Cuts all over a stream, and every one around its last events."""
    size = len(recordings.stream_of(dialect))
    return sorted({*range(0, size, size // 24), *range(size - 26, size)})


def test_a_stream_cut_off_anywhere_never_looks_whole(
    gateway: RunningGateway, workspace: Workspace, dialect: str, recorded: Recorded
) -> None:
    stream = recordings.stream_of(dialect)
    turns: dict[int, str] = {}
    for offset in _offsets(dialect):
        with gateway.open(chat_body(f"cut:{offset}", stream=True), dialect) as wire:
            body, has_terminator = dechunked(wire.read_all())
            turns[offset] = wire.header("x-metaclaw-turn")
            if wire.status == 502:
                assert offset < 3
                continue

        assert not has_terminator, offset
        assert body.startswith(stream[:offset]), offset
        if not _is_whole(stream[:offset], dialect):
            assert not _is_whole(body, dialect), offset
            if END[dialect] in body:
                # Nothing may follow: it would make a whole line of the last one.
                assert body == stream[:offset]
                continue
            error = _shown_error(body)
            assert error is not None, (offset, body)
            assert "broke off" in error["message"]

    for offset, turn_id in turns.items():
        turn = recorded.turn(workspace, turn_id)
        whole = _is_whole(stream[:offset], dialect)
        assert turn.status == ("complete" if whole else "truncated_upstream"), offset
        assert (turn.end_hash is not None) == whole


def test_the_error_event_stands_alone_wherever_the_stream_was_cut(
    gateway: RunningGateway, anthropic: Workspace
) -> None:
    with gateway.open(chat_body("cut:200", stream=True), "anthropic", key=anthropic.key) as wire:
        body, _ = dechunked(wire.read_all())

    event = body[200:].split(b"\n")
    assert event[0] == event[1] == b""
    assert event[2] == b"event: error"
    assert json.loads(event[3].removeprefix(b"data: "))["type"] == "error"


def test_a_stream_that_only_the_connection_ends_is_whole_with_its_mark_and_cut_without(
    gateway: RunningGateway, workspace: Workspace, dialect: str, recorded: Recorded
) -> None:
    stream = recordings.stream_of(dialect)

    whole = gateway.chat(chat_body("unframed", stream=True), dialect)
    with gateway.open(chat_body("unframed:150", stream=True), dialect) as wire:
        body, has_terminator = dechunked(wire.read_all())
        cut_id = wire.header("x-metaclaw-turn")

    assert whole.body == stream
    assert recorded.turn(workspace, whole.turn_id).status == "complete"
    assert not has_terminator
    assert _shown_error(body) is not None
    assert recorded.turn(workspace, cut_id).status == "truncated_upstream"


def test_a_stream_without_an_end_mark_is_not_recorded_as_complete(
    gateway: RunningGateway, workspace: Workspace, dialect: str, recorded: Recorded
) -> None:
    answer = gateway.chat(chat_body("unmarked", stream=True), dialect)

    turn = recorded.turn(workspace, answer.turn_id)
    assert turn.status == "truncated_upstream"
    assert turn.error["type"] == "no_end"


def test_a_provider_that_stops_in_the_middle_ends_in_an_error_event(
    gateway: RunningGateway, workspace: Workspace, dialect: str, recorded: Recorded
) -> None:
    with gateway.open(chat_body("stall:100", stream=True), dialect) as wire:
        body, has_terminator = dechunked(wire.read_all())
        turn_id = wire.header("x-metaclaw-turn")

    error = _shown_error(body)
    assert not has_terminator
    assert error is not None
    assert "stopped sending" in error["message"]
    assert recorded.turn(workspace, turn_id).status == "truncated_upstream"


@pytest.mark.parametrize("offset", [0, 1, 100])
def test_an_answer_in_one_piece_that_breaks_off_is_an_error(
    gateway: RunningGateway, workspace: Workspace, dialect: str, recorded: Recorded, offset: int
) -> None:
    answer = gateway.chat(chat_body(f"cut:{offset}"), dialect)

    assert answer.status == 502
    assert recorded.turn(workspace, answer.turn_id).status in (
        "truncated_upstream",
        "upstream_error",
    )


# Slow readers -----------------------------------------------------------------------------


def test_a_caller_who_does_not_read_slows_the_provider_and_costs_no_memory(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    raw = json.dumps(chat_body("flood:400", stream=True)).encode()
    head = (
        f"POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\nauthorization: Bearer {openai.key}\r\n"
        f"x-session-id: slow\r\ncontent-length: {len(raw)}\r\n\r\n"
    )
    before = gateway.memory_bytes
    with gateway.wire(head.encode() + raw, receive_buffer=65536) as wire:
        wire.read_until(b"data: ")
        _wait_until_still(lambda: provider.last("flood:400").sent_bytes)

        sent = provider.last("flood:400").sent_bytes
        grown = gateway.memory_bytes - before

    # What the sockets on the way hold, and no more.
    assert sent < 60_000_000
    assert grown < 30_000_000
    assert provider.last("flood:400").gone.wait(1.0)


def _aborted(workspace: Workspace, recorded: Recorded) -> list[Turn]:
    recorded.recorder.step()
    return workspace.turns(status="client_aborted")


def _wait_for(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, "it did not happen"
        time.sleep(0.01)


def _wait_until_still(reading: Callable[[], int], seconds: float = 10.0) -> None:
    give_up, last = time.monotonic() + seconds, -1
    while time.monotonic() < give_up:
        now = reading()
        if now == last:
            return
        last = now
        time.sleep(0.3)
    raise AssertionError(f"still moving at {last}")
