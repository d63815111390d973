"""Which headers pass, and which never do, in either direction."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from apps.proxy.gateway.upstream_http import headers_up
from tests.proxy import recordings
from tests.proxy.behaviours import KEY
from tests.proxy.conftest import Workspace, chat_body
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway

PASSED = {
    "anthropic-version": "2023-06-01",
    "anthropic-beta": "a-2025,b-2026",
    "openai-organization": "org-1",
    "openai-project": "proj-1",
    "openai-beta": "x=v2",
    "idempotency-key": "once",
    "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    "user-agent": "OpenAI/JS 7.15.0",
    "accept": "text/event-stream",
    "content-type": "application/json; charset=utf-8",
}
KEPT_BACK = {
    "cookie": "sessionid=stolen",
    "forwarded": "for=1.2.3.4",
    "x-forwarded-for": "1.2.3.4",
    "x-forwarded-host": "evil",
    "x-real-ip": "1.2.3.4",
    "x-session-id": "s1",
    "x-agent-id": "agent",
    "x-stainless-os": "Linux",
    "te": "trailers",
    "upgrade": "h2c",
    "proxy-authorization": "Basic eDp5",
    "keep-alive": "timeout=5",
    "origin": "https://evil.example",
    "x-anything": "else",
}


def test_the_provider_sees_an_allow_list_and_its_own_key(
    gateway: RunningGateway, workspace: Workspace, dialect: str, provider: Provider
) -> None:
    answer = gateway.chat(chat_body(), dialect, **(PASSED | KEPT_BACK))

    seen = {name.lower(): value for name, value in provider.last().headers}
    own = {"x-api-key": KEY} if dialect == "anthropic" else {"authorization": f"Bearer {KEY}"}
    framing = {"host", "content-length", "accept-encoding"}
    assert answer.status == 200
    assert {k: v for k, v in seen.items() if k not in framing} == PASSED | own
    assert seen["accept-encoding"] == "identity"
    assert workspace.key not in str(provider.last().headers)


def test_a_key_sent_as_x_api_key_does_not_reach_the_provider_either(
    gateway: RunningGateway, workspace: Workspace, dialect: str, provider: Provider
) -> None:
    answer = gateway.chat(chat_body(), dialect, key="", **{"x-api-key": workspace.key})

    assert answer.status == 200
    assert workspace.key not in str(provider.last().headers)


def test_a_header_sent_twice_arrives_as_one_list(
    gateway: RunningGateway, anthropic: Workspace, provider: Provider
) -> None:
    body = b'{"model":"ok","messages":[{"role":"user","content":"x"}]}'
    head = (
        f"POST /v1/messages HTTP/1.1\r\nhost: g\r\nx-api-key: {anthropic.key}\r\n"
        "anthropic-beta: first\r\nanthropic-beta: second,third\r\n"
        f"connection: close\r\ncontent-length: {len(body)}\r\n\r\n"
    )

    with gateway.wire(head.encode() + body) as wire:
        status = wire.status

    assert status == 200
    assert provider.last().header("anthropic-beta") == "first, second,third"


def test_what_the_callers_connection_names_ends_here(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    gateway.chat(chat_body(), connection="keep-alive, Traceparent", traceparent="00-1-1-01")

    assert provider.last().header("traceparent") is None


def test_the_caller_sees_an_allow_list_of_the_providers_headers(
    gateway: RunningGateway, workspace: Workspace, dialect: str
) -> None:
    answer = gateway.chat(chat_body("headers"), dialect)

    ours = {"date", "x-metaclaw-turn", "x-metaclaw-session", "x-metaclaw-skills"}
    assert {k: v for k, v in answer.headers.items() if k not in ours} == {
        "content-type": "application/json",
        "content-length": str(len(answer.body)),
        "x-request-id": "req_1",
        "openai-processing-ms": "12",
        "anthropic-ratelimit-tokens-remaining": "9",
        "x-ratelimit-limit-tokens": "10",
    }
    assert answer.body == recordings.whole_of(dialect)
    assert KEY not in str(answer.headers)


def test_a_packed_answer_stays_packed(
    gateway: RunningGateway, workspace: Workspace, dialect: str
) -> None:
    answer = gateway.chat(chat_body("gzip"), dialect)

    assert answer.headers["content-encoding"] == "gzip"
    assert answer.body.startswith(b"\x1f\x8b")


_names = st.from_regex(rb"[a-z][a-z0-9-]{0,20}", fullmatch=True)
_values = st.binary(max_size=30)
_SECRETS = st.sampled_from(
    [b"authorization", b"x-api-key", b"cookie", b"host", b"x-forwarded-for", b"connection", b"te"]
)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(_names | _SECRETS, _values, max_size=12))
def test_no_set_of_headers_carries_anything_but_the_allow_list(headers: dict[bytes, bytes]) -> None:
    rebuilt = headers_up(headers, [("authorization", "Bearer ours")])

    names = [name for name, _ in rebuilt]
    assert names.count("authorization") == 1
    assert ("authorization", "Bearer ours") in rebuilt
    assert set(names) <= {*PASSED, "authorization", "accept-encoding"}
