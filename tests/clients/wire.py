"""A step of the script as the bytes of an answer: three dialects, streamed or whole."""

import json
from typing import Any

from tests.clients.script import Json, Step

_USAGE = {"input_tokens": 900, "output_tokens": 30}


def whole(dialect: str, model: str, step: Step) -> bytes:
    return json.dumps(_WHOLE[dialect](model, step)).encode()


def stream(dialect: str, model: str, step: Step) -> bytes:
    """All events of a streamed answer."""
    if dialect == "chat":
        events = [f"data: {json.dumps(one)}\n\n" for one in _chat_chunks(model, step)]
        return "".join([*events, "data: [DONE]\n\n"]).encode()
    made = _message_events(model, step) if dialect == "messages" else _response_events(model, step)
    return "".join(f"event: {one['type']}\ndata: {json.dumps(one)}\n\n" for one in made).encode()


def _halves(text: str) -> list[str]:
    return [text[: len(text) // 2], text[len(text) // 2 :]]


def _chat_whole(model: str, step: Step) -> Json:
    message: Json = {"role": "assistant", "content": step.text or None}
    if step.tool:
        function = {"name": step.tool, "arguments": step.arguments}
        message["tool_calls"] = [{"id": step.id, "type": "function", "function": function}]
    choice = {"index": 0, "message": message, "finish_reason": _chat_end(step)}
    usage = {"prompt_tokens": 900, "completion_tokens": 30, "total_tokens": 930}
    head = {"id": f"chatcmpl-{step.id}", "object": "chat.completion", "created": 1700000000}
    return head | {"model": model, "choices": [choice], "usage": usage}


def _chat_end(step: Step) -> str:
    return "tool_calls" if step.tool else "stop"


def _chat_chunks(model: str, step: Step) -> list[Json]:
    base = _chat_whole(model, step)
    usage = base.pop("usage")
    base["object"] = "chat.completion.chunk"
    deltas: list[Json] = [{"role": "assistant", "content": None if step.tool else ""}]
    if step.tool:
        function = {"name": step.tool, "arguments": ""}
        call = {"index": 0, "id": step.id, "type": "function", "function": function}
        deltas.append({"tool_calls": [call]})
        pieces = ({"index": 0, "function": {"arguments": one}} for one in _halves(step.arguments))
        deltas += [{"tool_calls": [piece]} for piece in pieces]
    else:
        deltas += [{"content": piece} for piece in _halves(step.text)]
    choices = [{"index": 0, "delta": one, "finish_reason": None} for one in deltas]
    choices.append({"index": 0, "delta": {}, "finish_reason": _chat_end(step)})
    chunks = [base | {"choices": [choice]} for choice in choices]
    return [*chunks, base | {"choices": [], "usage": usage}]


def _message_block(step: Step) -> Json:
    if step.tool:
        arguments = json.loads(step.arguments)
        return {"type": "tool_use", "id": f"toolu_{step.id}", "name": step.tool, "input": arguments}
    return {"type": "text", "text": step.text}


def _message_whole(model: str, step: Step) -> Json:
    return {
        "id": f"msg_{step.id}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [_message_block(step)],
        "stop_reason": "tool_use" if step.tool else "end_turn",
        "stop_sequence": None,
        "usage": _USAGE,
    }


def _message_events(model: str, step: Step) -> list[Json]:
    end = _message_whole(model, step)
    start = end | {"content": [], "stop_reason": None}
    block = _message_block(step) | ({"input": {}} if step.tool else {"text": ""})
    if step.tool:
        deltas = [
            {"type": "input_json_delta", "partial_json": piece} for piece in _halves(step.arguments)
        ]
    else:
        deltas = [{"type": "text_delta", "text": piece} for piece in _halves(step.text)]
    return [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": block},
        *({"type": "content_block_delta", "index": 0, "delta": delta} for delta in deltas),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": end["stop_reason"], "stop_sequence": None},
            "usage": _USAGE,
        },
        {"type": "message_stop"},
    ]


def _response_item(step: Step) -> Json:
    if step.tool:
        return {
            "type": "function_call",
            "id": f"fc_{step.id}",
            "call_id": step.id,
            "name": step.tool,
            "arguments": step.arguments,
            "status": "completed",
        }
    part = {"type": "output_text", "text": step.text, "annotations": []}
    return {
        "type": "message",
        "id": f"msg_{step.id}",
        "role": "assistant",
        "status": "completed",
        "content": [part],
    }


def _response_whole(model: str, step: Step) -> Json:
    usage = _USAGE | {"total_tokens": 930, "input_tokens_details": {"cached_tokens": 0}}
    return {
        "id": f"resp_{step.id}",
        "object": "response",
        "created_at": 1700000000,
        "status": "completed",
        "model": model,
        "output": [_response_item(step)],
        "usage": usage | {"output_tokens_details": {"reasoning_tokens": 0}},
    }


def _response_events(model: str, step: Step) -> list[Json]:
    end = _response_whole(model, step)
    start = end | {"status": "in_progress", "output": [], "usage": None}
    item = _response_item(step)
    empty = item | {"status": "in_progress"}
    empty |= {"arguments": ""} if step.tool else {"content": []}
    events: list[Json] = [
        {"type": "response.created", "response": start},
        {"type": "response.in_progress", "response": start},
        {"type": "response.output_item.added", "output_index": 0, "item": empty},
        *_response_deltas(step, item),
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": end},
    ]
    return [one | {"sequence_number": number} for number, one in enumerate(events)]


def _response_deltas(step: Step, item: Json) -> list[Json]:
    place: dict[str, Any] = {"item_id": item["id"], "output_index": 0}
    if step.tool:
        kind = "response.function_call_arguments"
        deltas = [
            {"type": f"{kind}.delta", "delta": one} | place for one in _halves(step.arguments)
        ]
        return [*deltas, {"type": f"{kind}.done", "arguments": step.arguments} | place]
    place["content_index"] = 0
    part = item["content"][0]
    return [
        {"type": "response.content_part.added", "part": part | {"text": ""}} | place,
        *(
            {"type": "response.output_text.delta", "delta": one, "logprobs": []} | place
            for one in _halves(step.text)
        ),
        {"type": "response.output_text.done", "text": step.text, "logprobs": []} | place,
        {"type": "response.content_part.done", "part": part} | place,
    ]


_WHOLE = {"chat": _chat_whole, "messages": _message_whole, "responses": _response_whole}
