"""A recorded turn as a chat: the same messages whichever API it was asked in."""

import json
from pathlib import Path
from typing import Any

import pytest

from apps.dialects import Untranslatable, chat_turn

RECORDED = sorted((Path(__file__).parents[1] / "proxy" / "recorded").glob("*.jsonl"))
DIALECTS = {"messages": "anthropic", "responses": "responses", "completions": "openai"}
_NAMES = {"responses": "input"}


def recorded_turns() -> list[Any]:
    """The last answer in each recorded request, and what it answered."""
    found = []
    for file in RECORDED:
        for number, line in enumerate(file.read_text("utf-8").splitlines()):
            one = json.loads(line)
            dialect = DIALECTS[one["path"].partition("?")[0].rpartition("/")[2]]
            body = one["body"]
            name = f"{file.stem}-{number}"
            found.append(pytest.param(dialect, body, id=name))
    return found


def _asked_and_said(dialect: str, body: dict[str, Any]) -> tuple[dict[str, Any], Any] | None:
    name = _NAMES.get(dialect, "messages")
    talk = body[name]
    if dialect != "responses":
        spoken = [at for at, one in enumerate(talk) if one.get("role") == "assistant"]
        return ({**body, name: talk[: spoken[-1]]}, talk[spoken[-1]]) if spoken else None
    given = [at for at, one in enumerate(talk) if one.get("type") == "function_call_output"]
    if not given:
        return None
    call_id = talk[given[-1]]["call_id"]
    begin = next(at for at, one in enumerate(talk) if one.get("call_id") == call_id)
    return {**body, name: talk[:begin]}, {"output": [talk[begin]]}


@pytest.mark.parametrize("dialect, body", recorded_turns())
def test_what_clients_sent_becomes_a_chat_that_goes_on_with_the_answer(dialect, body):
    split = _asked_and_said(dialect, body)
    if split is None:
        assert chat_turn(dialect, body).messages
        return
    asked, said = split

    found = chat_turn(dialect, asked, said)

    whole = chat_turn(dialect, body).messages
    assert found.answer is not None
    assert [*found.messages, found.answer] == whole[: len(found.messages) + 1]
    assert found.answer["role"] == "assistant"
    assert len(found.tools) == len(chat_turn(dialect, body).tools)


def test_an_answer_with_thought_and_calls_is_one_message():
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "List."}]}
    blocks = [
        {"type": "thinking", "thinking": "Which?", "signature": "EqQB"},
        {"type": "text", "text": "Looking."},
        {"type": "tool_use", "id": "toolu_1", "name": "ls", "input": {"path": "."}},
    ]

    found = chat_turn("anthropic", body, {"role": "assistant", "content": blocks})

    assert found.answer is not None
    assert found.answer["content"] == "Looking."
    (call,) = found.answer["tool_calls"]
    assert (call["function"]["name"], json.loads(call["function"]["arguments"])) == (
        "ls",
        {"path": "."},
    )


@pytest.mark.parametrize(
    "dialect, body, answer",
    [
        ("completions", {"prompt": "Once"}, {"role": "assistant", "content": "upon"}),
        ("openai", {"messages": [{"role": "user", "content": "x"}]}, {"role": "user"}),
        ("openai", {"messages": "x"}, None),
    ],
)
def test_what_is_no_chat_is_refused(dialect, body, answer):
    with pytest.raises(Untranslatable):
        chat_turn(dialect, body, answer)
