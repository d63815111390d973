"""OpenAI's own library on the caller's side, real HTTP in between, translation on the way."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import openai
import pytest

from tests.dialects.recorded import ANTHROPIC_STREAMS, CHAT_STREAMS
from tests.dialects.requests import way

Body = dict[str, Any]
TOOL = {"type": "function", "name": "read", "parameters": {"type": "object"}, "strict": False}


@contextmanager
def gateway(
    caller: str, provider: str, answer: bytes, status: int = 200
) -> Iterator[openai.OpenAI]:
    """A client of a server that translates, and whose provider always says the same.

    The provider's bytes come in small pieces; a cut stream ends without its end.
    """

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            size = int(self.headers["content-length"])
            asked = json.loads(self.rfile.read(size))
            made = way(caller, provider, asked)
            made.request(asked)
            if status != 200:
                return self._send(status, "application/json", [made.error(status, answer)])
            stream = made.stream()
            pieces = [stream.feed(answer[at : at + 7]) for at in range(0, len(answer), 7)]
            return self._send(200, "text/event-stream", [*pieces, stream.end()])

        def _send(self, status: int, kind: str, pieces: list[bytes]) -> None:
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("connection", "close")
            self.end_headers()
            for piece in pieces:
                self.wfile.write(piece)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        with openai.OpenAI(base_url=address, api_key="k", max_retries=0) as client:
            yield client
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


def test_chat_completions_are_put_together() -> None:
    asked: Body = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
    with (
        gateway("openai", "anthropic", ANTHROPIC_STREAMS["calls"]) as client,
        client.chat.completions.stream(**asked, stream_options={"include_usage": True}) as stream,
    ):
        completion = stream.get_final_completion()

    message = completion.choices[0].message
    assert message.content == "Looking."
    assert [call.function.name for call in message.tool_calls or []] == ["read", "list"]
    assert completion.choices[0].finish_reason == "tool_calls"
    assert completion.usage is not None
    assert completion.usage.prompt_tokens == 100


@pytest.mark.parametrize(
    "provider,data",
    [
        ("openai", CHAT_STREAMS["calls in turns"]),
        ("openai", CHAT_STREAMS["reasoning"]),
        ("anthropic", ANTHROPIC_STREAMS["calls"]),
        ("anthropic", ANTHROPIC_STREAMS["thinking"]),
    ],
)
def test_responses_are_put_together(provider: str, data: bytes) -> None:
    asked: Body = {"model": "m", "input": "Hi", "tools": [TOOL], "reasoning": {"summary": "auto"}}
    with (
        gateway("responses", provider, data) as client,
        client.responses.stream(**asked) as stream,
    ):
        kinds = [event.type for event in stream]
        response = stream.get_final_response()

    assert kinds[-1] == "response.completed"
    assert response.status == "completed"
    assert response.output_text in ("Looking.", "Done.")
    called = [item for item in response.output if item.type == "function_call"]
    assert called
    assert all(isinstance(json.loads(call.arguments), dict) for call in called)


def test_a_cut_stream_has_no_final_response() -> None:
    data = CHAT_STREAMS["text"].removesuffix(b"data: [DONE]\n\n")
    with (
        gateway("responses", "openai", data) as client,
        client.responses.stream(model="m", input="Hi") as stream,
    ):
        assert [event.type for event in stream][-1] != "response.completed"
        with pytest.raises(RuntimeError):
            stream.get_final_response()


@pytest.mark.parametrize(
    "status,error", [(400, openai.BadRequestError), (429, openai.RateLimitError)]
)
def test_errors_are_raised_as_what_they_are(
    status: int, error: type[openai.APIStatusError]
) -> None:
    answer = b'{"type":"error","error":{"type":"x","message":"prompt is too long: 9 > 8"}}'
    with (
        gateway("openai", "anthropic", answer, status) as client,
        pytest.raises(error, match="prompt is too long") as raised,
    ):
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": "Hi"}])

    code = "context_length_exceeded" if status == 400 else "rate_limit_exceeded"
    assert raised.value.code == code
