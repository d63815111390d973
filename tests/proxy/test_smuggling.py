"""One request is one request: for the gateway, the provider, and whoever stands before them.

Every case is followed by a harmless request on the same connection, in one packet with it and in
many. Either the case is refused and the connection closed, so that what follows has no answer;
or it is answered once, and what follows once. The provider sees no request that hid in another.
"""

import re
import socket
from collections.abc import Iterator
from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.trajectories.models import Session
from tests.proxy.ambiguous import NEXT, REFUSED, SMUGGLED, UNDERSTOOD, Case, with_key
from tests.proxy.conftest import Recorded, Workspace
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway

_SECONDS = 10.0
_STATUS = re.compile(rb"HTTP/1\.1 (\d{3}) ")
# What is longer than a head may be need not come byte by byte.
_PIECES = 4_000


def _talk(port: int, data: bytes, piece: int) -> bytes:
    """All that is answered until the connection is closed."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as plug:
        plug.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            for at in range(0, len(data), piece):
                plug.sendall(data[at : at + piece])
        except (BrokenPipeError, ConnectionResetError):
            pass  # refused before its end
        try:
            while got := plug.recv(65536):
                heard += got
        except ConnectionResetError:
            pass
    return heard


def _answers(heard: bytes) -> Iterator[tuple[int, bytes]]:
    """Reads answers strictly, so that one inside another does not go unseen."""
    while heard:
        head, _, rest = heard.partition(b"\r\n\r\n")
        status = _STATUS.match(head)
        assert status, heard
        length = re.search(rb"\r\ncontent-length: (\d+)", head)
        if status[1] == b"100":
            heard = rest
            continue
        assert length, head
        yield int(status[1]), rest[: int(length[1])]
        heard = rest[int(length[1]) :]


def _ask(case: Case, piece: int, gateway: RunningGateway, key: str) -> list[tuple[int, bytes]]:
    data = with_key(case.raw + NEXT, key)
    size = len(data) if len(data) > _PIECES else piece or len(data)
    return list(_answers(_talk(gateway.port, data, size)))


@pytest.mark.parametrize("piece", [0, 1, 7], ids=["whole", "bytes", "pieces"])
@pytest.mark.parametrize("case", REFUSED, ids=lambda case: case.name)
def test_what_is_ambiguous_is_refused_once_and_nothing_behind_it_is_read(
    gateway: RunningGateway, openai: Workspace, provider: Provider, case: Case, piece: int
) -> None:
    before = len(provider.seen)

    answers = _ask(case, piece, gateway, openai.key)

    assert len(answers) == 1, answers
    assert 400 <= answers[0][0] < 500
    assert b'"error"' in answers[0][1]
    assert len(provider.seen) == before


@pytest.mark.parametrize("piece", [0, 1, 7], ids=["whole", "bytes", "pieces"])
@pytest.mark.parametrize("case", UNDERSTOOD, ids=lambda case: case.name)
def test_what_is_odd_and_clear_is_one_request(
    gateway: RunningGateway, openai: Workspace, provider: Provider, case: Case, piece: int
) -> None:
    before = len(provider.seen)

    answers = _ask(case, piece, gateway, openai.key)

    expected = [case.status] if case.is_last else [case.status, 200]
    assert [status for status, _ in answers] == expected, answers
    asked = [(one.method, one.target.partition("?")[0]) for one in provider.seen[before:]]
    assert asked == ([("POST", "/v1/chat/completions")] if case.asks else [])


def test_the_hidden_request_would_be_seen(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    answers = _ask(Case("alone", SMUGGLED), 0, gateway, openai.key)

    assert [status for status, _ in answers] == [200, 200]
    assert provider.last().target == "/v1/models/smuggled"


def test_a_trailer_is_not_a_header(
    gateway: RunningGateway, openai: Workspace, recorded: Recorded
) -> None:
    case = next(one for one in UNDERSTOOD if one.name == "trailer")
    since = now()

    _ask(case, 0, gateway, openai.key)

    while now() < since + timedelta(seconds=_SECONDS) and not openai.turns(started_at__gte=since):
        recorded.recorder.step()
    with tenant_tx(openai.id):
        names = set(Session.objects.for_tenant(openai.id).values_list("external_id", flat=True))
    assert names
    assert "from-a-trailer" not in names


def test_junk_behind_a_stream_neither_cuts_it_nor_is_answered_inside_it(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    body = b'{"model":"paced:0.02","stream":true,"messages":[{"role":"user","content":"Hi"}]}'
    head = (
        b"POST /v1/chat/completions HTTP/1.1\r\nhost: g\r\nauthorization: Bearer %s\r\n"
        b"content-length: %d\r\n\r\n" % (openai.key.encode(), len(body))
    )
    with gateway.wire(head + body) as wire:
        wire.read_until(b"data:")
        wire.socket.sendall(b"\0\0junk\r\n\r\n" + with_key(SMUGGLED, openai.key))
        heard = wire.read_all()

    assert len(_STATUS.findall(heard)) == 1
    assert heard.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")
    assert provider.last().target == "/v1/chat/completions"
