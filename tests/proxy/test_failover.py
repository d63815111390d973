"""Several providers behind one name: who is asked, who stands in, and when nobody may."""

import json
from typing import Any

import pytest

from apps.tenants.services import agent_create
from apps.tenants.types import SYSTEM
from apps.upstreams.services import route_create, upstream_update
from tests.factories import make_skill, make_upstream
from tests.proxy.behaviours import KEY
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway, free_port

DATES = "Which dates does the invoice have, and in which ISO date format do you write dates?"


@pytest.fixture
def workspace(committed: None, provider: Provider) -> Workspace:
    return make_workspace("openai", provider)


def _route(workspace: Workspace, model: str, *targets: tuple[str, str], **fields: Any) -> None:
    rows = [{"upstream": upstream, "model": model} for upstream, model in targets]
    route_create(tenant_id=workspace.id, actor=SYSTEM, model=model, targets=rows, **fields)


def _second(workspace: Workspace, url: str, name: str = "second", kind: str = "openai") -> str:
    make_upstream(workspace.id, name=name, kind=kind, base_url=url, api_key=KEY)
    return name


def _first(workspace: Workspace) -> str:
    return str(workspace.upstream_id)


def test_a_public_name_stands_for_a_providers_model(
    gateway: RunningGateway, workspace: Workspace, provider: Provider, recorded: Recorded
) -> None:
    _route(workspace, "smart", (_first(workspace), "ok"))

    answer = gateway.chat(chat_body("smart"), key=workspace.key)

    assert answer.status == 200
    assert provider.last("ok").model == "ok"
    assert recorded.turn(workspace, answer.turn_id).model == "smart"
    assert "smart" in [
        row["id"] for row in gateway.get("/v1/models", key=workspace.key).json["data"]
    ]


@pytest.mark.parametrize("failing", ["error:503", "error:429", "error:500", "error:401", "silent"])
@pytest.mark.parametrize("is_stream", [False, True])
def test_another_provider_stands_in_before_the_first_byte(
    gateway: RunningGateway, workspace: Workspace, provider: Provider, failing: str, is_stream: bool
) -> None:
    second = _second(workspace, provider.url)
    _route(workspace, "smart", (_first(workspace), failing), (second, "ok"))

    answer = gateway.chat(chat_body("smart", stream=is_stream), key=workspace.key)

    assert answer.status == 200
    assert b"[DONE]" in answer.body or not is_stream


def test_a_provider_that_is_not_there_is_stood_in_for(
    gateway: RunningGateway, workspace: Workspace, provider: Provider
) -> None:
    nowhere = _second(workspace, f"http://127.0.0.1:{free_port()}/v1", "nowhere")
    _route(workspace, "smart", (nowhere, "ok"), (_first(workspace), "ok"))

    answers = [gateway.chat(chat_body("smart"), key=workspace.key).status for _ in range(8)]

    assert answers == [200] * 8


def test_after_the_first_byte_nobody_stands_in(
    gateway: RunningGateway, workspace: Workspace, provider: Provider
) -> None:
    second = _second(workspace, provider.url)
    _route(workspace, "smart", (_first(workspace), "cut:200"), (second, "ok"))
    before = provider.count("ok")

    with gateway.open(chat_body("smart", stream=True), key=workspace.key) as wire:
        data = wire.read_all()

    assert b"[DONE]\n" not in data
    assert provider.count("ok") == before


def test_what_a_provider_keeps_is_not_asked_twice(
    gateway: RunningGateway, workspace: Workspace, provider: Provider
) -> None:
    second = _second(workspace, provider.url)
    _route(workspace, "smart", (_first(workspace), "error:500"), (second, "ok"))

    kept = gateway.chat(chat_body("smart", store=True), key=workspace.key)
    turned_away = gateway.chat(chat_body("smart"), key=workspace.key)

    assert kept.status == 500
    assert turned_away.status == 200


def test_a_callers_mistake_is_not_tried_elsewhere(
    gateway: RunningGateway, workspace: Workspace, provider: Provider
) -> None:
    second = _second(workspace, provider.url)
    _route(workspace, "smart", (_first(workspace), "error:400"), (second, "ok"))

    assert gateway.chat(chat_body("smart"), key=workspace.key).status == 400


def test_a_stand_in_may_speak_another_dialect(
    gateway: RunningGateway, workspace: Workspace, provider: Provider
) -> None:
    second = _second(workspace, provider.url, "claude", "anthropic")
    _route(workspace, "smart", (_first(workspace), "error:503"), (second, "ok"))

    answer = gateway.chat(chat_body("smart"), key=workspace.key)

    assert answer.status == 200
    assert answer.json["choices"][0]["message"]["role"] == "assistant"
    assert provider.last("ok").dialect == "anthropic"


def test_an_agent_has_its_own_mode_and_a_key_may_be_bound_to_it(
    gateway: RunningGateway, workspace: Workspace
) -> None:
    make_skill(workspace.id, "iso-dates")
    agent_create(tenant_id=workspace.id, actor=SYSTEM, name="quiet", mode="observe")
    _, bound = workspace.new_key(agent="quiet")
    body = chat_body(messages=[{"role": "user", "content": DATES}])

    loud = gateway.chat(body, key=workspace.key)
    by_header = gateway.chat(body, key=workspace.key, **{"x-agent-id": "quiet"})
    by_key = gateway.chat(body, key=bound, **{"x-agent-id": "loud"})

    assert loud.skills == ["iso-dates@1"]
    assert by_header.skills == []
    assert by_key.skills == []


def test_a_callers_own_credentials_are_passed_on_where_the_key_allows_it(
    gateway: RunningGateway, workspace: Workspace, provider: Provider
) -> None:
    _, passing = workspace.new_key(passes_credentials=True)
    own = {"authorization": "Bearer sk-the-callers-own"}

    gateway.chat(chat_body(), key="", **own, **{"x-metaclaw-key": passing})
    passed = provider.last("ok")
    gateway.chat(chat_body(), key="", **own, **{"x-metaclaw-key": workspace.key})
    kept = provider.last("ok")

    assert passed.header("authorization") == "Bearer sk-the-callers-own"
    assert kept.header("authorization") == f"Bearer {KEY}"
    assert passed.header("x-metaclaw-key") is None


def test_a_callers_own_credentials_are_shown_to_one_provider_only(
    gateway: RunningGateway, workspace: Workspace, provider: Provider
) -> None:
    _, passing = workspace.new_key(passes_credentials=True)
    second = _second(workspace, provider.url)
    _route(workspace, "smart", (_first(workspace), "error:503"), (second, "ok"))
    before = provider.count("ok")

    own = {"authorization": "Bearer sk-the-callers-own", "x-metaclaw-key": passing}
    answer = gateway.chat(chat_body("smart"), key="", **own)

    assert answer.status == 503
    assert provider.count("ok") == before


def test_a_key_in_the_path_works_only_where_it_is_allowed(
    gateway: RunningGateway, workspace: Workspace
) -> None:
    _, allowed = workspace.new_key(path_allowed=True)
    body = json.dumps(chat_body()).encode()
    headers = {"content-type": "application/json", "key": ""}

    good = gateway.send("POST", f"/k/{allowed}/v1/chat/completions", body, headers)
    bad = gateway.send("POST", f"/k/{workspace.key}/v1/chat/completions", body, headers)

    assert good.status == 200
    assert (bad.status, bad.headers["x-metaclaw-error"]) == (401, "key_in_path")
    assert allowed not in gateway.log.read_text()


def test_a_responses_client_is_passed_through_where_the_provider_has_that_api(
    gateway: RunningGateway, workspace: Workspace, provider: Provider
) -> None:
    assert workspace.upstream_id is not None
    upstream_update(
        tenant_id=workspace.id,
        actor=SYSTEM,
        upstream_id=workspace.upstream_id,
        dialects=["openai", "responses"],
    )
    raw = b'{ "model":"ok", "input":"Hello", "store":false }'

    answer = gateway.chat(raw, "responses", key=workspace.key)

    assert answer.status == 200
    assert provider.last("ok").target == "/v1/responses"
    assert provider.last("ok").body == raw
