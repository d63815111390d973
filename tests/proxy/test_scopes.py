"""Skills that are for some agents and tags only, as requests through a gateway meet them."""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from apps.skills.injection_text import OPENING
from apps.skills.services import skill_scope
from apps.tenants.types import SYSTEM
from apps.trajectories.models import Turn
from tests.factories import make_skill
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import Answer, RunningGateway

DATES = "When is the release meeting, on which date and time?"
Ask = Callable[..., Answer]


@pytest.fixture
def learning(committed: None, provider: Provider) -> Workspace:
    workspace = make_workspace("openai", provider)
    make_skill(workspace.id, "iso-dates")
    return workspace


@pytest.fixture
def ask(gateway: RunningGateway, learning: Workspace) -> Ask:
    def send(*said: str, **headers: str) -> Answer:
        messages = [
            {"role": ("user", "assistant")[number % 2], "content": text}
            for number, text in enumerate(said or (DATES,))
        ]
        return gateway.chat(chat_body(messages=messages), key=learning.key, **headers)

    return send


def scope(workspace: Workspace, **fields: Any) -> None:
    skill_scope(tenant_id=workspace.id, actor=SYSTEM, slug="iso-dates", **fields)
    time.sleep(1.0)  # what a gateway may take to hear of it


def candidates(turn: Turn) -> dict[str, str]:
    return {slug: verdict for slug, _, _, verdict in turn.injection["candidates"]}


def test_a_skill_goes_into_its_agents_prompts_only(
    ask: Ask, learning: Workspace, provider: Provider, recorded: Recorded
) -> None:
    scope(learning, agents=["coder"])

    theirs = ask(x_agent_id="coder")
    assert OPENING.encode() in provider.last().body
    others = ask(x_agent_id="tester")
    assert OPENING.encode() not in provider.last().body
    nobodys = ask()

    assert theirs.skills == ["iso-dates@1"]
    assert others.skills == nobodys.skills == []
    assert candidates(recorded.turn(learning, theirs.turn_id)) == {"iso-dates": "in"}
    for answer in (others, nobodys):
        assert candidates(recorded.turn(learning, answer.turn_id)) == {"iso-dates": "other_agent"}


def test_the_agent_of_a_key_is_what_counts_not_what_its_caller_says(
    gateway: RunningGateway, ask: Ask, learning: Workspace
) -> None:
    _, key = learning.new_key(agent="tester")
    scope(learning, agents=["coder"])

    body = chat_body(messages=[{"role": "user", "content": DATES}])
    answer = gateway.chat(body, key=key, x_agent_id="coder")

    assert answer.skills == []


def test_a_skill_for_a_tag_goes_to_turns_that_carry_it(
    ask: Ask, learning: Workspace, recorded: Recorded
) -> None:
    scope(learning, tags={"autorc-stage": "draft", "team": "blue"})

    with_both = ask(**{"x-autorc-stage": "draft", "x-metaclaw-tag-team": "blue"})
    with_one = ask(**{"x-autorc-stage": "draft"})
    with_other = ask(**{"x-autorc-stage": "plan", "x-metaclaw-tag-team": "blue"})

    assert with_both.skills == ["iso-dates@1"]
    for answer in (with_one, with_other):
        assert answer.skills == []
        assert candidates(recorded.turn(learning, answer.turn_id)) == {"iso-dates": "other_tag"}


def test_a_skill_that_became_somebody_elses_leaves_a_running_session(
    ask: Ask, learning: Workspace, provider: Provider, recorded: Recorded
) -> None:
    session = {"x_session_id": "scoped", "x_agent_id": "tester"}
    first = ask(DATES, **session)

    scope(learning, agents=["coder"])
    second = ask(DATES, "On Monday", "And the next one?", **session)

    assert first.session_id == second.session_id
    assert (first.skills, second.skills) == (["iso-dates@1"], [])
    assert OPENING.encode() not in provider.last().body
    assert recorded.turn(learning, second.turn_id).injection["break"] == "skill_removed"


def test_a_prompt_only_grows_when_later_turns_come_without_the_tag(
    ask: Ask, learning: Workspace, provider: Provider
) -> None:
    scope(learning, tags={"team": "blue"})
    said, prompts, answers = [DATES], [], []
    for tags in ({"x-metaclaw-tag-team": "blue"}, {}, {"x-metaclaw-tag-team": "red"}):
        answers.append(ask(*said, **{"x-session-id": "tagged", **tags}))
        prompts.append(provider.last().body)
        said += ["On Monday", f"And number {len(said)}?"]

    assert [answer.skills for answer in answers] == [["iso-dates@1"]] * 3
    for earlier, later in pairwise(prompts):
        # All of it, but for the closing brackets.
        assert later.startswith(earlier.removesuffix(b"]}"))

    scope(learning, tags={"team": "green"})
    assert ask(*said, **{"x-session-id": "tagged"}).skills == []


def test_another_process_knows_under_which_tags_a_skill_was_taken_on(
    new_gateway: Callable[..., RunningGateway], learning: Workspace
) -> None:
    scope(learning, tags={"team": "blue"})
    body = chat_body(messages=[{"role": "user", "content": DATES}])
    one, other = new_gateway().wait(), new_gateway().wait()
    first = one.chat(
        body, key=learning.key, **{"x-session-id": "moves", "x-metaclaw-tag-team": "blue"}
    )
    time.sleep(0.3)

    more = [*body["messages"], {"role": "assistant", "content": "x"}, body["messages"][0]]
    second = other.chat(chat_body(messages=more), key=learning.key, **{"x-session-id": "moves"})

    assert first.session_id == second.session_id
    assert first.skills == second.skills == ["iso-dates@1"]
