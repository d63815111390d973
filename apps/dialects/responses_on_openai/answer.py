"""A chat completion as a response."""

from typing import Any

from apps.dialects.chat_parts import Parts
from apps.dialects.errors import UnreadableAnswer
from apps.dialects.names import core_of
from apps.dialects.responses_on_openai.asked import Asked
from apps.dialects.responses_on_openai.output import item_id, whole_item
from apps.dialects.shape import dicts_in, text_of
from apps.dialects.usage import response_from_chat

Body = dict[str, Any]

_CUT_SHORT = {"length": "max_output_tokens", "content_filter": "content_filter"}


def response_of(body: Body, asked: Asked) -> Body:
    choice = next(iter(dicts_in(body.get("choices"))), None)
    if choice is None or not isinstance(choice.get("message"), dict):
        raise UnreadableAnswer("choices", "the provider's answer holds no message.")
    parts = Parts()
    parts.grow(choice["message"])
    core = core_of(body.get("id"), asked.request)
    finish = text_of(choice.get("finish_reason"))
    for at, part in enumerate(parts.all):
        part.call_id = part.call_id or f"call_{core}_{at}"
    output = output_of(parts, core, asked, finish)
    response = asked.response(core, text_of(body.get("model")) or model_of(asked))
    usage = response_from_chat(body.get("usage") or choice.get("usage"))
    return response | {"output": output, "usage": usage} | ending(finish)


def output_of(parts: Parts, core: str, asked: Asked, finish: str) -> list[Body]:
    last = len(parts.all) - 1
    return [
        whole_item(
            part, item_id(part, core, at, asked), asked, status_of(finish, is_last=at == last)
        )
        for at, part in enumerate(parts.all)
    ]


def ending(finish: str) -> Body:
    """Status of a response, and why it is not whole."""
    reason = _CUT_SHORT.get(finish)
    if reason is None:
        return {"status": "completed"}
    return {"status": "incomplete", "incomplete_details": {"reason": reason}}


def status_of(finish: str, *, is_last: bool) -> str:
    """Only the last item of an answer that was cut short is not whole."""
    return "incomplete" if is_last and finish in _CUT_SHORT else "completed"


def model_of(asked: Asked) -> str:
    return text_of(asked.request.get("model"))
