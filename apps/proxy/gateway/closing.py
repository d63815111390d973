"""The request with which an agent's bridge says that a session is over.

Answered here: it is about the session, not for a model. AutoResearchClaw sends it with the model
name ``session-end``.
"""

import time
from typing import Any

import orjson

from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.turn import TurnInFlight


def closing_answer(asked: Asked, turn: TurnInFlight) -> tuple[bytes, bytes]:
    """(content type, body) of an empty answer in the caller's dialect."""
    if asked.dialect.name == "anthropic":
        message: dict[str, Any] = {
            "id": f"msg_{turn.id.hex}",
            "type": "message",
            "role": "assistant",
            "model": asked.model,
            "content": [],
            "stop_reason": "end_turn",
            "stop_sequence": None,
            "usage": {"input_tokens": 0, "output_tokens": 0},
        }
        return b"application/json", orjson.dumps(message)
    kind = "chat.completion.chunk" if asked.is_stream else "chat.completion"
    said = {"role": "assistant", "content": ""}
    answer = {
        "id": f"chatcmpl-{turn.id.hex}",
        "object": kind,
        "created": int(time.time()),
        "model": asked.model,
        "choices": [
            {"index": 0, "delta" if asked.is_stream else "message": said, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": 0, "completion_tokens": 0, "total_tokens": 0},
    }
    if asked.is_stream:
        events = b"data: " + orjson.dumps(answer) + b"\n\ndata: [DONE]\n\n"
        return b"text/event-stream", events
    return b"application/json", orjson.dumps(answer)
