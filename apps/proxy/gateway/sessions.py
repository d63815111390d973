"""Which conversation a request belongs to, and which skills that conversation carries.

The first of these that says something decides: our own header, the headers and fields of
known clients, what OpenClaw writes into the first message, and last the conversation
itself: a request that goes on from an answer this process has seen.
"""

import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

import orjson

from apps.core.chat import content_text, conversation_hashes, message_hash
from apps.core.ids import uuid7

_HEADERS = (
    (b"x-session-id", "header"),
    (b"x-claude-code-session-id", "claude-code"),
    (b"session-id", "codex"),
    (b"thread-id", "codex"),
    (b"x-session-affinity", "client"),
)
_OPENCLAW = re.compile(r"sessionId=([^ |\n]+)")
_REMEMBERED = 50_000
_ID_LENGTH = 300
# So many conversations with the same words are told apart.
_ALIKE = 16


@dataclass(slots=True)
class Pins:
    """Skill versions a session carries: at the start of its prompt, and at later messages.

    What was once put somewhere stays there in every later request, so that the provider's
    prompt cache keeps hitting (P8).
    """

    at_start: tuple[str, ...] | None = None
    # By the hash of the conversation up to the message that carries them.
    at_message: dict[bytes, tuple[str, ...]] = field(default_factory=dict)

    def all(self) -> set[str]:
        return set(self.at_start or ()).union(*self.at_message.values())


@dataclass(slots=True)
class Conversation:
    """The session of a request as far as the gateway can tell."""

    session_id: UUID
    source: str
    external_id: str
    pins: Pins
    hashes: list[bytes]


class Sessions:
    """What this process remembers of conversations; the oldest are forgotten."""

    def __init__(self) -> None:
        self._pins: OrderedDict[UUID, Pins] = OrderedDict()
        # Conversations without a name, by where they stand: the newest session last.
        self._ends: OrderedDict[tuple[UUID, bytes], list[UUID]] = OrderedDict()

    def resolve(
        self, tenant_id: UUID, headers: Mapping[bytes, bytes], body: Mapping[str, Any]
    ) -> Conversation:
        source, external_id = _named(headers, body)
        hashes: list[bytes] = []
        if external_id:
            name = f"{source}:{external_id}".encode("utf-8", "replace").decode()
            session_id = uuid5(tenant_id, name)
        else:
            hashes = conversation_hashes(spoken(body))
            known = self._continued(tenant_id, hashes)
            source = "conversation" if known else "new"
            session_id = known or uuid7()
        return Conversation(session_id, source, external_id, self._pins_of(session_id), hashes)

    def ended(self, tenant_id: UUID, conversation: Conversation, answer: Any) -> None:
        """Remember where a conversation without a name stands, to know how it goes on."""
        if conversation.external_id or not conversation.hashes:
            return
        end = message_hash(conversation.hashes[-1], answer)
        self._note(tenant_id, end, conversation.session_id)

    def _continued(self, tenant_id: UUID, hashes: list[bytes]) -> UUID | None:
        """The session whose last known answer the request goes on from.

        Two conversations may have been word for word the same up to here. Each request that
        goes on takes one of them; the last one is left for those who go on from there twice.
        """
        again = self._ends.get((tenant_id, hashes[-1])) if hashes else None
        if again:
            return again[-1]
        for known in reversed(hashes[:-1]):
            waiting = self._ends.get((tenant_id, known))
            if waiting:
                found = waiting.pop() if len(waiting) > 1 else waiting[0]
                self._note(tenant_id, hashes[-1], found)
                return found
        return None

    def _note(self, tenant_id: UUID, end: bytes, session_id: UUID) -> None:
        waiting = self._ends.setdefault((tenant_id, end), [])
        if session_id not in waiting:
            waiting.append(session_id)
        del waiting[:-_ALIKE]
        self._ends.move_to_end((tenant_id, end))
        while len(self._ends) > _REMEMBERED:
            self._ends.popitem(last=False)

    def _pins_of(self, session_id: UUID) -> Pins:
        pins = self._pins.get(session_id)
        if pins is None:
            pins = self._pins[session_id] = Pins()
            while len(self._pins) > _REMEMBERED:
                self._pins.popitem(last=False)
        else:
            self._pins.move_to_end(session_id)
        return pins


def spoken(body: Mapping[str, Any]) -> list[Any]:
    """The messages of a conversation without the instructions at its start."""
    messages: list[Any] = body["messages"]
    start = 0
    while start < len(messages) and messages[start].get("role") in ("system", "developer"):
        start += 1
    return messages[start:]


def _named(headers: Mapping[bytes, bytes], body: Mapping[str, Any]) -> tuple[str, str]:
    for name, source in _HEADERS:
        value = headers.get(name)
        if value:
            return source, value.decode("latin-1")[:_ID_LENGTH]
    return _named_in_body(body)


def _named_in_body(body: Mapping[str, Any]) -> tuple[str, str]:
    metadata = body.get("metadata")
    if isinstance(metadata, Mapping):
        found = metadata.get("session_id") or _claude_code_session(metadata.get("user_id"))
        if isinstance(found, str) and found:
            return "body", found[:_ID_LENGTH]
    for name in ("session_id", "prompt_cache_key"):
        value = body.get(name)
        if isinstance(value, str) and value:
            return "body", value[:_ID_LENGTH]
    for message in body["messages"][:3]:
        if message.get("role") == "user":
            match = _OPENCLAW.search(content_text(message.get("content"))[:20_000])
            return ("openclaw", match[1][:_ID_LENGTH]) if match else ("", "")
    return "", ""


def _claude_code_session(user_id: Any) -> Any:
    """Claude Code puts a JSON document with its session into the user id."""
    if not isinstance(user_id, str) or "session_id" not in user_id:
        return None
    try:
        parsed = orjson.loads(user_id)
    except orjson.JSONDecodeError:
        return None
    return parsed.get("session_id") if isinstance(parsed, dict) else None
