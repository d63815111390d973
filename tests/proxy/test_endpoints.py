"""The routes beside chat: token counts, vectors, plain completions, a session's end."""

import json
from typing import Any

import pytest

from apps.core.tenancy import tenant_tx
from apps.trajectories.models import Session
from tests.factories import make_skill
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway

DATES = "Which dates does the invoice have, and in which ISO date format do you write dates?"


def _asking(**fields: Any) -> dict[str, Any]:
    return chat_body(messages=[{"role": "user", "content": DATES}], **fields)


def test_tokens_are_counted_with_the_skills_that_would_go_in(
    gateway: RunningGateway, committed: None, provider: Provider
) -> None:
    workspace = make_workspace("anthropic", provider)
    make_skill(workspace.id, "iso-dates")

    answer = gateway.chat(_asking(), "count", key=workspace.key)

    assert answer.status == 200
    seen = provider.last("ok")
    assert seen.target == "/v1/messages/count_tokens"
    assert "iso-dates" in json.loads(seen.body)["system"]
    assert workspace.turns() == []


def test_a_provider_that_cannot_count_is_stood_in_for_by_an_estimate_that_says_so(
    gateway: RunningGateway, committed: None, provider: Provider
) -> None:
    for kind, model in (("openai", "ok"), ("anthropic", "error:404")):
        workspace = make_workspace(kind, provider)

        answer = gateway.chat(_asking(model=model), "count", key=workspace.key)

        assert answer.status == 200
        assert answer.headers["x-metaclaw-estimated"] == "true"
        assert 10 < answer.json["input_tokens"] < 200


def test_vectors_are_relayed_as_they_are_and_are_no_turn(
    gateway: RunningGateway, committed: None, provider: Provider
) -> None:
    workspace = make_workspace("openai", provider)
    raw = b'{ "model":"ok", "input":["a", "b"] }'

    answer = gateway.chat(raw, "embeddings", key=workspace.key)

    assert answer.status == 200
    assert provider.last("ok").body == raw
    assert provider.last("ok").target == "/v1/embeddings"
    assert workspace.turns() == []


@pytest.mark.parametrize("is_stream", [False, True])
def test_a_plain_completion_is_passed_on_untouched(
    gateway: RunningGateway, committed: None, provider: Provider, is_stream: bool
) -> None:
    workspace = make_workspace("openai", provider)
    make_skill(workspace.id, "iso-dates")
    body = {"model": "ok", "prompt": DATES, "logprobs": 2, "echo": True, "stream": is_stream}

    answer = gateway.chat(json.dumps(body).encode(), "completions", key=workspace.key)

    assert answer.status == 200
    assert answer.skills == []
    assert json.loads(provider.last("ok").body) == body


def test_a_prompt_of_tokens_is_passed_on_and_recorded(
    gateway: RunningGateway, committed: None, provider: Provider, recorded: Recorded
) -> None:
    workspace = make_workspace("openai", provider)
    body = {"model": "ok", "prompt": [1, 2, 3]}

    answer = gateway.chat(body, "completions", key=workspace.key)

    assert answer.status == 200
    assert recorded.turn(workspace, answer.turn_id).status == "complete"


@pytest.mark.parametrize("missing", ["prompt", "model"])
def test_a_completion_without_what_it_needs_is_refused(
    gateway: RunningGateway, openai: Workspace, missing: str
) -> None:
    body = {"model": "ok", "prompt": "Once"}
    del body[missing]

    answer = gateway.chat(body, "completions")

    assert answer.status == 400
    assert f"'{missing}'" in answer.error["message"]


@pytest.mark.parametrize("asked_as", ["openai", "anthropic"])
@pytest.mark.parametrize("is_stream", [False, True])
def test_a_bridges_closing_request_is_answered_here(
    gateway: RunningGateway, committed: None, provider: Provider, recorded: Recorded,
    asked_as: str, is_stream: bool,
) -> None:  # fmt: skip
    workspace = make_workspace("openai", provider)
    before = len(provider.seen)
    said = gateway.chat(chat_body(), key=workspace.key, **{"x-session-id": "run-1"})
    recorded.turn(workspace, said.turn_id)

    answer = gateway.chat(
        chat_body("session-end", stream=is_stream),
        asked_as,
        key=workspace.key,
        **{"x-session-id": "run-1", "x-session-done": "true"},
    )

    assert answer.status == 200
    assert answer.session_id == said.session_id
    assert len(provider.seen) == before + 1
    for _ in range(20):
        recorded.recorder.step()
    with tenant_tx(workspace.id):
        session = Session.objects.for_tenant(workspace.id).get(id=said.session_id)
    assert session.closed_at is not None
    assert len(workspace.turns()) == 1


def test_tags_come_with_the_turn(
    gateway: RunningGateway, openai: Workspace, recorded: Recorded
) -> None:
    answer = gateway.chat(chat_body(), **{"x-metaclaw-tag-team": "blue", "x-autorc-stage": "draft"})

    turn = recorded.turn(openai, answer.turn_id)
    assert turn.tags == {"team": "blue", "autorc-stage": "draft"}
