"""Asking a chat model a question: judge and evolver use this, and nothing else of a provider.

``openai`` is imported where it is used: it takes longer to load than all the rest, and only
a worker that really asks a model needs it.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import parse_qsl

import httpx2
from django.conf import settings

from apps.core.errors import UpstreamFailed
from apps.core.said import say
from apps.integrations.guarded_http import guarded_client

if TYPE_CHECKING:
    import openai

_WORTH_A_RETRY = frozenset({408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class LlmConnection:
    """Where a model is asked. ``api_root`` ends before ``/chat/completions``."""

    api_root: str
    api_key: str
    model: str
    is_simulated: bool
    # What every address of the provider has behind its path.
    query: str = ""
    # Where its models are listed; empty for the usual place.
    models_url: str = ""
    # Sent instead of a bearer token.
    own_headers: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        return f"LlmConnection({self.api_root}, {self.model})"


@dataclass(frozen=True, slots=True)
class Completion:
    text: str
    model: str
    input_tokens: int | None
    output_tokens: int | None


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """What a connection test found out."""

    ok: bool
    http_status: int
    latency_ms: int
    detail: str
    models: list[str]


class ChatModel(Protocol):
    def complete(self, *, system: str, user: str) -> Completion:
        """One answer to one question. Raises UpstreamFailed only."""
        ...


class OpenAiChat:
    """Any endpoint that speaks OpenAI's chat completions."""

    def __init__(self, connection: LlmConnection) -> None:
        self._connection = connection

    def complete(self, *, system: str, user: str) -> Completion:
        import openai

        try:
            with _client(self._connection) as client:
                # Neither temperature nor a token limit: models disagree on the names and
                # the values they accept, and all of them have sensible defaults.
                answer = client.chat.completions.create(
                    model=self._connection.model,
                    messages=[
                        {"role": "system", "content": system},
                        {"role": "user", "content": user},
                    ],
                    extra_headers=_own_headers(self._connection),
                )
        except openai.OpenAIError as exc:
            raise _translated(exc) from exc
        if not answer.choices or not answer.choices[0].message.content:
            raise UpstreamFailed(
                say("model_no_text", "The model answered without any text."), permanent=False
            )
        usage = answer.usage
        return Completion(
            text=answer.choices[0].message.content,
            model=answer.model,
            input_tokens=usage.prompt_tokens if usage else None,
            output_tokens=usage.completion_tokens if usage else None,
        )


def probe(connection: LlmConnection) -> ProbeResult:
    """Ask for the list of models: does the address answer, does it take the key?"""
    started = time.monotonic()
    try:
        with guarded_client(10) as client:
            answer = client.get(
                connection.models_url or f"{connection.api_root}/models",
                headers=dict(connection.own_headers) or _probe_headers(connection.api_key),
            )
    except UnicodeError:  # a header takes ASCII only
        return _probed(started, 0, say("key_characters", "The key has characters that no key has."))
    except (httpx2.HTTPError, httpx2.InvalidURL) as exc:
        return _probed(started, 0, str(exc) or type(exc).__name__)
    status = answer.status_code
    if status != 200:
        return _probed(
            started,
            status,
            _STATUS_HINTS.get(
                status, say("provider_status", "The provider answered {status}.", status=status)
            ),
        )
    found = _model_ids(answer)
    return _probed(started, status, _NO_LIST if found is None else "", found or [])


def _probed(started: float, status: int, detail: str, models: Sequence[str] = ()) -> ProbeResult:
    latency = int((time.monotonic() - started) * 1000)
    return ProbeResult(not detail, status, latency, detail, list(models[:200]))


def _model_ids(answer: httpx2.Response) -> list[str] | None:
    try:
        body = answer.json()
    except (ValueError, RecursionError):
        return None
    models = body.get("data") if isinstance(body, dict) else None
    if not isinstance(models, list):
        return None
    return [str(model["id"]) for model in models if isinstance(model, dict) and "id" in model]


_NO_LIST = say(
    "no_model_list",
    "Something answers here, but not with a list of models: is the base URL complete?",
)


def _probe_headers(api_key: str) -> dict[str, str]:
    """Both dialects' credentials: which one the provider wants is what a probe finds out."""
    headers = {"anthropic-version": "2023-06-01"}
    if api_key:
        headers |= {"authorization": f"Bearer {api_key}", "x-api-key": api_key}
    return headers


_STATUS_HINTS = {
    401: say("key_refused", "The provider refused the key (401)."),
    403: say("key_refused_for_this", "The provider refused the key for this (403)."),
    404: say(
        "nothing_here",
        "Nothing lives at this address (404): is the base URL complete, with /v1 if it has one?",
    ),
}


def _client(connection: LlmConnection) -> "openai.OpenAI":
    import openai

    return openai.OpenAI(
        base_url=connection.api_root,
        api_key=connection.api_key or "none",
        default_query=dict(parse_qsl(connection.query)),
        organization="",
        project="",
        max_retries=0,  # the job decides about retries, not the library
        http_client=guarded_client(settings.METACLAW_MODEL_TIMEOUT_SECONDS),
    )


def _own_headers(connection: LlmConnection) -> "dict[str, str | openai.Omit] | None":
    import openai

    if not connection.own_headers:
        return None
    return {"Authorization": openai.Omit(), **dict(connection.own_headers)}


def _translated(exc: "openai.OpenAIError") -> UpstreamFailed:
    import openai

    if isinstance(exc, openai.APIStatusError):
        status = exc.status_code
        permanent = 400 <= status < 500 and status not in _WORTH_A_RETRY
        english = "The model's provider answered {status}."
        return UpstreamFailed(say("model_status", english, status=status), permanent=permanent)
    if isinstance(exc, openai.APITimeoutError):
        return UpstreamFailed(
            say("model_late", "The model did not answer in time."), permanent=False
        )
    return UpstreamFailed(
        say("model_unreachable", "The model could not be reached: {why}", why=str(exc)),
        permanent=False,
    )
