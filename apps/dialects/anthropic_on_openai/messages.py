"""The conversation of an Anthropic request as chat messages.

Every message is translated by itself, so a conversation that grew translates into one that
grew: the provider's prompt cache keeps hitting.
"""

from typing import Any

from apps.dialects.anthropic_on_openai.blocks import chat_parts, texts
from apps.dialects.content import as_content, tool_result
from apps.dialects.errors import Untranslatable
from apps.dialects.names import chat_call_id, tool_name
from apps.dialects.reasoning import unsealed
from apps.dialects.shape import as_json, listed, mapping, sequence, string

Body = dict[str, Any]


def chat_messages(body: Body) -> list[Body]:
    messages: list[Body] = []
    if body.get("system"):
        messages.append(_system(body["system"], "system"))
    given = listed(sequence(body.get("messages"), "messages"), "messages")
    for message, field in given:
        role = message.get("role")
        if role == "user":
            messages += _user(message, field)
        elif role == "assistant":
            messages.append(_assistant(message, field))
        elif role == "system":
            messages.append(_system(message.get("content"), f"{field}.content"))
        else:
            raise Untranslatable(f"{field}.role", "must be user, assistant or system.")
    if given and given[-1][0].get("role") == "assistant":
        says = "this provider cannot go on with an answer that was begun. End with a user message."
        raise Untranslatable(given[-1][1], says)
    return messages


def _system(content: Any, field: str) -> Body:
    return {"role": "system", "content": "\n\n".join(texts(content, field))}


def _user(message: Body, field: str) -> list[Body]:
    """First one ``tool`` message per result, then what was attached to them, then the rest."""
    content = message.get("content")
    if isinstance(content, str):
        return [{"role": "user", "content": content}]
    results: list[Body] = []
    parts: list[Body] = []
    said: list[Body] = []
    for block, place in listed(sequence(content, f"{field}.content"), f"{field}.content"):
        if block.get("type") == "tool_result":
            result, attached = _result(block, place)
            results.append(result)
            parts += attached
        else:
            said += chat_parts(block, place)
    parts += said
    if parts or not results:
        return [*results, {"role": "user", "content": as_content(parts)}]
    return results


def _result(block: Body, field: str) -> tuple[Body, list[Body]]:
    call_id = chat_call_id(string(block.get("tool_use_id"), f"{field}.tool_use_id"))
    content = block.get("content")
    if content is None or isinstance(content, str):
        parts = [{"type": "text", "text": content or ""}]
    else:
        blocks = listed(content, f"{field}.content")
        parts = [part for one, place in blocks for part in chat_parts(one, place)]
    return tool_result(call_id, parts, is_error=bool(block.get("is_error")))


def _assistant(message: Body, field: str) -> Body:
    content = message.get("content")
    if isinstance(content, str):
        return {"role": "assistant", "content": content}
    text: list[str] = []
    calls: list[Body] = []
    thought: list[str] = []
    for block, place in listed(sequence(content, f"{field}.content"), f"{field}.content"):
        kind = block.get("type")
        if kind == "text":
            text.append(string(block.get("text"), f"{place}.text"))
        elif kind == "tool_use":
            calls.append(_call(block, place))
        elif kind in ("thinking", "redacted_thinking"):
            # What another provider signed is left out, as the API itself does with blocks
            # that a model cannot read.
            thought.append((unsealed(block.get("signature")) or {}).get("text", ""))
        else:
            says = f"a {kind} block cannot be carried to this provider. Leave the turn out."
            raise Untranslatable(place, says)
    said: Body = {"role": "assistant", "content": "".join(text) or (None if calls else "")}
    if any(thought):
        said["reasoning_content"] = "".join(thought)
    return said | ({"tool_calls": calls} if calls else {})


def _call(block: Body, field: str) -> Body:
    name = tool_name(string(block.get("name"), f"{field}.name"))
    given = mapping(block.get("input") or {}, f"{field}.input")
    return {
        "id": chat_call_id(string(block.get("id"), f"{field}.id")),
        "type": "function",
        "function": {"name": name, "arguments": as_json(given)},
    }
