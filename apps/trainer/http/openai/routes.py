"""Chat, completions, models."""

import asyncio
import time
from typing import Any

from aiohttp import web

from apps.trainer.errors import BadRequest, Refused, RequestFailed
from apps.trainer.http.context import answer, json_of, server_of, tenant_of
from apps.trainer.http.openai import answers
from apps.trainer.http.openai.asking import Asked, read_chat, read_completion
from apps.trainer.http.openai.listening import sampled
from apps.trainer.http.openai.streams import stream
from apps.trainer.names import SAMPLER
from apps.trainer.sampling.results import Sampled

_ROOT = "/oai/api/v1"
_MOST_LISTED = 1_000


async def chat(request: web.Request) -> web.StreamResponse:
    server = server_of(request)
    asked = await read_chat(server, tenant_of(request), await json_of(request))
    if asked.is_streamed:
        return await stream(request, server, asked, is_chat=True)
    return answer(answers.chat(asked, await _all(request, asked)))


async def completions(request: web.Request) -> web.StreamResponse:
    server = server_of(request)
    body = await json_of(request)
    asked = await read_completion(server, tenant_of(request), body)
    if asked.is_streamed:
        if asked.echo:
            raise BadRequest("echo is not available in a stream.")
        return await stream(request, server, asked, is_chat=False)
    values = answers.completion(asked, await _all(request, asked))
    return answer(_echo_only(asked, values) if body.get("max_tokens") == 0 else values)


async def models(request: web.Request) -> web.Response:
    """The base models, and this tenant's sampler checkpoints."""
    server, tenant = server_of(request), tenant_of(request)
    rows = [_model(name, 0) for name in server.bases.names]
    found, _ = await asyncio.to_thread(
        lambda: server.store.checkpoints.page(tenant, limit=_MOST_LISTED, offset=0)
    )
    rows += [_model(one.path, int(one.created_at)) for one in found if one.kind == SAMPLER]
    return answer({"object": "list", "data": rows})


async def _all(request: web.Request, asked: Asked) -> list[Sampled]:
    try:
        return await sampled(server_of(request), asked)
    except RequestFailed as exc:
        raise Refused(400, exc.message) from None


def _echo_only(asked: Asked, values: dict[str, Any]) -> dict[str, Any]:
    """Without the one token that was sampled to read the prompt."""
    for i, choice in enumerate(values["choices"]):
        prompt = asked.asks[i // asked.asks[0].samples].prompt
        choice["text"] = asked.base.tokenizer.decode(prompt)
        choice["finish_reason"] = "length"
        if choice["logprobs"]:
            choice["logprobs"] = {
                name: row[: len(prompt)] for name, row in choice["logprobs"].items()
            }
    values["usage"] = answers.usage(values["usage"]["prompt_tokens"], 0)
    return values


def _model(name: str, created: int) -> dict[str, Any]:
    return {
        "id": name,
        "object": "model",
        "created": created or int(time.time()),
        "owned_by": "local",
    }


ROUTES = [
    web.post(f"{_ROOT}/chat/completions", chat),
    web.post(f"{_ROOT}/completions", completions),
    web.get(f"{_ROOT}/models", models),
]
