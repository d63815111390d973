"""Who may ask: told before the body is read."""

import http.client
import secrets
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.tenants import keys
from apps.tenants.models import ApiKey
from apps.tenants.services import key_revoke, key_rotate
from apps.tenants.types import SYSTEM
from tests.proxy.conftest import Workspace, chat_body
from tests.proxy.provider import Provider
from tests.proxy.refused import assert_refused
from tests.proxy.running import RunningGateway


def _wrong_last_letter(key: str) -> str:
    return key[:-1] + ("a" if key[-1] != "a" else "b")


KEYS: dict[str, tuple[Callable[[Workspace], dict[str, str]], int, str]] = {
    "none": (lambda w: {"key": ""}, 401, "missing_api_key"),
    "basic": (lambda w: {"key": "", "authorization": "Basic eDp5"}, 401, "missing_api_key"),
    "empty bearer": (lambda w: {"key": "", "authorization": "Bearer "}, 401, "missing_api_key"),
    "malformed": (lambda w: {"key": "sk-other"}, 401, "invalid_api_key"),
    "bad checksum": (lambda w: {"key": _wrong_last_letter(w.key)}, 401, "invalid_api_key"),
    "unknown": (lambda w: {"key": keys.mint()[1]}, 401, "invalid_api_key"),
    "right id, wrong secret": (lambda w: {"key": _other_secret(w.key)}, 401, "invalid_api_key"),
    "too long": (lambda w: {"key": w.key * 9}, 401, "invalid_api_key"),
    "two keys": (lambda w: {"key": w.key, "x-api-key": keys.mint()[1]}, 401, "two_keys"),
    "revoked": (lambda w: {"key": w.extra["revoked"]}, 401, "invalid_api_key"),
    "expired": (lambda w: {"key": w.extra["expired"]}, 401, "invalid_api_key"),
    "wrong scope": (lambda w: {"key": w.extra["reader"]}, 403, "key_scope"),
}


def _other_secret(key: str) -> str:
    """A well-formed key with the id of another."""
    while True:
        made, text = keys.mint()
        swapped = text.replace(made.public_id, key[9:19])
        checksum = keys._crc(keys.KeyText(key[9:19], made.secret))
        return swapped[:-6] + checksum


@pytest.fixture(scope="module")
def spent_keys(openai: Workspace, anthropic: Workspace) -> None:
    for workspace in (openai, anthropic):
        row, workspace.extra["revoked"] = workspace.new_key()
        key_revoke(tenant_id=workspace.id, actor=SYSTEM, key_id=row.id)
        _, workspace.extra["reader"] = workspace.new_key(ApiKey.Scope.READ)
        _, workspace.extra["expired"] = workspace.new_key(expires_at=now() + timedelta(seconds=0.2))
    time.sleep(0.3)


@pytest.mark.parametrize("case", KEYS)
def test_a_key_that_is_not_good_is_refused_before_the_body_is_read(
    gateway: RunningGateway,
    workspace: Workspace,
    dialect: str,
    spent_keys: None,
    provider: Provider,
    case: str,
) -> None:
    headers, status, code = KEYS[case]
    before = len(provider.seen)

    answer = gateway.chat(b"this is not even JSON", dialect, **headers(workspace))

    assert_refused(answer, dialect, status, code)
    assert len(provider.seen) == before


def test_the_same_key_in_both_headers_is_one_key(
    gateway: RunningGateway, workspace: Workspace, dialect: str
) -> None:
    answer = gateway.chat(chat_body(), dialect, **{"x-api-key": workspace.key})

    assert answer.status == 200


def test_a_key_expires_while_the_gateway_knows_it(
    gateway: RunningGateway, openai: Workspace
) -> None:
    _, key = openai.new_key(expires_at=now() + timedelta(seconds=1))

    first = gateway.chat(chat_body(), key=key)
    time.sleep(1.1)
    second = gateway.chat(chat_body(), key=key)

    assert first.status == 200
    assert_refused(second, "openai", 401, "invalid_api_key")


def test_a_rotated_key_is_known_by_both_secrets_until_the_overlap_ends(
    gateway: RunningGateway, openai: Workspace
) -> None:
    row, old = openai.new_key()
    assert gateway.chat(chat_body(), key=old).status == 200
    _, new = key_rotate(
        tenant_id=openai.id, actor=SYSTEM, key_id=row.id, overlap=timedelta(seconds=3)
    )

    deadline = time.monotonic() + 2.5
    while (fresh := gateway.chat(chat_body(), key=new)).status != 200:
        assert time.monotonic() < deadline
    both = [gateway.chat(chat_body(), key=key).status for key in (old, new)]
    time.sleep(3.2)

    assert fresh.status == 200
    assert both == [200, 200]
    assert_refused(gateway.chat(chat_body(), key=old), "openai", 401, "invalid_api_key")
    assert gateway.chat(chat_body(), key=new).status == 200


@pytest.mark.parametrize("authorization", ["", "Bearer sk-wrong"])
@pytest.mark.parametrize("framing", ["content-length: 100000000000", "transfer-encoding: chunked"])
def test_a_stranger_is_answered_while_the_body_is_still_to_come(
    gateway: RunningGateway, openai: Workspace, authorization: str, framing: str
) -> None:
    head = f"POST /v1/messages HTTP/1.1\r\nhost: g\r\n{framing}\r\n"
    head += f"authorization: {authorization}\r\n" if authorization else ""
    began = time.monotonic()

    with gateway.wire(head.encode() + b"\r\n") as wire:
        status = wire.status
        body = wire.read_all()

    assert status == 401
    assert time.monotonic() - began < 1.0
    assert b"authentication_error" in body


def test_a_strangers_upload_is_not_read(gateway: RunningGateway, openai: Workspace) -> None:
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    head = b"POST /v1/messages HTTP/1.1\r\nhost: g\r\ntransfer-encoding: chunked\r\n\r\n"
    sent = 0

    with gateway.wire(head) as wire:
        try:
            for _ in range(300):
                wire.socket.sendall(chunk)
                sent += len(chunk)
        except (TimeoutError, ConnectionError):
            pass

    assert sent < 16_000_000


def test_two_thousand_hostile_credentials_are_refused(
    gateway: RunningGateway, openai: Workspace
) -> None:
    random = secrets.SystemRandom()
    printable = [chr(code) for code in range(33, 256) if code != 127]

    def hostile(number: int) -> str:
        match number % 4:
            case 0:
                return "Bearer " + "".join(random.choices(printable, k=40))
            case 1:
                at = random.randrange(9, len(openai.key))
                changed = random.choice("!~é-")
                return f"Bearer {openai.key[:at]}{changed}{openai.key[at + 1 :]}"
            case 2:
                return f"Bearer {keys.mint()[1]}"
            case _:
                return random.choice(["", "Bearer", "bearer\t", "Basic "]) + openai.key

    connection = http.client.HTTPConnection("127.0.0.1", gateway.port)
    statuses = []
    for number in range(2000):
        value = hostile(number).encode("latin-1")
        connection.request("POST", "/v1/messages", b"{}", {"authorization": value})
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()

    assert set(statuses) == {401}
