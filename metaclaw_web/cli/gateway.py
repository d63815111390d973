"""Chatting through the gateway, as any agent would."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import httpx2

from metaclaw_web.cli import http, streams
from metaclaw_web.cli.connection import Connection
from metaclaw_web.cli.streams import Dialect

_MAX_TOKENS = 800


@dataclass(frozen=True, slots=True)
class ChatTask:
    """One request. ``messages`` are plain role and content pairs, good for both dialects."""

    model: str
    messages: tuple[tuple[str, str], ...]
    system: str = ""
    dialect: Dialect = "openai"
    is_stream: bool = True
    session_id: str = ""
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    turn_id: str
    session_id: str
    skills: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]


class Gateway:
    """Use as a context manager; safe to share between threads."""

    def __init__(self, connection: Connection, *, read_seconds: float = 120.0) -> None:
        self._origin = connection.need("gateway_url", "METACLAW_GATEWAY_URL")
        key = connection.need("api_key", "METACLAW_API_KEY")
        self._client = http.open_client(self._origin, token=key, read_seconds=read_seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._client.close()

    def first_model(self) -> str:
        return next(iter(self.models()), "")

    def models(self) -> list[str]:
        with http.speaking_to("gateway", self._origin):
            response = self._client.get("/v1/models")
        http.raise_refusal("gateway", response)
        return [str(model.get("id") or "") for model in response.json().get("data") or []]

    def chat(self, task: ChatTask, on_text: Callable[[str], None] = lambda _: None) -> Answer:
        """Send ``task`` and return the whole answer; ``on_text`` sees the pieces as they come."""
        path = "/v1/messages" if task.dialect == "anthropic" else "/v1/chat/completions"
        with (
            http.speaking_to("gateway", self._origin),
            self._client.stream("POST", path, json=_body(task), headers=_headers(task)) as response,
        ):
            if response.status_code >= 400:
                response.read()
                http.raise_refusal("gateway", response)
            text = _read_text(task, response, on_text)
        return _answer(text, response.headers)


def _body(task: ChatTask) -> dict[str, Any]:
    messages = [{"role": role, "content": content} for role, content in task.messages]
    body: dict[str, Any] = {"model": task.model, "messages": messages, "stream": task.is_stream}
    if task.dialect == "anthropic":
        system = {"system": task.system} if task.system else {}
        return {**body, **system, "max_tokens": _MAX_TOKENS}
    if task.system:
        body["messages"] = [{"role": "system", "content": task.system}, *messages]
    return body


def _headers(task: ChatTask) -> dict[str, str]:
    headers = {}
    if task.dialect == "anthropic":
        headers["anthropic-version"] = "2023-06-01"
    if task.session_id:
        headers["X-Session-Id"] = task.session_id
    if task.is_last:
        # Scoring starts at once instead of after the idle time.
        headers["X-Session-Done"] = "true"
    return headers


def _read_text(task: ChatTask, response: httpx2.Response, on_text: Callable[[str], None]) -> str:
    if not task.is_stream:
        response.read()
        text = streams.whole_text(task.dialect, response.json())
        on_text(text)
        return text
    pieces = []
    for piece in streams.streamed_text(task.dialect, response.iter_lines()):
        on_text(piece)
        pieces.append(piece)
    return "".join(pieces)


def _answer(text: str, headers: httpx2.Headers) -> Answer:
    ours = tuple((name, value) for name, value in headers.items() if _is_ours(name))
    return Answer(
        text=text,
        turn_id=headers.get("x-metaclaw-turn", ""),
        session_id=headers.get("x-metaclaw-session", ""),
        skills=tuple(re.findall(r"[^\s,]+", headers.get("x-metaclaw-skills", ""))),
        headers=ours,
    )


def _is_ours(name: str) -> bool:
    return name.lower().startswith("x-metaclaw-")
