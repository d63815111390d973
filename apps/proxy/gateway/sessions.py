"""Which conversation a request belongs to, and which skills that conversation carries.

The first of these that says something decides: our own header, the headers and fields of
known clients, what OpenClaw writes into the first message, and last the conversation itself:
a request that goes on from an answer which some gateway process has given.
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
from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.memory import SharedMemory

_HEADERS = (
    (b"x-session-id", "header"),
    (b"x-claude-code-session-id", "claude-code"),
    (b"session-id", "codex"),
    (b"thread-id", "codex"),
    (b"x-session-affinity", "client"),
)
_OPENCLAW = re.compile(r"sessionId=([^ |\n]+)")
_OPENCLAW_RUNTIME = "\nRuntime: agent="
_UNIQUE = re.compile(r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}", re.IGNORECASE)
_REMEMBERED = 50_000
_ID_LENGTH = 300
# So many conversations with the same words are told apart.
_ALIKE = 16
_FROM_THE_MODEL = frozenset({"function_call", "custom_tool_call", "reasoning"})


@dataclass(slots=True)
class Pins:
    """Skill versions a session carries: at the start of its prompt, and at later messages.

    What was once put somewhere stays there in every later request, so that the provider's
    prompt cache keeps hitting (P8).
    """

    at_start: tuple[str, ...] | None = None
    # By the hash of the conversation up to the message that carries them.
    at_message: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    # What was asked of the tags of those that were pinned for their sake (version by version):
    # later turns may come without, and the prompt must not shrink.
    scopes: dict[str, dict[str, str]] = field(default_factory=dict)
    # The most messages that were forwarded at once: behind them everything is new.
    forwarded: int = -1
    # What was asked last, of which library, and what fitted: agents at work repeat themselves.
    last_search: tuple[int, int, Any] = (0, -1, None)

    def all(self) -> set[str]:
        return set(self.at_start or ()).union(*self.at_message.values())

    def packed(self) -> dict[str, Any]:
        """As other processes and the turn's record get it."""
        later = {known.hex(): list(versions) for known, versions in self.at_message.items()}
        packed: dict[str, Any] = {"start": list(self.at_start or ()), "later": later}
        return packed | {"scopes": self.scopes} if self.scopes else packed

    def unpack(self, packed: Mapping[str, Any]) -> None:
        self.at_start = tuple(packed["start"])
        self.at_message = {
            bytes.fromhex(known): tuple(versions) for known, versions in packed["later"].items()
        }
        self.scopes = dict(packed.get("scopes", {}))


@dataclass(slots=True)
class Conversation:
    """The session of a request as far as the gateway can tell."""

    tenant_id: UUID
    session_id: UUID
    source: str
    external_id: str
    pins: Pins
    said: list[Any]
    agent: str
    _hashes: list[bytes] = field(default_factory=list)

    def forget(self) -> None:
        """Let go of what was said, once it is known by its hashes, or by its name."""
        self.said = []

    @property
    def hashes(self) -> list[bytes]:
        """For every message the hash of the conversation up to it."""
        if not self._hashes and self.said:
            self._hashes = conversation_hashes(self.said)
        return self._hashes


class Sessions:
    """What this process remembers of conversations; the oldest are forgotten."""

    def __init__(self, shared: SharedMemory) -> None:
        self._shared = shared
        self._pins: OrderedDict[UUID, Pins] = OrderedDict()
        # Conversations without a name, by where they stand: the newest session last.
        self._ends: OrderedDict[tuple[UUID, str, bytes], list[UUID]] = OrderedDict()
        # Beginnings of such conversations that got no answer: the next try is the same one.
        self._unanswered: OrderedDict[tuple[UUID, str, bytes], UUID] = OrderedDict()
        self._ids: OrderedDict[tuple[UUID, str, str, UUID], UUID] = OrderedDict()

    async def resolve(self, tenant_id: UUID, asked: Asked, key_id: UUID) -> Conversation:
        """The conversation of a request; asks other processes only about one that goes on."""
        source, external_id = _named(asked)
        if external_id:
            session_id = self._id_of(tenant_id, source, external_id, key_id)
            hashes: list[bytes] = []
        else:
            hashes = conversation_hashes(asked.said)
            known = self._continued(tenant_id, asked, hashes)
            if known is None and _goes_on(asked.said):
                known = await self._shared.session_at(tenant_id, asked.agent, hashes[:-1])
            source = "conversation" if known else "new"
            session_id = known or uuid7()
        pins = self._pins.get(session_id)
        if pins is None:
            pins = await self._new_pins(tenant_id, session_id, asked)
        else:
            self._pins.move_to_end(session_id)
        return Conversation(
            tenant_id, session_id, source, external_id, pins, asked.said, asked.agent, hashes
        )

    def pinned(self, conversation: Conversation) -> None:
        """The conversation carries something new: other processes should know."""
        packed = conversation.pins.packed()
        self._shared.keep_pins(conversation.tenant_id, conversation.session_id, packed)

    def answered(self, conversation: Conversation, answer: Any) -> None:
        """Remember where a conversation without a name stands, to know how it goes on."""
        end = message_hash(conversation.hashes[-1], answer)
        where = (conversation.tenant_id, conversation.agent, end)
        self._note(*where, conversation.session_id)
        self._shared.keep_end(*where, conversation.session_id)

    def unanswered(self, conversation: Conversation) -> None:
        """A conversation without a name got no whole answer: it may be asked once more."""
        key = (conversation.tenant_id, conversation.agent, conversation.hashes[-1])
        self._unanswered[key] = conversation.session_id
        while len(self._unanswered) > _REMEMBERED:
            self._unanswered.popitem(last=False)

    def _id_of(self, tenant_id: UUID, source: str, external_id: str, key_id: UUID) -> UUID:
        key = (tenant_id, source, external_id, key_id)
        found = self._ids.get(key)
        if found is None:
            whose = f"{key_id.hex}:" if _is_everybodys(source, external_id) else ""
            name = f"{source}:{whose}{external_id}".encode("utf-8", "replace").decode()
            found = self._ids[key] = uuid5(tenant_id, name)
            if len(self._ids) > _REMEMBERED:
                self._ids.popitem(last=False)
        return found

    async def _new_pins(self, tenant_id: UUID, session_id: UUID, asked: Asked) -> Pins:
        pins = Pins()
        if _goes_on(asked.said):
            packed = await self._shared.pins(tenant_id, session_id)
            if packed is not None:
                pins.unpack(packed)
        # Another request of the session may have been quicker while this one asked around.
        pins = self._pins.setdefault(session_id, pins)
        while len(self._pins) > _REMEMBERED:
            self._pins.popitem(last=False)
        return pins

    def _continued(self, tenant_id: UUID, asked: Asked, hashes: list[bytes]) -> UUID | None:
        """The session whose last known answer the request goes on from.

        Two conversations may have been word for word the same up to here. Each request that
        goes on takes one of them; the last one is left for those who go on from there twice.
        """
        if not hashes:
            return None
        agent, last = asked.agent, (tenant_id, asked.agent, hashes[-1])
        again = self._ends.get(last)
        if again:
            return again[-1]
        failed = self._unanswered.pop(last, None)
        if failed is not None:
            return failed
        for known in reversed(hashes[:-1]):
            waiting = self._ends.get((tenant_id, agent, known))
            if waiting:
                found = waiting.pop() if len(waiting) > 1 else waiting[0]
                self._note(tenant_id, agent, hashes[-1], found)
                return found
        return None

    def _note(self, tenant_id: UUID, agent: str, end: bytes, session_id: UUID) -> None:
        key = (tenant_id, agent, end)
        waiting = self._ends.setdefault(key, [])
        if session_id not in waiting:
            waiting.append(session_id)
        del waiting[:-_ALIKE]
        self._ends.move_to_end(key)
        while len(self._ends) > _REMEMBERED:
            self._ends.popitem(last=False)


def _is_everybodys(source: str, external_id: str) -> bool:
    """Whether a client gives this name wherever it runs: OpenClaw's first session is ``main``.

    What a caller chose for us, and what is an id of its own, names one session only.
    """
    return source in ("openclaw", "body", "client") and not _UNIQUE.search(external_id)


def _goes_on(said: list[Any]) -> bool:
    """Whether something in it was said by a model: then it did not begin here."""
    return len(said) > 1 and any(
        one.get("role") == "assistant" or one.get("type") in _FROM_THE_MODEL for one in said
    )


def _named(asked: Asked) -> tuple[str, str]:
    headers = asked.headers
    for name, source in _HEADERS:
        if name in headers:
            value = headers[name]
            if value:
                return source, value.decode("latin-1")[:_ID_LENGTH]
    return _named_in_body(asked)


def _named_in_body(asked: Asked) -> tuple[str, str]:
    body = asked.body.values
    metadata = body.get("metadata")
    if isinstance(metadata, Mapping):
        found = metadata.get("session_id") or _claude_code_session(metadata.get("user_id"))
        if isinstance(found, str) and found:
            return "body", found[:_ID_LENGTH]
    for name in ("session_id", "prompt_cache_key"):
        value = body.get(name)
        if isinstance(value, str) and value:
            return "body", value[:_ID_LENGTH]
    for message in asked.said[:3]:
        if message.get("role") == "user":
            match = _OPENCLAW.search(content_text(message.get("content"))[:20_000])
            if match:
                return "openclaw", match[1][:_ID_LENGTH]
            break
    found = _openclaw_session(asked)
    return ("openclaw", found) if found else ("", "")


def _openclaw_session(asked: Asked) -> str:
    """Its chat format tells the session in the first message, its other two at the end of the
    instructions."""
    places = [asked.body.values.get("system"), asked.body.values.get("instructions")]
    places += [message.get("content") for message in asked.messages[: asked.leading]]
    for place in places:
        text = content_text(place)
        at = text.rfind(_OPENCLAW_RUNTIME)
        match = _OPENCLAW.search(text, at, at + 2000) if at >= 0 else None
        if match:
            return match[1][:_ID_LENGTH]
    return ""


def _claude_code_session(user_id: Any) -> Any:
    """Claude Code puts a JSON document with its session into the user id."""
    if not isinstance(user_id, str) or "session_id" not in user_id:
        return None
    try:
        parsed = orjson.loads(user_id)
    except orjson.JSONDecodeError:
        return None
    return parsed.get("session_id") if isinstance(parsed, dict) else None
