"""A chat or completion request, as something that can be sampled."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from apps.trainer.errors import BadRequest
from apps.trainer.http.context import Server
from apps.trainer.http.sampling import loaded, policy
from apps.trainer.models.base import Base
from apps.trainer.sampling.asks import MOST_TOP, Ask, checked_prompt, read_options
from apps.trainer.types import Sampler

MOST_CHOICES = 16
_MOST_LOGPROBS = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What to sample from, and how to answer. One ask per prompt."""

    model: str
    sampler: Sampler
    base: Base
    asks: list[Ask]
    is_streamed: bool
    wants_usage: bool
    echo: bool
    logprobs: int | None


async def read_chat(server: Server, tenant: str, body: dict[str, Any]) -> Asked:
    sampler, base = await _policy(server, tenant, body)
    tokens = _rendered(base, body)
    wanted = body.get("logprobs") is True
    top = _top(body.get("top_logprobs")) if wanted else 0
    limit = body.get("max_completion_tokens", body.get("max_tokens"))
    ask = _ask(body, base, tokens, limit=limit, top=top)
    return _asked(body, sampler, base, [ask], echo=False, logprobs=top if wanted else None)


async def read_completion(server: Server, tenant: str, body: dict[str, Any]) -> Asked:
    sampler, base = await _policy(server, tenant, body)
    wanted = body.get("logprobs")
    top = 0 if wanted is None else _top(wanted)
    echo = body.get("echo") is True
    limit = body.get("max_tokens", 16)
    # Nothing new is wanted: the echo alone, which one token more than nothing provides.
    asks = [
        _ask(body, base, tokens, limit=limit or 1, top=top)
        for tokens in _prompts(base, body.get("prompt"))
    ]
    if echo and wanted is not None:
        asks = [replace(ask, wants_prompt_logprobs=True, top_of_prompt=top) for ask in asks]
    if limit == 0 and not echo:
        raise BadRequest("max_tokens must be at least 1 unless echo is set.")
    return _asked(body, sampler, base, asks, echo=echo, logprobs=None if wanted is None else top)


async def _policy(server: Server, tenant: str, body: dict[str, Any]) -> tuple[Sampler, Base]:
    """``model`` is a base model, a sampler path, or both with a semicolon between them."""
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise BadRequest("model is missing.")
    name, _, path = model.rpartition(";") if ";" in model else ("", "", model)
    if path.startswith("tinker://"):
        sampler = policy(server, tenant, "", "", path, name or None)
    else:
        sampler = policy(server, tenant, "", "", None, path)
    return sampler, await loaded(server.bases, sampler.base)


def _rendered(base: Base, body: Mapping[str, Any]) -> list[int]:
    messages, tools = body.get("messages"), body.get("tools")
    if not isinstance(messages, list) or not messages:
        raise BadRequest("messages must hold at least one message.")
    if not all(isinstance(one, dict) and isinstance(one.get("role"), str) for one in messages):
        raise BadRequest("Every message is an object with a role.")
    if tools is not None and not isinstance(tools, list):
        raise BadRequest("tools must be a list.")
    try:
        text = base.tokenizer.apply_chat_template(
            messages, tools=tools or None, add_generation_prompt=True, tokenize=False
        )
    except Exception as exc:  # whatever a model's own template makes of these messages
        raise BadRequest(f"The model's chat template refuses these messages: {exc}") from None
    return _checked(base, base.tokenizer.encode(text, add_special_tokens=False))


def _prompts(base: Base, given: object) -> list[list[int]]:
    if isinstance(given, str):
        return [_checked(base, base.tokenizer.encode(given))]
    if isinstance(given, list) and given:
        if all(type(token) is int for token in given):
            return [_checked(base, given)]
        if len(given) <= MOST_CHOICES and all(isinstance(one, str | list) for one in given):
            return list(itertools.chain.from_iterable(_prompts(base, one) for one in given))
    raise BadRequest("prompt must be a text, tokens, or a short list of either.")


def _checked(base: Base, tokens: list[int]) -> list[int]:
    return checked_prompt(tokens, vocabulary=base.vocabulary, context=base.context)


def _ask(body: Mapping[str, Any], base: Base, tokens: list[int], *, limit: Any, top: int) -> Ask:
    count = body.get("n") or 1
    if type(count) is not int or not 1 <= count <= MOST_CHOICES:
        raise BadRequest(f"n must be between 1 and {MOST_CHOICES}.")
    names = ("temperature", "top_p", "top_k", "seed", "stop")
    values = {name: body[name] for name in names if body.get(name) is not None}
    options = read_options({**values, "max_tokens": limit}, vocabulary=base.vocabulary)
    ask = Ask(prompt=tokens, samples=count, options=options, top_of_sample=top)
    ask.check_memory(context=base.context, bytes_per_token=base.bytes_per_token)
    return ask


def _asked(
    body: Mapping[str, Any],
    sampler: Sampler,
    base: Base,
    asks: list[Ask],
    *,
    echo: bool,
    logprobs: int | None,
) -> Asked:
    options = body.get("stream_options")
    return Asked(
        model=str(body["model"]),
        sampler=sampler,
        base=base,
        asks=asks,
        is_streamed=body.get("stream") is True,
        wants_usage=isinstance(options, dict) and options.get("include_usage") is True,
        echo=echo,
        logprobs=logprobs,
    )


def _top(value: object) -> int:
    if value is None:
        return 0
    if value is True:
        return 1
    if type(value) is not int or not 0 <= value <= min(_MOST_LOGPROBS, MOST_TOP):
        raise BadRequest(f"The number of log-probabilities is 0 to {_MOST_LOGPROBS}.")
    return value
