"""What was sampled, as a chat completion and as a sample to learn from."""

import base64
import secrets
import time
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.integrations.tinker.policy.asking import Asked
from apps.integrations.tinker.types import Said, Sampled


@dataclass(frozen=True, slots=True)
class Drawn:
    """One answer of a policy, with the prompt it was given as tokens."""

    base_model: str
    prompt: list[int]
    sampled: Sampled
    said: Said


def answer_of(asked: Asked, drawn: Drawn) -> dict[str, Any]:
    """The completion is for the caller; the sample never leaves the installation."""
    return {"completion": _completion(asked, drawn), "sample": _sample(asked, drawn)}


def _completion(asked: Asked, drawn: Drawn) -> dict[str, Any]:
    message = drawn.said.message()
    text, stop = cut(drawn.said.text, asked.stop)
    message["content"] = text or (None if message.get("tool_calls") else "")
    reason = "tool_calls" if message.get("tool_calls") else drawn.sampled.stop_reason
    choice: dict[str, Any] = {"index": 0, "message": message, "finish_reason": reason}
    if stop:
        choice["stop_reason"] = stop
    given, made = len(drawn.prompt), len(drawn.sampled.tokens)
    return {
        "id": f"chatcmpl-{secrets.token_hex(12)}",
        "object": "chat.completion",
        "created": int(time.time()),
        "model": asked.model,
        "choices": [choice | {"logprobs": None}],
        "usage": {
            "prompt_tokens": given,
            "completion_tokens": made,
            "total_tokens": given + made,
        },
    }


def cut(text: str, stops: tuple[str, ...]) -> tuple[str, str]:
    """The text before the first stop in it, and that stop. Its tokens stay in the sample."""
    found = [(place, stop) for stop in stops if (place := text.find(stop)) >= 0]
    if not found:
        return text, ""
    place, stop = min(found, key=lambda one: one[0])
    return text[:place], stop


def _sample(asked: Asked, drawn: Drawn) -> dict[str, Any]:
    return {
        "prompt_tokens": _packed(drawn.prompt, "<i4"),
        "tokens": _packed(drawn.sampled.tokens, "<i4"),
        "logprobs": _packed(drawn.sampled.logprobs, "<f4"),
        "temperature": asked.temperature,
        "stop_reason": drawn.sampled.stop_reason,
        "base_model": drawn.base_model,
        "checkpoint": asked.path,
    }


def _packed(values: Any, kind: str) -> str:
    return base64.b64encode(np.asarray(values, kind).tobytes()).decode()
