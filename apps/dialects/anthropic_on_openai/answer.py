"""A chat completion as a message of the Anthropic API."""

from typing import Any

from apps.dialects.anthropic_on_openai.tools import original_names
from apps.dialects.arguments import as_object
from apps.dialects.chat_parts import Part, Parts
from apps.dialects.errors import UnreadableAnswer
from apps.dialects.names import core_of
from apps.dialects.reasoning import sealed
from apps.dialects.shape import dict_of, dicts_in, text_of
from apps.dialects.stops import anthropic_stop
from apps.dialects.usage import anthropic_from_chat

Body = dict[str, Any]


def message_of(body: Body, request: Body) -> Body:
    choice = next(iter(dicts_in(body.get("choices"))), None)
    if choice is None or not isinstance(choice.get("message"), dict):
        raise UnreadableAnswer("choices", "the provider's answer holds no message.")
    parts = Parts()
    parts.grow(choice["message"])
    core = core_of(body.get("id"), request)
    reason, sequence = stop_of(
        parts, text_of(choice.get("finish_reason")), choice.get("stop_reason"), request
    )
    message = opening(core, text_of(body.get("model")) or text_of(request.get("model")))
    names, shown = original_names(request), shows_thinking(request)
    for at, part in enumerate(parts.all):
        if part.kind != "reasoning" or shown:
            part.call_id = part.call_id or f"call_{core}_{at}"
            message["content"].append(whole_block(part, names, request))
    message |= {"stop_reason": reason, "stop_sequence": sequence}
    return message | {"usage": anthropic_from_chat(body.get("usage") or choice.get("usage"))}


def opening(core: str, model: str) -> Body:
    """The message as it is before the model said anything."""
    return {
        "id": f"msg_{core}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": anthropic_from_chat(None),
    }


def stop_of(
    parts: Parts, finish_reason: str, stop_text: Any, request: Body
) -> tuple[str, str | None]:
    return anthropic_stop(
        finish_reason,
        stop_text,
        request.get("stop_sequences"),
        has_calls=parts.has_calls,
        has_refused=any(part.kind == "refusal" for part in parts.all),
    )


def whole_block(part: Part, names: dict[str, str], request: Body) -> Body:
    if part.kind == "call":
        return empty_block(part, names) | {"input": as_object(part.text)}
    if part.kind == "reasoning":
        text = "" if hides_thinking(request) else part.text
        return {"type": "thinking", "thinking": text, "signature": sealed(part.text)}
    return {"type": "text", "text": part.text}


def empty_block(part: Part, names: dict[str, str]) -> Body:
    """A block as a stream opens it."""
    if part.kind == "call":
        name = names.get(part.name, part.name)
        return {"type": "tool_use", "id": part.call_id, "name": name, "input": {}}
    if part.kind == "reasoning":
        return {"type": "thinking", "thinking": "", "signature": ""}
    return {"type": "text", "text": ""}


def shows_thinking(request: Body) -> bool:
    """Only who asked for thinking gets blocks of it, as from the API itself."""
    return dict_of(request.get("thinking")).get("type") in ("enabled", "adaptive")


def hides_thinking(request: Body) -> bool:
    return dict_of(request.get("thinking")).get("display") == "omitted"
