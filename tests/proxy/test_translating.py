"""Callers of one API on a provider of another, through a real gateway."""

import json
from typing import Any

import pytest

from tests.proxy import recordings
from tests.proxy.conftest import Recorded, Workspace, chat_body
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway, dechunked

END = {
    "openai": b"data: [DONE]\n",
    "anthropic": b'"type":"message_stop"}\n',
    "responses": b'"type":"response.completed"',
}
# Caller, and the provider's dialect.
PAIRS = [
    ("anthropic", "openai"),
    ("openai", "anthropic"),
    ("responses", "openai"),
    ("responses", "anthropic"),
]


def _body(caller: str, model: str = "ok", **fields: Any) -> dict[str, Any]:
    if caller == "responses":
        return {"model": model, "input": "Hello", **fields}
    if caller == "anthropic":
        fields.setdefault("max_tokens", 100)
    return chat_body(model, **fields)


def _text(caller: str, answer: dict[str, Any]) -> str:
    if caller == "anthropic":
        return "".join(part["text"] for part in answer["content"])
    if caller == "responses":
        return "".join(part["text"] for item in answer["output"] for part in item["content"])
    return str(answer["choices"][0]["message"]["content"])


@pytest.fixture
def key_of(openai: Workspace, anthropic: Workspace) -> Any:
    return {"openai": openai, "anthropic": anthropic}.__getitem__


@pytest.mark.parametrize("caller, spoken", PAIRS)
def test_a_whole_answer_comes_in_the_callers_form_and_is_recorded_in_it(
    gateway: RunningGateway, key_of: Any, provider: Provider, recorded: Recorded,
    caller: str, spoken: str,
) -> None:  # fmt: skip
    workspace = key_of(spoken)

    answer = gateway.chat(_body(caller), caller, key=workspace.key)

    assert answer.status == 200, answer.body
    assert _text(caller, answer.json) == recordings.TEXT
    asked = provider.last("ok")
    assert asked.dialect == spoken
    assert json.loads(asked.body)["messages"][-1]["content"] in (
        "Hello",
        [{"type": "text", "text": "Hello"}],
    )
    turn = recorded.turn(workspace, answer.turn_id)
    assert (turn.dialect, turn.status) == (caller, "complete")


@pytest.mark.parametrize("caller, spoken", PAIRS)
def test_a_stream_comes_as_events_of_the_callers_api(
    gateway: RunningGateway, key_of: Any, recorded: Recorded, caller: str, spoken: str
) -> None:
    workspace = key_of(spoken)

    answer = gateway.chat(_body(caller, stream=True), caller, key=workspace.key)

    assert answer.status == 200, answer.body
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert END[caller] in answer.body
    assert recorded.turn(workspace, answer.turn_id).status == "complete"


@pytest.mark.parametrize("caller, spoken", PAIRS)
def test_a_stream_that_is_cut_off_never_looks_whole(
    gateway: RunningGateway, key_of: Any, caller: str, spoken: str
) -> None:
    workspace = key_of(spoken)
    size = len(recordings.stream_of(spoken))
    for offset in range(1, size - 24, size // 20):
        body = _body(caller, f"cut:{offset}", stream=True)
        with gateway.open(body, caller, key=workspace.key) as wire:
            data, has_terminator = dechunked(wire.read_all())
            if wire.status == 502:
                continue

        assert not has_terminator
        assert END[caller] not in data, offset


@pytest.mark.parametrize("caller, spoken", PAIRS)
def test_an_error_keeps_its_status_and_reads_as_the_callers_api_has_it(
    gateway: RunningGateway, key_of: Any, caller: str, spoken: str
) -> None:
    answer = gateway.chat(_body(caller, "error:429"), caller, key=key_of(spoken).key)

    assert answer.status == 429
    assert answer.headers["retry-after"] == "7"
    assert answer.json["error"]["message"]
    assert ("type" in answer.json) == (caller == "anthropic")


def test_what_cannot_be_carried_is_refused_and_not_dropped(
    gateway: RunningGateway, anthropic: Workspace, provider: Provider
) -> None:
    before = len(provider.seen)

    answer = gateway.chat(chat_body(n=2), "openai", key=anthropic.key)

    assert answer.status == 400
    assert answer.headers["x-metaclaw-error"] == "cannot_be_carried"
    assert "'n'" in answer.error["message"]
    assert len(provider.seen) == before
