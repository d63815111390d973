"""Conversations that go on in another gateway process than the one they began in."""

import json
import signal
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.factories import make_skill
from tests.proxy.conftest import Workspace, chat_body, make_workspace, record_all
from tests.proxy.provider import Provider
from tests.proxy.running import Answer, RunningGateway

DATES = "Which dates does the invoice have, and in which ISO date format do you write dates?"
Make = Callable[..., RunningGateway]


def _user(text: str) -> dict[str, Any]:
    return {"role": "user", "content": text}


def _answered(answer: Answer) -> dict[str, Any]:
    message: dict[str, Any] = answer.json["choices"][0]["message"]
    return message


def _forwarded(provider: Provider) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(provider.last("ok").body)["messages"]
    return found


@pytest.fixture
def workspace(committed: None, provider: Provider) -> Workspace:
    made = make_workspace("openai", provider)
    make_skill(made.id, "iso-dates")
    return made


@pytest.mark.parametrize("headers", [{"x-session-id": "s"}, {}], ids=["named", "unnamed"])
def test_a_session_keeps_its_skills_and_its_prompt_in_another_process(
    new_gateway: Make, workspace: Workspace, provider: Provider, headers: dict[str, str]
) -> None:
    one, other = new_gateway().wait(), new_gateway().wait()
    sign = {**headers, "key": workspace.key}
    first = one.chat(chat_body(messages=[_user(DATES)]), **sign)
    prompt = _forwarded(provider)
    make_skill(workspace.id, "dates-too", description="Use when somebody asks for ISO dates.")
    time.sleep(1.0)

    said = [_user(DATES), _answered(first), _user("Thanks, and good night!")]
    again = other.chat(chat_body(messages=said), **sign)

    assert first.skills == ["iso-dates@1"]
    assert again.session_id == first.session_id
    assert again.skills == first.skills
    assert _forwarded(provider)[: len(prompt)] == prompt


def test_without_redis_the_recorded_turns_know_the_session_and_its_skills(
    new_gateway: Make, workspace: Workspace, provider: Provider
) -> None:
    nowhere = "redis://127.0.0.1:1/0"
    one = new_gateway(REDIS_URL=nowhere).wait()
    first = one.chat(chat_body(messages=[_user(DATES)]), key=workspace.key)
    prompt = _forwarded(provider)
    one.stop()
    record_all(one.spool)
    other = new_gateway(REDIS_URL=nowhere).wait()

    said = [_user(DATES), _answered(first), _user("Thanks, and good night!")]
    again = other.chat(chat_body(messages=said), key=workspace.key)

    assert (again.session_id, again.skills) == (first.session_id, ["iso-dates@1"])
    assert _forwarded(provider)[: len(prompt)] == prompt


def test_what_one_workspace_said_is_unknown_in_another(
    new_gateway: Make, workspace: Workspace, provider: Provider
) -> None:
    stranger = make_workspace("openai", provider)
    one, other = new_gateway().wait(), new_gateway().wait()
    for headers in ({}, {"x-session-id": "s"}):
        first = one.chat(chat_body(messages=[_user(DATES)]), key=workspace.key, **headers)
        said = [_user(DATES), _answered(first), _user("Thanks!")]

        answer = other.chat(chat_body(messages=said), key=stranger.key, **headers)

        assert answer.session_id != first.session_id
        assert answer.skills == []


def test_the_first_request_that_failed_is_the_same_conversation_when_it_is_tried_again(
    new_gateway: Make, workspace: Workspace
) -> None:
    gateway = new_gateway().wait()
    ask = {"messages": [_user("Hello there")]}
    failed = gateway.chat(chat_body("error:503", **ask), key=workspace.key)
    again = gateway.chat(chat_body("ok", **ask), key=workspace.key)
    other = gateway.chat(chat_body("ok", **ask), key=workspace.key)

    assert failed.status == 503
    assert again.session_id == failed.session_id
    assert other.session_id != again.session_id


def test_workers_are_replaced_without_a_refused_connection_or_a_cut_stream(
    new_gateway: Make, workspace: Workspace
) -> None:
    patience = {"METACLAW_FIRST_BYTE_TIMEOUT_SECONDS": "30"}
    gateway = new_gateway(METACLAW_GATEWAY_WORKERS="2", **patience).wait()
    gateway.key = workspace.key
    statuses: list[int] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            statuses.append(gateway.chat(chat_body()).status)

    asking = [threading.Thread(target=ask) for _ in range(4)]
    with gateway.open(chat_body("paced:0.5", stream=True)) as wire:
        for one in asking:
            one.start()
        wire.read_until(b"data: ")
        gateway.process.send_signal(signal.SIGHUP)
        stream = wire.read_all()
    # Two at first, and one for each of them; how long that takes is the machine's affair.
    give_up = time.monotonic() + 40
    while gateway.log.read_text().count("gateway.started") < 4 and time.monotonic() < give_up:
        time.sleep(0.1)
    time.sleep(1)
    is_over.set()
    for one in asking:
        one.join()

    assert b"data: [DONE]" in stream
    assert len(statuses) > 50
    assert set(statuses) == {200}
    assert gateway.log.read_text().count("gateway.started") >= 4


def test_a_stream_that_outlasts_the_time_to_stop_ends_in_an_error_event(
    new_gateway: Make, workspace: Workspace, provider: Provider
) -> None:
    # Another test may have let go what is held.
    provider.release.clear()
    gateway = new_gateway(METACLAW_DRAIN_SECONDS="1").wait()
    with gateway.open(chat_body("held", stream=True), key=workspace.key) as wire:
        wire.read_until(b"data: ")
        gateway.process.terminate()
        data = wire.read_all()

    assert b"data: [DONE]" not in data
    assert b"gateway_stopped" in data
    assert gateway.process.wait(10) is not None
    record_all(gateway.spool)
    [turn] = workspace.turns()
    assert turn.status == "truncated_crash"
    assert turn.error["type"] == "gateway_stopped"
