"""Which conversation a request belongs to, and that its prompt only grows at its end."""

import json
import time
from itertools import pairwise
from typing import Any
from uuid import UUID

import pytest

from apps.skills.injection_text import OPENING
from apps.skills.services import skill_retire
from apps.tenants.types import SYSTEM
from tests.factories import make_skill
from tests.proxy import recordings
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import Answer, RunningGateway

OPENCLAW = (
    "[Sat 2026-11-21 00:20 UTC] Fix it\nRuntime: agent=main | session=agent:main | "
    "sessionId={} | host=h"
)


def _user(text: Any) -> dict[str, Any]:
    return {"role": "user", "content": text}


def _assistant(text: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text}


NAMED: dict[str, Any] = {
    "our header": lambda name: ({"x-session-id": name}, {}),
    "claude code": lambda name: ({"x-claude-code-session-id": name}, {}),
    "codex": lambda name: ({"session-id": name, "thread-id": "t"}, {}),
    "affinity": lambda name: ({"x-session-affinity": name}, {}),
    "metadata": lambda name: ({}, {"metadata": {"session_id": name}}),
    "user id": lambda name: (
        {},
        {"metadata": {"user_id": json.dumps({"device_id": "d", "session_id": name})}},
    ),
    "cache key": lambda name: ({}, {"prompt_cache_key": name}),
    "openclaw": lambda name: ({}, {"messages": [_user(OPENCLAW.format(name))]}),
    "openclaw parts": lambda name: (
        {},
        {
            "messages": [
                {"role": "system", "content": "s"},
                _user([{"type": "text", "text": OPENCLAW.format(name)}]),
            ]
        },
    ),
}


@pytest.mark.parametrize("how", NAMED)
def test_a_session_is_known_by_the_name_its_client_gives_it(
    gateway: RunningGateway, workspace: Workspace, dialect: str, recorded: Recorded, how: str
) -> None:
    def ask(name: str) -> Answer:
        headers, fields = NAMED[how](name)
        return gateway.chat(chat_body(**fields), dialect, **headers)

    first, again, other = ask("one"), ask("one"), ask("two")

    assert first.session_id == again.session_id != other.session_id
    assert recorded.turn(workspace, again.turn_id).session_id == UUID(first.session_id)


def test_our_own_header_decides_before_all_others(gateway: RunningGateway, openai: Any) -> None:
    body = chat_body(prompt_cache_key="a", metadata={"session_id": "b"})
    plain = gateway.chat(chat_body(), **{"x-session-id": "mine"})

    both = gateway.chat(body, **{"x-session-id": "mine", "session-id": "c"})

    assert both.session_id == plain.session_id


def test_the_same_name_in_two_workspaces_is_two_sessions(
    gateway: RunningGateway, openai: Workspace, committed: None, provider: Provider
) -> None:
    other = make_workspace("openai", provider)

    ours = gateway.chat(chat_body(), **{"x-session-id": "s"})
    theirs = gateway.chat(chat_body(), key=other.key, **{"x-session-id": "s"})

    assert ours.session_id != theirs.session_id


@pytest.mark.parametrize(
    "how, name, is_one",
    [
        ("openclaw", "main", False),
        ("cache key", "main", False),
        ("openclaw", "01a1fd3a-bd3b-7552-ab98-01e6489b8866", True),
        ("our header", "main", True),
        ("claude code", "main", True),
    ],
)
def test_a_name_that_every_installation_gives_is_one_session_of_each_key(
    gateway: RunningGateway, openai: Workspace, how: str, name: str, is_one: bool
) -> None:
    _, other = openai.new_key()
    headers, fields = NAMED[how](name)

    first = gateway.chat(chat_body(**fields), **headers)
    second = gateway.chat(chat_body(**fields), **headers, key=other)

    assert (first.session_id == second.session_id) is is_one


# Conversations without a name -------------------------------------------------------------


@pytest.mark.parametrize("is_stream", [True, False])
def test_a_conversation_is_known_by_its_words(
    gateway: RunningGateway, workspace: Workspace, dialect: str, recorded: Recorded, is_stream: bool
) -> None:
    said = [_user(f"Begin {dialect} {is_stream}")]
    turns = []
    for number in range(3):
        answer = gateway.chat(
            chat_body(f"ok:answer {number}", messages=said, stream=is_stream), dialect
        )
        turns.append(answer)
        said = [*said, _assistant(f"answer {number}"), _user(f"and then {number}")]

    assert len({answer.session_id for answer in turns}) == 1
    rows = [recorded.turn(workspace, answer.turn_id) for answer in turns]
    assert [row.parent_id for row in rows] == [None, rows[0].id, rows[1].id]
    assert [row.new_from for row in rows] == [0, 1, 3]


def test_a_conversation_goes_on_after_the_caller_hung_up_at_the_end_mark(
    gateway: RunningGateway, openai: Workspace
) -> None:
    said = [_user("Hang up then")]
    with gateway.open(chat_body("waiting-end:bye", messages=said, stream=True)) as wire:
        wire.read_until(b"data: [DONE]")
        session_id = wire.header("x-metaclaw-session")
        # At once, while the provider still holds the first answer's connection open.
        more = [*said, _assistant("bye"), _user("more")]
        answer = gateway.chat(chat_body(messages=more))

    assert answer.session_id == session_id


def test_what_clients_change_when_they_resend_does_not_break_a_conversation(
    gateway: RunningGateway, anthropic: Workspace
) -> None:
    first = gateway.chat(
        chat_body("ok:fine", messages=[_user("[Sat 2026-11-21 00:20 UTC] Resend")]),
        "anthropic",
        key=anthropic.key,
    )
    resent = [
        _user([{"type": "text", "text": "Resend", "cache_control": {"type": "ephemeral"}}]),
        _assistant([{"type": "text", "text": "fine"}]),
        _user("<system-reminder>be good</system-reminder>next"),
    ]

    second = gateway.chat(chat_body(messages=resent), "anthropic", key=anthropic.key)

    assert second.session_id == first.session_id


@pytest.mark.parametrize("second_answer", ["A", "B"])
def test_conversations_that_begin_alike_stay_apart(
    gateway: RunningGateway, openai: Workspace, second_answer: str
) -> None:
    said = [_user(f"Hello from many {second_answer}")]
    one = gateway.chat(chat_body("ok:A", messages=said))
    two = gateway.chat(chat_body(f"ok:{second_answer}", messages=said))

    one_on = gateway.chat(chat_body(messages=[*said, _assistant("A"), _user("one")]))
    two_on = gateway.chat(chat_body(messages=[*said, _assistant(second_answer), _user("two")]))

    assert one.session_id != two.session_id
    assert {one_on.session_id, two_on.session_id} == {one.session_id, two.session_id}


def test_a_request_that_is_sent_again_stays_in_its_session(
    gateway: RunningGateway, openai: Workspace
) -> None:
    said = [_user("Retry me")]
    others = [gateway.chat(chat_body("ok:A", messages=said)) for _ in range(2)]
    more = chat_body(messages=[*said, _assistant("A"), _user("go on")])

    first, again = gateway.chat(more), gateway.chat(more)

    assert first.session_id == again.session_id
    assert first.session_id in {one.session_id for one in others}


def test_a_cut_answer_is_no_end_to_go_on_from(gateway: RunningGateway, openai: Workspace) -> None:
    said = [_user("Cut me")]
    with gateway.open(chat_body("cut:420", messages=said, stream=True)) as wire:
        wire.read_all()
        session_id = wire.header("x-metaclaw-session")
    text = recordings.TEXT[: len(recordings.TEXT) // 2]

    answer = gateway.chat(chat_body(messages=[*said, _assistant(text), _user("on")]))

    assert answer.session_id != session_id


def test_what_a_client_says_of_the_turn_is_recorded(
    gateway: RunningGateway, openai: Workspace, recorded: Recorded
) -> None:
    answer = gateway.chat(chat_body(), x_agent_id="coder", x_turn_type="Side")

    turn = recorded.turn(openai, answer.turn_id)
    assert (turn.agent, turn.kind, turn.key_name) == ("coder", "side", "gateway")


# Skills over a session --------------------------------------------------------------------


@pytest.fixture
def learning(committed: None, provider: Provider, dialect: str) -> Workspace:
    return make_workspace(dialect, provider)


DATES = "When is the release meeting, on which date and time?"
TABLES = "Show the quarterly revenue as a table with totals, please."


class _Talk:
    """A conversation as an agent holds it: everything is sent again each time."""

    def __init__(self, gateway: RunningGateway, workspace: Workspace, dialect: str) -> None:
        self.gateway, self.workspace, self.dialect = gateway, workspace, dialect
        self.said: list[dict[str, Any]] = []
        self.provider: Provider

    def say(self, text: str, provider: Provider) -> tuple[Answer, bytes]:
        self.said.append(_user(text))
        body: dict[str, Any] = {"model": "ok:fine", "messages": self.said}
        if self.dialect == "anthropic":
            body = {"model": "ok:fine", "system": "Be brief.", "messages": self.said}
        else:
            body["messages"] = [{"role": "system", "content": "Be brief."}, *self.said]
        answer = self.gateway.chat(body, self.dialect, key=self.workspace.key)
        self.said.append(_assistant("fine"))
        return answer, provider.last().body


def _grows_at_its_end(earlier: bytes, later: bytes) -> bool:
    """Whether a prompt goes on from another one: all of it, but for the closing brackets."""
    return later.startswith(earlier.removesuffix(b"]}"))


def test_skills_stay_where_they_were_put_and_new_ones_go_to_the_tail(
    gateway: RunningGateway, learning: Workspace, dialect: str, provider: Provider
) -> None:
    make_skill(learning.id, "iso-dates")
    talk = _Talk(gateway, learning, dialect)
    first, prompt_1 = talk.say(DATES, provider)
    second, prompt_2 = talk.say("Thanks, and who attends?", provider)
    make_skill(
        learning.id,
        "table-totals",
        description="Use when an answer shows revenue or other figures as a table with totals.",
    )
    time.sleep(1.0)
    third, prompt_3 = talk.say(TABLES, provider)
    fourth, prompt_4 = talk.say("Good. Anything else?", provider)

    assert first.skills == second.skills == ["iso-dates@1"]
    assert third.skills == fourth.skills == ["iso-dates@1", "table-totals@1"]
    prompts = [prompt_1, prompt_2, prompt_3, prompt_4]
    for earlier, later in pairwise(prompts):
        assert _grows_at_its_end(earlier, later)
    # Behind the message that it fits, not in the system prompt.
    tail = json.loads(prompt_4)["messages"][-3]["content"]
    assert tail.startswith(TABLES)
    assert "table-totals" in tail
    assert prompt_4.count(OPENING.encode()) == 2


def test_what_another_skill_brought_already_is_not_said_again(
    gateway: RunningGateway, learning: Workspace, dialect: str, provider: Provider
) -> None:
    make_skill(
        learning.id,
        "table-totals",
        description="Use when an answer shows revenue or other figures as a table with totals.",
        body="# T\n\n1. Put the totals last.",
    )
    make_skill(learning.id, "iso-dates", uses=["table-totals"])
    talk = _Talk(gateway, learning, dialect)
    first, prompt_1 = talk.say(DATES, provider)
    second, prompt_2 = talk.say(TABLES, provider)
    skill_retire(tenant_id=learning.id, actor=SYSTEM, slug="iso-dates")
    time.sleep(1.0)
    third, prompt_3 = talk.say("And now?", provider)

    assert first.skills == ["iso-dates@1"]
    assert second.skills == ["iso-dates@1", "table-totals@1"]
    assert _grows_at_its_end(prompt_1, prompt_2)
    assert prompt_2.count(b"Put the totals last.") == prompt_2.count(OPENING.encode()) == 1
    # It fitted of its own, too: it stays when what brought it goes.
    assert third.skills == ["table-totals@1"]
    assert prompt_3.count(b"Put the totals last.") == 1


def test_a_retired_skill_leaves_a_running_session_at_once(
    gateway: RunningGateway, learning: Workspace, dialect: str, provider: Provider
) -> None:
    make_skill(learning.id, "iso-dates")
    talk = _Talk(gateway, learning, dialect)
    first, _ = talk.say(DATES, provider)

    skill_retire(tenant_id=learning.id, actor=SYSTEM, slug="iso-dates")
    time.sleep(1.0)
    second, prompt = talk.say("And the next one?", provider)

    assert first.skills == ["iso-dates@1"]
    assert second.skills == []
    assert OPENING.encode() not in prompt


def test_a_tail_goes_behind_what_the_user_said_not_behind_what_the_client_adds(
    gateway: RunningGateway, openai: Workspace, committed: None, provider: Provider
) -> None:
    workspace = make_workspace("openai", provider)
    headers = {"x-session-id": "tail", "key": workspace.key}
    context = _user("<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>x<<<END_OPENCLAW_INTERNAL_CONTEXT>>>")
    make_skill(workspace.id, "other", description="Use when somebody asks about zebras, giraffes.")
    gateway.chat(chat_body(messages=[_user("Hello")]), **headers)
    make_skill(workspace.id, "iso-dates")
    time.sleep(1.0)
    call = {"id": "c", "type": "function", "function": {"name": "now", "arguments": "{}"}}
    said = [
        _user("Hello"),
        _assistant("Hi"),
        _user([{"type": "text", "text": DATES}]),
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "c", "content": "12:00"},
        context,
    ]

    answer = gateway.chat(chat_body(messages=said), **headers)

    sent = json.loads(provider.last().body)["messages"]
    assert answer.skills == ["iso-dates@1"]
    assert sent[3:] == said[3:]
    assert sent[2]["content"][0] == said[2]["content"][0]
    assert OPENING in sent[2]["content"][1]["text"]
