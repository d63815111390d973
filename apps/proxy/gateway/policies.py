"""Asking a policy of ours, through the process beside the gateway that samples from it.

What comes back is a whole answer and, beside it, the tokens it was sampled as. The caller gets
the answer in the API it asked in, in one piece or as a stream of one piece; the tokens go into
the record of the turn and nowhere else.
"""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
import orjson
from django.conf import settings

from apps.dialects import Translation, UnreadableAnswer
from apps.integrations.tinker.policy import (
    ANSWER_PATH,
    CANNOT_HEADER,
    PATIENCE_HEADER,
    STAND_IN_HEADER,
    TRAINER_HEADER,
)
from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.providers import ProviderFailed
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.relay import Send, read_whole, send_whole
from apps.proxy.gateway.routing import Way
from apps.proxy.gateway.turn import TurnInFlight

# The process ends by itself when the patience is over; this is for one that hangs.
_GRACE_SECONDS = 2.0
_CONNECT_SECONDS = 5.0
_STREAM = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
    (b"x-accel-buffering", b"no"),
)
_JSON = ((b"content-type", b"application/json"),)


class PolicyClient:
    """The connection to the policy process. One per gateway process."""

    def __init__(self) -> None:
        self._url = f"{settings.METACLAW_POLICY_URL.rstrip('/')}{ANSWER_PATH}"
        # Not the client towards providers: the address is the operator's own, and mostly private.
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=4.0),
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )

    async def ask(
        self,
        way: Way,
        body: bytes,
        keys: list[tuple[str, str]],
        seconds: float,
        *,
        has_stand_in: bool,
    ) -> aiohttp.ClientResponse:
        """Wait for the whole answer. Raises ProviderFailed: nothing was done that would be kept."""
        headers = [
            ("content-type", "application/json"),
            (TRAINER_HEADER, way.upstream.base_url),
            (PATIENCE_HEADER, f"{seconds:g}"),
            *keys,
        ]
        if has_stand_in:
            headers.append((STAND_IN_HEADER, "1"))
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS)
        try:
            async with asyncio.timeout(seconds + _GRACE_SECONDS):
                return await self._session.post(
                    self._url, headers=headers, data=body, timeout=timeout, allow_redirects=False
                )
        except TimeoutError as exc:
            message = f"The policy behind {way.upstream.name} did not answer in time."
            raise ProviderFailed(504, "upstream_timeout", message, was_sent=False) from exc
        except aiohttp.ClientError as exc:
            message = "The policy process of this installation does not answer."
            raise ProviderFailed(502, "policy_process_away", message, was_sent=False) from exc

    async def close(self) -> None:
        await self._session.close()


def no_policy_process() -> ProviderFailed:
    message = (
        "This installation runs no policy process, which answers from policies."
        " An operator can name one with METACLAW_POLICY_URL."
    )
    return ProviderFailed(502, "no_policy_process", message, was_sent=False)


def reason_not_to(way: Way, response: aiohttp.ClientResponse) -> str:
    """In a word, why the policy cannot answer this where another provider might; or nothing."""
    return response.headers.get(CANNOT_HEADER, "") if way.is_sampled else ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What becomes of an answer: read from the request before that is let go of."""

    is_stream: bool
    wants_usage: bool
    # The skills of this generation of the library are in the prompt.
    generation: int

    @classmethod
    def of(cls, asked: Asked, generation: int) -> "Wanted":
        options = asked.body.values.get("stream_options")
        wants_usage = isinstance(options, Mapping) and bool(options.get("include_usage"))
        return cls(asked.is_stream, wants_usage, generation)


async def relay_sampled(
    response: aiohttp.ClientResponse,
    send: Send,
    turn: TurnInFlight,
    own_headers: list[tuple[bytes, bytes]],
    translation: Translation | None,
    wanted: Wanted,
) -> None:
    """Record the answer with its tokens, and pass the answer on. Raises Refusal 502."""
    data = await read_whole(response, turn)
    turn.mark("first_byte")
    try:
        found = orjson.loads(data)
        completion, sample = found["completion"], found["sample"]
        said = _said(completion, translation, wanted)
    except (orjson.JSONDecodeError, KeyError, TypeError, UnreadableAnswer) as exc:
        message = "The policy's answer cannot be read."
        raise Refusal(502, "upstream_failed", message) from exc
    headers = [*own_headers, *(_STREAM if wanted.is_stream else _JSON)]
    if translation is not None and translation.left_out:
        headers.append((b"x-metaclaw-left-out", ", ".join(translation.left_out).encode()))
    turn.end(
        status="complete",
        http_status=200,
        data=said,
        sample={**sample, "generation": wanted.generation},
    )
    await send_whole(send, 200, headers, said)


def _said(completion: dict[str, Any], translation: Translation | None, wanted: Wanted) -> bytes:
    if not wanted.is_stream:
        answer = completion if translation is None else translation.answer(completion)
        return orjson.dumps(answer)
    if translation is None:
        return b"".join(_events(completion, wants_usage=wanted.wants_usage))
    stream = translation.stream()
    said = [stream.feed(event) for event in _events(completion, wants_usage=True)]
    said.append(stream.end())
    if not stream.is_complete:
        raise UnreadableAnswer("", "The policy's answer has no end.")
    return b"".join(said)


def _events(completion: dict[str, Any], *, wants_usage: bool) -> Iterator[bytes]:
    """A whole completion as a stream: all it says in one piece, as its sampler gave it."""
    (choice,) = completion["choices"]
    head = {name: completion[name] for name in ("id", "created", "model")}
    head["object"] = "chat.completion.chunk"
    delta = {name: value for name, value in choice["message"].items() if value is not None}
    if "tool_calls" in delta:
        calls = enumerate(delta["tool_calls"])
        delta["tool_calls"] = [{"index": index, **call} for index, call in calls]
    end = {
        name: value for name, value in choice.items() if name in ("finish_reason", "stop_reason")
    }
    choices: list[dict[str, Any]] = [
        {"index": 0, "delta": delta, "finish_reason": None},
        {"index": 0, "delta": {}, **end},
    ]
    rest = {"usage": None} if wants_usage else {}
    for one in choices:
        yield _event({**head, "choices": [one], **rest})
    if wants_usage:
        yield _event({**head, "choices": [], "usage": completion["usage"]})
    yield b"data: [DONE]\n\n"


def _event(data: dict[str, Any]) -> bytes:
    return b"data: " + orjson.dumps(data) + b"\n\n"
