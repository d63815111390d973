"""What was asked and answered on record, in the one form that chat templates read."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apps.dialects.errors import Untranslatable
from apps.dialects.ways import translation

_CHAT = "openai"


@dataclass(frozen=True, slots=True)
class ChatTurn:
    """A request as the Chat Completions API has it. ``answer``: a message; None without one."""

    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    answer: dict[str, Any] | None


def chat_turn(dialect: str, body: Mapping[str, Any], answer: Any = None) -> ChatTurn:
    """A recorded request and its answer (as a client would send it back) as messages of a chat.

    Raises Untranslatable for what no chat holds, plain completions among it.
    """
    asked = _as_chat(dialect, body)
    messages = _messages(asked)
    said = None
    if answer is not None:
        whole = _messages(_as_chat(dialect, _going_on(dialect, body, answer)))
        # Every message is translated by itself: what was asked comes out as before.
        said = _one_message(whole[len(messages) : -1])
    tools = asked.get("tools")
    return ChatTurn(messages, list(tools) if isinstance(tools, list) else [], said)


def _as_chat(dialect: str, body: Mapping[str, Any]) -> dict[str, Any]:
    if dialect == _CHAT:
        return dict(body)
    way = translation(dialect, _CHAT, dict(body))
    return way.request(dict(body)) if way else dict(body)


def _messages(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = body.get("messages")
    if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
        raise Untranslatable("messages", "The request has no messages.")
    return found


def _going_on(dialect: str, body: Mapping[str, Any], answer: Any) -> dict[str, Any]:
    """The request that the client would send next. Its user says something in it: an answer at
    the end is one that was begun, which not every API can go on with."""
    then = {"role": "user", "content": "Go on."}
    if dialect == "responses":
        given = body.get("input") or []
        items = [{"role": "user", "content": given}] if isinstance(given, str) else list(given)
        more = answer.get("output") if isinstance(answer, Mapping) else None
        return {**body, "input": [*items, *(more if isinstance(more, list) else []), then]}
    return {**body, "messages": [*_messages(body), answer, then]}


def _one_message(found: list[dict[str, Any]]) -> dict[str, Any]:
    if len(found) != 1 or found[0].get("role") != "assistant":
        raise Untranslatable("", "The answer is not one message of an assistant.")
    return found[0]
