"""Errors: in the dialect of the caller, before anything is read that need not be."""

import gzip
import http.client
import secrets
import time
from collections.abc import Callable
from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.tenants import keys
from apps.tenants.models import ApiKey
from apps.tenants.services import key_revoke
from apps.tenants.types import SYSTEM
from apps.upstreams.services import upstream_update
from tests.proxy import recordings
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import MAX_BODY_MB, Answer, RunningGateway, free_port, path_of

ANTHROPIC_TYPES = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    502: "api_error",
    503: "overloaded_error",
    504: "api_error",
}


def _assert_refused(answer: Answer, dialect: str, status: int, code: str) -> None:
    """An error as clients of this dialect read it."""
    assert (answer.status, answer.headers["x-metaclaw-error"]) == (status, code), answer.body
    assert answer.headers["content-type"] == "application/json"
    assert answer.error["message"].endswith(".")
    if dialect == "anthropic":
        assert answer.json["type"] == "error"
        assert answer.error["type"] == ANTHROPIC_TYPES[status]
        assert answer.json["request_id"].startswith("req_")
    else:
        assert answer.error["code"] == code
        assert set(answer.error) == {"message", "type", "param", "code"}


# Keys -------------------------------------------------------------------------------------


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

    _assert_refused(answer, dialect, status, code)
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
    _assert_refused(second, "openai", 401, "invalid_api_key")


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


# Bodies -----------------------------------------------------------------------------------

BAD_BODIES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "invalid_json"),
    "not json": (b"hello", "invalid_json"),
    "cut": (b'{"model":"ok","messages":[{"role":"user"', "invalid_json"),
    "a list": (b"[]", "invalid_json"),
    "not utf-8": (b'{"model":"\xff"}', "invalid_json"),
    "nan": (b'{"model":"ok","messages":[{"role":"user","content":NaN}]}', "invalid_json"),
    "deep": (b'{"model":' + b"[" * 90_000 + b"]" * 90_000 + b"}", "invalid_json"),
    "long number": (b'{"model":"ok","n":' + b"1" * 9_000 + b"}", "invalid_json"),
    "no model": (b'{"messages":[{"role":"user","content":"x"}]}', "invalid_request"),
    "model null": (b'{"model":null,"messages":[{"role":"user"}]}', "invalid_request"),
    "model empty": (b'{"model":"","messages":[{"role":"user"}]}', "invalid_request"),
    "no messages": (b'{"model":"ok"}', "invalid_request"),
    "messages null": (b'{"model":"ok","messages":null}', "invalid_request"),
    "messages empty": (b'{"model":"ok","messages":[]}', "invalid_request"),
    "messages text": (b'{"model":"ok","messages":"hi"}', "invalid_request"),
    "a message is text": (b'{"model":"ok","messages":["hi"]}', "invalid_request"),
    "no role": (b'{"model":"ok","messages":[{"content":"x"}]}', "invalid_request"),
    "role number": (b'{"model":"ok","messages":[{"role":1}]}', "invalid_request"),
    "stream text": (
        b'{"model":"ok","stream":"yes","messages":[{"role":"user"}]}',
        "invalid_request",
    ),
}


@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_body_that_makes_no_sense_is_refused(
    gateway: RunningGateway, workspace: Workspace, dialect: str, provider: Provider, case: str
) -> None:
    body, code = BAD_BODIES[case]
    before = len(provider.seen)

    answer = gateway.chat(body, dialect)

    _assert_refused(answer, dialect, 400, code)
    assert len(provider.seen) == before


STRANGE = {
    "content number": b'{"role":"user","content":7}',
    "content object": b'{"role":"user","content":{"a":1}}',
    "part type is a list": b'{"role":"user","content":[{"type":["text"],"text":"x"}]}',
    "parts of all kinds": b'{"role":"user","content":[null,1,"x",[],{"type":"tool_result"}]}',
    "tool calls number": b'{"role":"assistant","tool_calls":5},{"role":"user","content":"x"}',
    "tool calls odd": b'{"role":"assistant","tool_calls":[null,{"function":[]},{"function":{}}]}',
    "half a surrogate": b'{"role":"user","content":"\\ud800 sessionId=\\udfff |"}',
    "nul": b'{"role":"user","content":"\\u0000"}',
    "huge number": b'{"role":"user","content":[{"type":"text","text":"x","n":1e999}]}',
    "deep": b'{"role":"user","content":[{"type":"tool_use","name":"n","input":'
    + b"[" * 300
    + b"]" * 300
    + b"}]}",
}


@pytest.mark.parametrize("case", STRANGE)
@pytest.mark.parametrize("model", ["ok", "m\\u0000\\ud800"])
def test_what_is_strange_but_json_is_the_providers_business_and_is_recorded(
    gateway: RunningGateway,
    workspace: Workspace,
    dialect: str,
    provider: Provider,
    recorded: Recorded,
    case: str,
    model: str,
) -> None:
    body = b'{"model":"%s","session_id":null,"messages":[%s]}' % (model.encode(), STRANGE[case])

    answer = gateway.chat(body, dialect)

    assert answer.status == 200, answer.body
    assert provider.last().body == body
    assert recorded.turn(workspace, answer.turn_id).status == "complete"


def test_a_name_of_a_session_may_be_any_text(gateway: RunningGateway, openai: Workspace) -> None:
    body = b'{"model":"ok","session_id":"\\ud800\\u0000","messages":[{"role":"user"}]}'

    assert gateway.chat(body).session_id == gateway.chat(body).session_id


@pytest.mark.parametrize("framing", ["declared", "chunked", "packed"])
def test_a_body_over_the_limit_is_refused(
    gateway: RunningGateway, workspace: Workspace, dialect: str, framing: str
) -> None:

    size = MAX_BODY_MB * 1024 * 1024 + 1
    head = (
        f"POST {path_of(dialect)} HTTP/1.1\r\nhost: g\r\nauthorization: Bearer {workspace.key}\r\n"
    )
    if framing == "declared":
        data = head.encode() + f"content-length: {size}\r\n\r\n".encode()
    elif framing == "chunked":
        chunk = b"100000\r\n" + b" " * 0x100000 + b"\r\n"
        data = head.encode() + b"transfer-encoding: chunked\r\n\r\n" + chunk * (MAX_BODY_MB + 1)
    else:
        body = gzip.compress(b" " * size)
        head += f"content-encoding: gzip\r\ncontent-length: {len(body)}\r\n\r\n"
        data = head.encode() + body
    began = time.monotonic()

    with gateway.wire(data) as wire:
        status = wire.status
        wire.read_until(b"MB.")

    assert status == 413
    assert time.monotonic() - began < 2.0


# Addresses --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "method,path,status,code",
    [
        ("GET", "/", 404, "unknown_url"),
        ("POST", "/v1/nothing", 404, "unknown_url"),
        ("POST", "/v1/chat/completions/", 404, "unknown_url"),
        ("GET", "/v1/chat/completions", 405, "method_not_allowed"),
        ("DELETE", "/v1/messages", 405, "method_not_allowed"),
        ("OPTIONS", "/v1/messages", 405, "method_not_allowed"),
        ("POST", "/v1/models", 405, "method_not_allowed"),
    ],
)
def test_an_address_that_does_not_exist_is_said_in_json(
    gateway: RunningGateway, openai: Workspace, method: str, path: str, status: int, code: str
) -> None:
    plain = gateway.send(method, path, b"", {})
    versioned = gateway.send(method, path, b"", {"anthropic-version": "2023-06-01"})

    assert (plain.status, plain.headers["x-metaclaw-error"]) == (status, code)
    assert plain.error["message"]
    assert versioned.status == status
    if path != "/v1/chat/completions":
        assert versioned.json["type"] == "error"


@pytest.mark.parametrize("path", ["/", "/api/hello", "/v1/models"])
def test_a_probe_with_head_is_answered_without_a_body(gateway: RunningGateway, path: str) -> None:
    answer = gateway.send("HEAD", path, b"", {"key": ""})

    assert (answer.status, answer.body) == (200, b"")


def test_models_are_those_of_the_provider(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    answer = gateway.get("/v1/models?limit=1000")

    assert answer.json["data"][0]["id"] == "model-1"
    assert provider.last().target == "/v1/models?limit=1000"
    assert provider.last().header("authorization") == "Bearer sk-provider-secret-0001"


@pytest.mark.parametrize(
    "path", ["/v1/models/../files", "/v1/models/%2e%2e/files", "/v1/models/a/%2E./../../admin"]
)
def test_no_path_leads_elsewhere_on_the_provider(
    gateway: RunningGateway, openai: Workspace, provider: Provider, path: str
) -> None:
    before = len(provider.seen)

    answer = gateway.get(path)

    assert answer.status == 404
    assert len(provider.seen) == before


def test_a_models_name_may_hold_any_character(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    gateway.get("/v1/models/org/name%3Fx=1%23y%20z:1")

    assert provider.last().target == "/v1/models/org/name%3Fx=1%23y%20z:1"


# Providers --------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [400, 404, 422, 429, 500, 503, 529])
@pytest.mark.parametrize("is_stream", [True, False])
def test_a_providers_error_is_passed_on_as_it_is(
    gateway: RunningGateway,
    workspace: Workspace,
    dialect: str,
    provider: Provider,
    recorded: Recorded,
    status: int,
    is_stream: bool,
) -> None:
    model = f"error:{status}"
    before = provider.count(model)

    answer = gateway.chat(chat_body(model, stream=is_stream), dialect)

    assert (answer.status, answer.body) == (status, recordings.error_of(status))
    assert answer.headers["retry-after"] == "7"
    assert answer.headers["x-should-retry"] == "true"
    assert answer.headers["request-id"] == "req_provider"
    assert provider.count(model) == before + 1
    turn = recorded.turn(workspace, answer.turn_id)
    assert (turn.status, turn.http_status) == ("upstream_error", status)
    assert turn.error["message"] == "no üse"


@pytest.mark.parametrize("status", [401, 403])
def test_a_provider_that_refuses_our_key_does_not_make_the_callers_look_wrong(
    gateway: RunningGateway,
    workspace: Workspace,
    dialect: str,
    recorded: Recorded,
    status: int,
) -> None:
    answer = gateway.chat(chat_body(f"error:{status}"), dialect)

    _assert_refused(answer, dialect, 502, "upstream_auth_failed")
    turn = recorded.turn(workspace, answer.turn_id)
    assert turn.status == "upstream_error"
    assert turn.error["type"] == "upstream_auth_failed"


def test_a_provider_that_does_not_begin_in_time_is_a_timeout(
    gateway: RunningGateway, workspace: Workspace, dialect: str, provider: Provider
) -> None:
    answer = gateway.chat(chat_body("silent:30", stream=True), dialect)

    _assert_refused(answer, dialect, 504, "upstream_timeout")
    assert provider.last("silent:30").gone.wait(1)


def test_a_provider_that_is_not_there_is_a_bad_gateway(
    gateway: RunningGateway, provider: Provider, committed: None, dialect: str
) -> None:
    workspace = make_workspace(dialect, provider)
    assert workspace.upstream_id is not None
    upstream_update(
        tenant_id=workspace.id,
        actor=SYSTEM,
        upstream_id=workspace.upstream_id,
        base_url=f"http://127.0.0.1:{free_port()}/v1",
        api_key="k",
    )

    answer = gateway.chat(chat_body(), dialect, key=workspace.key)

    _assert_refused(answer, dialect, 502, "upstream_unreachable")


def test_a_workspace_without_a_provider_says_so(
    gateway: RunningGateway, committed: None, dialect: str
) -> None:
    workspace = make_workspace(dialect, None)

    answer = gateway.chat(chat_body(), dialect, key=workspace.key)

    _assert_refused(answer, dialect, 503, "no_upstream")


def test_a_request_in_another_dialect_than_the_providers_is_refused(
    gateway: RunningGateway, openai: Workspace, anthropic: Workspace
) -> None:
    to_openai = gateway.chat(chat_body(), "anthropic", key=openai.key)
    to_anthropic = gateway.chat(chat_body(), "openai", key=anthropic.key)

    _assert_refused(to_openai, "anthropic", 400, "dialect_mismatch")
    _assert_refused(to_anthropic, "openai", 400, "dialect_mismatch")


def test_a_redirect_is_not_followed(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    answer = gateway.chat(chat_body("redirect"))

    assert answer.status == 302
    assert "location" not in answer.headers
    assert not any("elsewhere" in one.target for one in provider.seen)


def test_the_gateway_still_works_after_all_that(gateway: RunningGateway, openai: Workspace) -> None:
    ready = gateway.get("/readyz", key="")

    assert ready.json["recording"] is True
    assert ready.json["lost_frames"] == 0
    assert b"Traceback" not in gateway.log.read_bytes()
