"""Answers of providers, as bytes. Key order and spacing are odd on purpose."""

import json

TEXT = "Grüße 👋: [DONE] is not the end."


def _sse(*events: object) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)


def openai_stream(text: str = TEXT) -> bytes:
    half = len(text) // 2
    base = {"id": "c1", "object": "chat.completion.chunk", "model": "served-1"}
    deltas = [{"role": "assistant", "content": ""}, {"content": text[:half]}]
    deltas.append({"content": text[half:]})
    events: list[object] = [base | {"choices": [{"index": 0, "delta": one}]} for one in deltas]
    events.append(base | {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    usage = {"prompt_tokens": 11, "completion_tokens": 7, "total_tokens": 18}
    events.append(base | {"choices": [], "usage": usage})
    return _sse(*events) + b"data: [DONE]\n\n"


def anthropic_stream(text: str = TEXT) -> bytes:
    half = len(text) // 2
    start = {"model": "served-1", "usage": {"input_tokens": 11, "cache_read_input_tokens": 5}}
    events: list[dict[str, object]] = [
        {"type": "message_start", "message": start},
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        {"type": "ping"},
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": text[:half]},
        },
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": text[half:]},
        },
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn"},
            "usage": {"output_tokens": 7},
        },
        {"type": "message_stop"},
    ]
    return b"".join(
        f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode() for event in events
    )


def stream_of(dialect: str, text: str = "") -> bytes:
    return (anthropic_stream if dialect == "anthropic" else openai_stream)(text or TEXT)


def unmarked_stream_of(dialect: str) -> bytes:
    """All of a stream but its last event."""
    stream = stream_of(dialect).removesuffix(b"\n\n")
    return stream[: stream.rindex(b"\n\n") + 2]


def whole_of(dialect: str, text: str = "") -> bytes:
    text = text or TEXT
    if dialect == "anthropic":
        return json.dumps(
            {
                "usage": {"output_tokens": 7, "input_tokens": 11},
                "type": "message",
                "role": "assistant",
                "model": "served-1",
                "content": [{"text": text, "type": "text"}],
                "stop_reason": "end_turn",
                "x_unknown": [1.0, 12345678901234567890123],
            },
            indent=1,
        ).encode()
    return json.dumps(
        {
            "x_unknown": [1.0, 12345678901234567890123],
            "choices": [
                {
                    "finish_reason": "stop",
                    "message": {"content": text, "role": "assistant"},
                    "index": 0,
                }
            ],
            "model": "served-1",
            "usage": {"completion_tokens": 7, "prompt_tokens": 11},
        },
        indent=1,
    ).encode()


def error_of(status: int) -> bytes:
    return b'{"error" : {"message":"no \\u00fcse", "n":1.0, "code":"c%d"}}' % status
