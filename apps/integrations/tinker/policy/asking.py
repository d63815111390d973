"""A chat completions request, read and checked: what is to be rendered and how to sample.

https://platform.openai.com/docs/api-reference/chat/create
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from apps.integrations.tinker.policy.refusing import Refused, beyond, invalid

_SAMPLER_PATH = "tinker://"
_STOPS_MAX = 16
_LARGEST_SEED = 2**31 - 1
# Asked for with these values they ask for nothing.
_NOTHING: Mapping[str, tuple[Any, ...]] = {
    "presence_penalty": (0,),
    "frequency_penalty": (0,),
    "logit_bias": ({},),
    "logprobs": (False,),
    "response_format": ({"type": "text"},),
    "functions": ([],),
    "audio": (),
    "prediction": (),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """``path`` is that of the weights, empty for the base model itself; without a ``base_model``
    the trainer says whose weights they are."""

    model: str
    base_model: str
    path: str
    messages: Sequence[Mapping[str, Any]]
    tools: Sequence[Mapping[str, Any]]
    # None: as many as there is room for.
    max_tokens: int | None
    temperature: float
    top_p: float
    stop: tuple[str, ...]
    seed: int | None


def read(raw: bytes) -> Asked:
    """Raises Refused: the caller's mistake, or something that no sampler has."""
    try:
        body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refused(400, "The body is not JSON.", "invalid_json") from None
    if not isinstance(body, dict):
        raise Refused(400, "The body has to be an object.", "invalid_json")
    if body.get("n") not in (None, 1):
        raise invalid("n", "has to be 1 here: ask several times for several answers")
    for name, harmless in _NOTHING.items():
        value = body.get(name)
        if value is not None and value not in harmless:
            raise beyond(name, "is not something that a policy can be asked for")
    base_model, path = _model(body.get("model"))
    return Asked(
        model=str(body["model"]),
        base_model=base_model,
        path=path,
        messages=_messages(body.get("messages")),
        tools=_tools(body),
        max_tokens=_max_tokens(body),
        temperature=_number(body, "temperature", default=1.0, least=0.0, most=100.0),
        top_p=_top_p(body),
        stop=_stop(body.get("stop")),
        seed=_seed(body.get("seed")),
    )


def _model(model: Any) -> tuple[str, str]:
    """A base model, the path of weights, or both with a semicolon between them."""
    if not isinstance(model, str) or not model:
        raise invalid("model", "has to be the name of a base model or the path of a checkpoint")
    base, mark, path = model.partition(";")
    if not mark and base.startswith(_SAMPLER_PATH):
        return "", base
    if mark and not path.startswith(_SAMPLER_PATH):
        raise invalid("model", f"has to have a path behind its semicolon: {_SAMPLER_PATH}…")
    return base, path


def _messages(messages: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(messages, list) or not messages:
        raise invalid("messages", "has to be a list with at least one message")
    for number, message in enumerate(messages):
        if not isinstance(message, dict) or not isinstance(message.get("role"), str):
            raise invalid(f"messages[{number}]", "has to be an object with a role")
    return messages


def _tools(body: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    tools, choice = body.get("tools") or [], body.get("tool_choice")
    if not isinstance(tools, list) or not all(isinstance(one, dict) for one in tools):
        raise invalid("tools", "has to be a list of objects")
    if choice in (None, "auto"):
        return tools
    if choice == "none":
        return []
    raise beyond("tool_choice", "cannot be made sure of: a policy calls what it wants to call")


def _max_tokens(body: Mapping[str, Any]) -> int | None:
    for name in ("max_completion_tokens", "max_tokens"):
        value = body.get(name)
        if value is None:
            continue
        if type(value) is not int or value < 1:
            raise invalid(name, "has to be a whole number above 0")
        return value
    return None


def _top_p(body: Mapping[str, Any]) -> float:
    top_p = _number(body, "top_p", default=1.0, least=0.0, most=1.0)
    if top_p == 0:
        raise invalid("top_p", "has to be above 0")
    return top_p


def _number(
    body: Mapping[str, Any], name: str, *, default: float, least: float, most: float
) -> float:
    value = body.get(name)
    if value is None:
        return default
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not least <= value <= most:
        raise invalid(name, f"has to be a number from {least:g} to {most:g}")
    return float(value)


def _stop(stop: Any) -> tuple[str, ...]:
    stops = [stop] if isinstance(stop, str) else stop or []
    if not isinstance(stops, list) or not all(isinstance(one, str) and one for one in stops):
        raise invalid("stop", "has to be a text or a list of texts")
    if len(stops) > _STOPS_MAX:
        raise invalid("stop", f"has at most {_STOPS_MAX} texts")
    return tuple(stops)


def _seed(seed: Any) -> int | None:
    if seed is None:
        return None
    if type(seed) is not int:
        raise invalid("seed", "has to be a whole number")
    # Callers send any; samplers take small ones. The same seed stays the same.
    return seed % _LARGEST_SEED
