"""What the scripted provider sends: how an answer is written, paced, framed and broken off."""

import json
from dataclasses import dataclass
from enum import StrEnum

EVENTS = 20
PAUSE_SECONDS = 0.02
_WORDS = ("Wait", " a", " little", " longer", " after", " each", " failed", " try.")
# The whole text of every answer that is streamed to the end.
TEXT = "".join(_WORDS[number % len(_WORDS)] for number in range(EVENTS))


class Framing(StrEnum):
    """How a reader knows that the body is over."""

    LENGTH = "length"
    CHUNKED = "chunked"
    # By the end of the connection alone.
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Play:
    """One answer. The connection is closed behind its last piece if ``is_cut``."""

    pieces: tuple[bytes, ...]
    content_type: str = "text/event-stream"
    framing: Framing = Framing.CHUNKED
    pause: float = 0.0
    is_cut: bool = False

    def head(self) -> bytes:
        size = sum(map(len, self.pieces))
        framing = {
            Framing.LENGTH: f"content-length: {size}\r\n",
            Framing.CHUNKED: "transfer-encoding: chunked\r\n",
            Framing.CLOSE: "connection: close\r\n",
        }[self.framing]
        return f"HTTP/1.1 200 OK\r\ncontent-type: {self.content_type}\r\n{framing}\r\n".encode()

    def framed(self, piece: bytes) -> bytes:
        if self.framing is not Framing.CHUNKED:
            return piece
        return b"%x\r\n%b\r\n" % (len(piece), piece)


def streamed() -> Play:
    """A chat answer in events, paced as a model writes."""
    events = [_event({"content": word}) for word in _each_word()]
    events.append(_event({}, finish_reason="stop"))
    events.append(b"data: [DONE]\n\n")
    return Play(tuple(events), pause=PAUSE_SECONDS)


def whole() -> Play:
    message = {"role": "assistant", "content": TEXT}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 250, "completion_tokens": EVENTS, "total_tokens": 250 + EVENTS}
    body = {"id": "c1", "object": "chat.completion", "model": "bench-1", "choices": [choice]}
    return json_answer(body | {"usage": usage})


def json_answer(body: dict[str, object]) -> Play:
    return Play((json.dumps(body).encode(),), "application/json", Framing.LENGTH)


def _each_word() -> list[str]:
    return [_WORDS[number % len(_WORDS)] for number in range(EVENTS)]


def _event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    event = {"id": "c1", "object": "chat.completion.chunk", "model": "bench-1", "choices": [choice]}
    return b"data: " + json.dumps(event).encode() + b"\n\n"
