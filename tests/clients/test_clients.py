"""The real clients hold tool-using conversations through the gateway (`make test-clients`).

Each conversation is begun, left, and gone on with later by a new process; another one is held
beside it. What the provider saw and what was recorded have to agree on which is which.
"""

import json
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.clients.agents import Person
from tests.clients.conftest import Workspace, connect
from tests.clients.prompts import prompt
from tests.clients.script import ANSWER, CALLS_PER_TURN
from tests.clients.upstream import Exchange, Upstream

pytestmark = pytest.mark.clients

FIRST = "Please run the first part of the script."
MORE = "Now translate the invoices of the harbour office, as the script says."
OTHER = "Please run another script."
REQUESTS_PER_TURN = CALLS_PER_TURN + 1

# Client, its API, the provider's kind, and how the session is known.
CASES = [
    ("claude-code", "", "anthropic", "claude-code"),
    ("claude-code", "", "openai", "claude-code"),
    ("codex", "", "openai", "codex"),
    ("openclaw", "openai-completions", "openai", "openclaw"),
    ("openclaw", "anthropic-messages", "anthropic", "openclaw"),
    ("openclaw", "openai-responses", "openai", "openclaw"),
]


@pytest.mark.parametrize("client, api, kind, source", CASES)
def test_a_client_works_through_the_gateway(
    workspace: Workspace,
    skills: None,
    serving: Callable[[str], Upstream],
    new_person: Callable[[str], Person],
    client: str,
    api: str,
    kind: str,
    source: str,
) -> None:
    model = f"scripted-{client}-{api or 'own'}-{kind}"
    upstream = serving(kind)
    person = new_person(client)
    options = ["--model", model, *(["--api", api] if api else [])]
    connect(workspace, person, *options, "--yes")
    assert "already" in connect(workspace, person, *options)

    # OpenClaw takes the names of its sessions from its user, and the workspace is shared.
    for speak, talk, text in (
        (person.begins, f"{model}-a", FIRST),
        (person.goes_on, f"{model}-a", MORE),
        (person.begins, f"{model}-b", OTHER),
    ):
        assert ANSWER in speak(talk, text)

    seen = _of_model(upstream, model)
    assert [len(seen), upstream.unknown] == [3 * REQUESTS_PER_TURN, []]
    _check_prompts_only_grow(seen[: 2 * REQUESTS_PER_TURN])
    _check_prompts_only_grow(seen[2 * REQUESTS_PER_TURN :])
    turns = _recorded(workspace, model, len(seen))
    _check_turns(turns, source)
    _check_skills(turns, seen)


def test_undo_leaves_nothing_behind(
    workspace: Workspace, new_person: Callable[[str], Person]
) -> None:
    person = new_person("openclaw")
    connect(workspace, person, "--model", "m", "--yes")
    made = [path for path in person.home.rglob("*") if ".openclaw" in path.parts]

    connect(workspace, person, "--undo", "--yes")

    assert made
    assert not [path for path in made if path.is_file() and path.exists()]


def _of_model(upstream: Upstream, model: str) -> list[Exchange]:
    return [one for one in upstream.exchanges if one.body.get("model") == model]


def _check_prompts_only_grow(seen: list[Exchange]) -> None:
    """P8: what was once sent is the beginning of everything that follows."""
    for earlier, later in pairwise(seen):
        before, after = prompt(earlier.body), prompt(later.body)
        assert after[: len(before)] == before
        assert len(after) > len(before)


def _recorded(workspace: Workspace, model: str, count: int) -> list[Any]:
    give_up = time.monotonic() + 30
    turns: list[Any] = []
    while len(turns) < count and time.monotonic() < give_up:
        time.sleep(0.5)
        turns = workspace.turns(model)
    assert len(turns) == count
    return turns


def _check_turns(turns: list[Any], source: str) -> None:
    assert {(turn["status"], turn["http_status"], turn["kind"]) for turn in turns} == {
        ("complete", 200, "main")
    }
    assert {turn["session_source"] for turn in turns} == {source}
    sessions = [turn["session_id"] for turn in turns]
    first, second = sessions[: 2 * REQUESTS_PER_TURN], sessions[2 * REQUESTS_PER_TURN :]
    assert [len(set(first)), len(set(second))] == [1, 1]
    assert first[0] != second[0]
    ends = [ANSWER in json.dumps(turn["response"]) for turn in turns]
    assert ends == [False, False, True] * 3
    assert all(turn["tools"] for turn in turns)


def _check_skills(turns: list[Any], seen: list[Exchange]) -> None:
    """The house rule from the start, the other one from the message on that it fits."""
    both = {"house-rule", "harbour-invoices"}
    wanted = [{"house-rule"}] * REQUESTS_PER_TURN + [both] * REQUESTS_PER_TURN
    wanted += [{"house-rule"}] * REQUESTS_PER_TURN
    for turn, exchange, slugs in zip(turns, seen, wanted, strict=True):
        assert {one["slug"] for one in turn["injection"]["skills"]} == slugs
        assert {slug for slug in both if f"## {slug}" in _unescaped(exchange)} == slugs


def _unescaped(exchange: Exchange) -> str:
    return "\n".join(prompt(exchange.body))
