"""Recorded prompts as messages of a chat, where they are words and calls of tools."""

import json
from typing import Any

from apps.core.chat import content_text
from apps.core.said import say
from apps.dialects import ChatTurn, Untranslatable, chat_turn
from apps.trajectories.selectors import RecordedPrompt


class NotFaithful(Exception):
    """It cannot be asked as it was; the text says why."""


def plain_chat(found: RecordedPrompt) -> ChatTurn:
    """What was asked, in whatever API, with texts as contents. Raises NotFaithful."""
    try:
        chat = chat_turn(found.dialect, json.loads(found.body))
    except (Untranslatable, ValueError) as exc:
        raise NotFaithful(say("prompt_no_chat", "No chat holds it: {why}", why=str(exc))) from exc
    return ChatTurn([_words(message) for message in chat.messages], chat.tools, None)


def _words(message: dict[str, Any]) -> dict[str, Any]:
    content = message.get("content")
    if not isinstance(content, list):
        return message
    if any(not content_text([part]) for part in content):
        raise NotFaithful(say("prompt_pictures", "It holds pictures or files, not words alone."))
    return {**message, "content": content_text(content)}
