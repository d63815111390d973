"""Errors of addresses and providers: in the dialect of the caller."""

import json

import pytest

from apps.tenants.types import SYSTEM
from apps.upstreams.services import upstream_update
from tests.proxy import recordings
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.refused import assert_refused
from tests.proxy.running import RunningGateway, free_port

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

    assert_refused(answer, dialect, 502, "upstream_auth_failed")
    turn = recorded.turn(workspace, answer.turn_id)
    assert turn.status == "upstream_error"
    assert turn.error["type"] == "upstream_auth_failed"


def test_a_provider_that_does_not_begin_in_time_is_a_timeout(
    gateway: RunningGateway, workspace: Workspace, dialect: str, provider: Provider
) -> None:
    answer = gateway.chat(chat_body("silent:30", stream=True), dialect)

    assert_refused(answer, dialect, 504, "upstream_timeout")
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

    assert_refused(answer, dialect, 502, "upstream_unreachable")


def test_a_workspace_without_a_provider_says_so(
    gateway: RunningGateway, committed: None, dialect: str
) -> None:
    workspace = make_workspace(dialect, None)

    answer = gateway.chat(chat_body(), dialect, key=workspace.key)

    assert_refused(answer, dialect, 503, "no_upstream")


def test_a_request_that_the_provider_has_nothing_like_is_refused(
    gateway: RunningGateway, anthropic: Workspace
) -> None:
    for path, body in (
        ("/v1/completions", {"model": "ok", "prompt": "Once"}),
        ("/v1/embeddings", {"model": "ok", "input": "Once"}),
    ):
        answer = gateway.send(
            "POST",
            path,
            json.dumps(body).encode(),
            {"content-type": "application/json", "key": anthropic.key},
        )

        assert_refused(answer, "openai", 400, "dialect_mismatch")


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
