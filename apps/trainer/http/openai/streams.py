"""Answers as they come: server-sent events."""

from contextlib import aclosing
from typing import Any

import orjson
from aiohttp import web

from apps.trainer.errors import RequestFailed
from apps.trainer.http.context import Server
from apps.trainer.http.openai import answers
from apps.trainer.http.openai.asking import Asked
from apps.trainer.http.openai.listening import Heard, heard
from apps.trainer.http.openai.texts import TextStream

_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}


async def stream(
    request: web.Request, server: Server, asked: Asked, *, is_chat: bool
) -> web.StreamResponse:
    response = web.StreamResponse(headers=_HEADERS)
    await response.prepare(request)
    top = answers.head(asked, "chat.completion.chunk" if is_chat else "text_completion")
    texts = [
        TextStream(asked.base.tokenizer, ask.options, asked.base.ends)
        for ask in asked.asks
        for _ in range(ask.samples)
    ]
    count = 0
    try:
        for i in range(len(texts)) if is_chat else ():
            delta = {"role": "assistant", "content": ""}
            await _send(response, top | {"choices": [_choice(i, {"delta": delta})]})
        # Closed even if the caller goes: the engine is to hear of it.
        async with aclosing(heard(server, asked)) as tokens:
            async for one in tokens:
                count += 1
                text = texts[one.choice].add(one.token, one.end)
                make = _chat_choice if is_chat else _plain_choice
                await _send(response, top | {"choices": [make(asked, one, text)]})
        if asked.wants_usage:
            prompt = sum(len(ask.prompt) for ask in asked.asks)
            used = answers.usage(prompt, count)
            await _send(response, top | {"choices": [], "usage": used})
        await response.write(b"data: [DONE]\n\n")
    except RequestFailed as exc:
        await _send(response, {"error": {"message": exc.message, "type": "server_error"}})
    except ConnectionError:
        return response
    await response.write_eof()
    return response


def _chat_choice(asked: Asked, one: Heard, text: str) -> dict[str, Any]:
    choice = _choice(one.choice, {"delta": {"content": text} if text else {}})
    if asked.logprobs is not None:
        row = answers.chat_logprob(asked, one.token, one.logprob, one.top)
        choice["logprobs"] = {"content": [row]}
    return choice | {"finish_reason": one.end}


def _plain_choice(asked: Asked, one: Heard, text: str) -> dict[str, Any]:
    choice = _choice(one.choice, {"text": text})
    if asked.logprobs is not None:
        choice["logprobs"] = answers.plain_logprobs(asked, [one.token], [one.logprob], [one.top])
    return choice | {"finish_reason": one.end}


def _choice(index: int, content: dict[str, Any]) -> dict[str, Any]:
    return {"index": index, **content, "finish_reason": None, "logprobs": None}


async def _send(response: web.StreamResponse, event: dict[str, Any]) -> None:
    await response.write(b"data: " + orjson.dumps(event) + b"\n\n")
