"""What real clients sent, sent again: which conversation it is, and that its prompt only grows.

`make test-clients` does the same with the clients themselves.
"""

import json
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from apps.proxy.gateway import asking
from apps.proxy.gateway.dialects import TURN_ROUTES
from apps.proxy.gateway.memory import SharedMemory
from apps.proxy.gateway.sessions import Sessions
from tests.clients.prompts import prompt
from tests.factories import make_skill
from tests.proxy.conftest import Workspace, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import Answer, RunningGateway

FOLDER = Path(__file__).with_name("recorded")
SOURCES = {
    "claude-code": "claude-code",
    "codex": "codex",
    "openclaw": "openclaw",
    "openclaw-messages": "openclaw",
    "openclaw-responses": "openclaw",
}


class _NobodyElse(SharedMemory):
    """A process that has no others to ask."""

    def __init__(self) -> None:
        pass

    async def pins(self, tenant_id: UUID, session_id: UUID) -> None:
        return None


Send = Callable[[dict[str, Any]], tuple[Answer, Any]]


@pytest.fixture(params=SOURCES)
def name(request: pytest.FixtureRequest) -> str:
    client: str = request.param
    return client


@pytest.fixture
def lines(name: str) -> list[dict[str, Any]]:
    text = (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture
def workspace(committed: None, provider: Provider, lines: list[dict[str, Any]]) -> Workspace:
    is_anthropic = lines[0]["path"].startswith("/v1/messages")
    return make_workspace("anthropic" if is_anthropic else "openai", provider)


@pytest.fixture
def send(gateway: RunningGateway, workspace: Workspace, provider: Provider) -> Send:
    def send_one(line: dict[str, Any]) -> tuple[Answer, Any]:
        body = json.dumps(line["body"], ensure_ascii=False, separators=(",", ":")).encode()
        answer = gateway.send("POST", line["path"], body, line["headers"])
        assert answer.status == 200, answer.body
        return answer, json.loads(provider.last().body)

    return send_one


def test_each_conversation_is_one_session(send: Send, lines: list[dict[str, Any]]) -> None:
    found = [(line["talk"], send(line)[0].session_id) for line in lines]

    first = {session for talk, session in found if talk == "a"}
    second = {session for talk, session in found if talk == "b"}
    assert (len(first), len(second)) == (1, 1)
    assert first != second


async def test_a_session_is_known_by_what_its_client_says_of_it(
    lines: list[dict[str, Any]], name: str
) -> None:
    dialect = TURN_ROUTES[lines[0]["path"].partition("?")[0]]
    sessions = Sessions(_NobodyElse())
    for line in lines:
        headers = {key.encode(): value.encode() for key, value in line["headers"].items()}
        asked = asking.read(dialect, headers, json.dumps(line["body"]).encode())

        found = await sessions.resolve(UUID(int=1), asked)

        assert found.source == SOURCES[name]
        assert found.external_id


def test_a_skill_that_comes_later_leaves_what_was_sent_as_it_was(
    send: Send, workspace: Workspace, lines: list[dict[str, Any]]
) -> None:
    make_skill(workspace.id, "script-parts", description="Use when a script is run in parts.")
    talk = [line for line in lines if line["talk"] == "a"]

    answers = [send(line) for line in talk[:3]]
    make_skill(
        workspace.id, "second-halves", description="Use when the second part of a script is run."
    )
    time.sleep(1.0)
    answers += [send(line) for line in talk[3:]]

    both = ["script-parts@1", "second-halves@1"]
    assert [answer.skills for answer, _ in answers] == [both[:1]] * 3 + [both] * 3
    for (_, earlier), (_, later) in pairwise(answers):
        assert prompt(later)[: len(prompt(earlier))] == prompt(earlier)
        assert len(prompt(later)) > len(prompt(earlier))
