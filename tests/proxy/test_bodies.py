"""What is refused of a body, and what is passed on however strange it is."""

import gzip
import time

import pytest

from tests.proxy.conftest import Recorded, Workspace
from tests.proxy.provider import Provider
from tests.proxy.refused import assert_refused
from tests.proxy.running import MAX_BODY_MB, RunningGateway, path_of

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

    assert_refused(answer, dialect, 400, code)
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
