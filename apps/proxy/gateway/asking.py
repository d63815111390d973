"""What a caller asks for: the parsed body, checked, and what its headers say about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.proxy.gateway import json_body
from apps.proxy.gateway.dialects import Dialect
from apps.proxy.gateway.refusal import Refusal

Headers = Mapping[bytes, bytes]

SESSION_END_MODEL = "session-end"
_TAG_PREFIX = b"x-metaclaw-tag-"
_TAGS_MAX = 16
_TAG_NAME_LENGTH = 40
_TAG_LENGTH = 200
_LEADING = ("system", "developer")


_NOTHING = json_body.JsonBody("", {}, {}, [])


@dataclass(slots=True)
class Asked:
    """One request, read and checked."""

    dialect: Dialect
    headers: Headers
    raw: bytes
    body: json_body.JsonBody
    model: str
    is_stream: bool
    # The conversation as a list of messages, whatever the dialect calls it, and how many of
    # them are instructions at its start.
    messages: list[Any]
    leading: int
    agent: str = ""
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def said(self) -> list[Any]:
        """The conversation without the instructions at its start."""
        return self.messages[self.leading :] if self.leading else self.messages

    def forget(self) -> None:
        """Let go of the body once it is sent: a stream may stay open for long."""
        self.raw = b""
        self.body = _NOTHING
        self.messages = []
        self.leading = 0

    @property
    def ends_session(self) -> bool:
        return self.headers.get(b"x-session-done", b"").lower() in (b"true", b"1")

    @property
    def only_ends_session(self) -> bool:
        """A bridge's closing request: about the session, not for a model."""
        return self.ends_session and self.model == SESSION_END_MODEL

    @property
    def is_side(self) -> bool:
        return self.headers.get(b"x-turn-type", b"").lower() == b"side"

    def facts(self) -> dict[str, Any]:
        """What the record of the turn says about the request."""
        found: dict[str, Any] = {
            "dialect": self.dialect.name,
            "model": self.model[:200],
            "is_stream": self.is_stream,
            "kind": "side" if self.is_side else "main",
            "agent": self.agent,
            "is_session_done": self.ends_session,
        }
        if self.tags:
            found["tags"] = self.tags
        return found


def read(dialect: Dialect, headers: Headers, raw: bytes, *, agent: str = "") -> Asked:
    """Parse and check a body. Raises Refusal 400 that names the member at fault.

    ``agent`` is the one the key belongs to; without one the caller's header names it.
    """
    try:
        body = json_body.parse(raw, dialect.listed)
    except json_body.NotJson as exc:
        raise Refusal(400, "invalid_json", str(exc)) from exc
    values = body.values
    model = values.get("model")
    if not isinstance(model, str) or not model:
        raise _invalid("model", "has to be the name of a model")
    is_stream = values.get("stream", False)
    if not isinstance(is_stream, bool | None):
        raise _invalid("stream", "has to be true or false")
    messages = _messages(dialect, values)
    return Asked(
        dialect=dialect,
        headers=headers,
        raw=raw,
        body=body,
        model=model,
        is_stream=bool(is_stream),
        messages=messages,
        leading=_count_leading(messages),
        agent=agent or headers.get(b"x-agent-id", b"").decode("latin-1")[:120],
        tags=_tags(headers),
    )


def _messages(dialect: Dialect, values: Mapping[str, Any]) -> list[Any]:
    if dialect.name in ("openai", "anthropic"):
        return _checked_list(values.get("messages"), "messages")
    if dialect.name == "responses":
        return _items(values)
    if dialect.name == "embeddings":
        if not values.get("input"):
            raise _invalid("input", "has to be a text, or a list of texts")
        return []
    prompt = values.get("prompt")
    if not prompt or not isinstance(prompt, str | list):
        raise _invalid("prompt", "has to be a text, or a list of texts or tokens")
    return [{"role": "user", "content": prompt}] if isinstance(prompt, str) else []


def _checked_list(messages: Any, name: str) -> list[Any]:
    if not isinstance(messages, list) or not messages:
        raise _invalid(name, "has to be a list with at least one message")
    for number, message in enumerate(messages):
        if type(message) is not dict or type(message.get("role")) is not str:
            raise _invalid(f"{name}[{number}]", "has to be an object with a role")
    return messages


def _items(values: Mapping[str, Any]) -> list[Any]:
    """The items of a Responses request; a text stands for one message of the user."""
    given = values.get("input")
    if isinstance(given, str):
        return [{"role": "user", "content": given}]
    if given is None and (values.get("previous_response_id") or values.get("prompt")):
        return []
    if not isinstance(given, list):
        raise _invalid("input", "has to be a text or a list of items")
    for number, item in enumerate(given):
        if not isinstance(item, dict):
            raise _invalid(f"input[{number}]", "has to be an object")
    return given


def _count_leading(messages: list[Any]) -> int:
    count = 0
    while count < len(messages) and messages[count].get("role") in _LEADING:
        count += 1
    return count


def _tags(headers: Headers) -> dict[str, str]:
    """``X-MetaClaw-Tag-<name>`` headers, and the stage of an AutoResearchClaw run."""
    tags: dict[str, str] = {}
    for name, value in headers.items():
        if name.startswith(_TAG_PREFIX):
            label = name[len(_TAG_PREFIX) :].decode("latin-1")[:_TAG_NAME_LENGTH]
        elif name == b"x-autorc-stage":
            label = "autorc-stage"
        else:
            continue
        if label and len(tags) < _TAGS_MAX:
            tags[label] = value.decode("latin-1")[:_TAG_LENGTH]
    return tags


def _invalid(member: str, problem: str) -> Refusal:
    return Refusal(400, "invalid_request", f"'{member}' {problem}.")
