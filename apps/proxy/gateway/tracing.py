"""One request as spans: what the caller asked of us, and in it what we asked of a provider."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from uuid import UUID

from opentelemetry.trace import SpanKind, StatusCode, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from apps.core import tracing
from apps.proxy.answers import read_answer

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

# https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/
_OPERATIONS = {
    "openai": "chat",
    "anthropic": "chat",
    "responses": "chat",
    "completions": "text_completion",
    "embeddings": "embeddings",
}
_W3C = TraceContextTextMapPropagator()
_PARENT = b"traceparent"


class RequestTrace:
    """The spans of one request. Made only where traces are on."""

    def __init__(self, headers: dict[bytes, bytes], method: str, route: str, turn_id: UUID) -> None:
        """``headers`` are those the provider's are made of: our span becomes the parent there."""
        self._headers = headers
        carrier = {
            name: headers[name.encode()].decode("latin-1")
            for name in ("traceparent", "tracestate")
            if name.encode() in headers
        }
        self._server = tracing.new_span(
            f"{method} {route}".strip(),
            SpanKind.SERVER,
            _W3C.extract(carrier),
            {"http.request.method": method, "metaclaw.turn_id": str(turn_id)}
            | ({"http.route": route} if route else {}),
        )
        self._inside = set_span_in_context(self._server)
        # What the provider is asked; begins when it is.
        self._client = self._server
        self._asked: dict[str, str | int] = {}
        self._dialect = ""
        self._status = 0
        self._hand_on()

    def step(self, name: str) -> None:
        """One of the marks of a turn was reached."""
        self._server.add_event(name)
        if name == "forwarded" and self._asked:
            operation = self._asked["gen_ai.operation.name"]
            model = self._asked["gen_ai.request.model"]
            self._client = tracing.new_span(
                f"{operation} {model}", SpanKind.CLIENT, self._inside, self._asked
            )
            self._hand_on()

    def asked(self, header: dict[str, Any]) -> None:
        """What the record of the turn begins with."""
        self._dialect = header["dialect"]
        self._asked = {
            "gen_ai.operation.name": _OPERATIONS.get(self._dialect, "chat"),
            "gen_ai.request.model": header["model"],
            "gen_ai.conversation.id": str(header["session_id"]),
        }
        self._server.set_attributes(
            {
                "metaclaw.tenant_id": str(header["tenant"]),
                "metaclaw.session_id": str(header["session_id"]),
                "metaclaw.skills": [f"{slug}@{number}" for _, slug, number, *_ in header["skills"]],
            }
        )

    def answered_by(self, dialect: str, attempts: int) -> None:
        """Who answers, in the words of the conventions: by the API it speaks."""
        provider = "anthropic" if dialect == "anthropic" else "openai"
        self._client.set_attributes(
            {"gen_ai.provider.name": provider, "metaclaw.attempts": attempts}
        )

    def watched(self, send: Send) -> Send:
        """``send``, with an eye on the status."""

        async def watch(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                self._status = message["status"]
            await send(message)

        return watch

    def end(self, outcome: str, answer: bytes, encoding: str) -> None:
        """The request is over; ``answer`` is as much of it as was kept."""
        if answer and self._client is not self._server:
            self._read(answer, encoding)
        is_failed = self._status >= 500 or outcome.startswith(("truncated", "upstream_error"))
        for span in {id(one): one for one in (self._client, self._server)}.values():
            if is_failed:
                span.set_attribute("error.type", outcome or str(self._status))
                span.set_status(StatusCode.ERROR)
            if span is self._server:
                span.set_attribute("metaclaw.outcome", outcome or "other")
                span.set_attribute("http.response.status_code", self._status)
            span.end()

    def _read(self, answer: bytes, encoding: str) -> None:
        found = read_answer(self._dialect, answer, encoding)
        said: dict[str, str | int | list[str] | None] = {
            "gen_ai.response.model": found.served_model or None,
            "gen_ai.response.finish_reasons": [found.finish_reason]
            if found.finish_reason
            else None,
            "gen_ai.usage.input_tokens": found.input_tokens,
            "gen_ai.usage.output_tokens": found.output_tokens,
        }
        self._client.set_attributes({name: one for name, one in said.items() if one is not None})

    def _hand_on(self) -> None:
        carrier: dict[str, str] = {}
        _W3C.inject(carrier, set_span_in_context(self._client))
        self._headers[_PARENT] = carrier["traceparent"].encode()
