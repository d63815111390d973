"""A message of the Anthropic API as a chat completion."""

from typing import Any

from apps.dialects.errors import UnreadableAnswer
from apps.dialects.names import core_of, tool_name
from apps.dialects.reasoning import DETAILS, detail_of
from apps.dialects.shape import as_json, dict_of, dicts_in, text_of
from apps.dialects.stops import chat_finish
from apps.dialects.usage import chat_from_anthropic

Body = dict[str, Any]


def completion_of(body: Body, request: Body, created_at: int) -> Body:
    if not isinstance(body.get("content"), list):
        raise UnreadableAnswer("content", "the provider's answer holds no content.")
    message = _message(dicts_in(body["content"]), original_names(request))
    finish = chat_finish(body.get("stop_reason"), has_calls="tool_calls" in message)
    return {
        "id": f"chatcmpl-{core_of(body.get('id'), request)}",
        "object": "chat.completion",
        "created": created_at,
        "model": text_of(body.get("model")) or text_of(request.get("model")),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": finish}],
        "usage": chat_from_anthropic(body.get("usage")),
    }


def original_names(request: Body) -> dict[str, str]:
    """The caller's name of every tool whose name had to change for the provider."""
    functions = [dict_of(tool.get("function")) for tool in dicts_in(request.get("tools"))]
    names = [text_of(function.get("name")) for function in functions]
    return {sent: name for name in names if (sent := tool_name(name)) != name}


def call_of(block: Body, names: dict[str, str], arguments: str) -> Body:
    name = text_of(block.get("name"))
    function = {"name": names.get(name, name), "arguments": arguments}
    return {"id": text_of(block.get("id")), "type": "function", "function": function}


def _message(blocks: list[Body], names: dict[str, str]) -> Body:
    def said(kind: str, name: str) -> str:
        return "".join(text_of(block.get(name)) for block in blocks if block.get("type") == kind)

    text, thought = said("text", "text"), said("thinking", "thinking")
    message: Body = {"role": "assistant", "content": text or None, "refusal": None}
    if thought:
        message["reasoning_content"] = thought
    details = [detail_of(block, at) for at, block in enumerate(blocks)]
    if any(details):
        message[DETAILS] = [detail for detail in details if detail]
    calls = [
        call_of(block, names, as_json(dict_of(block.get("input"))))
        for block in blocks
        if block.get("type") == "tool_use"
    ]
    return message | ({"tool_calls": calls} if calls else {})
