"""Traces by OpenTelemetry, for who asks for them: ids, names and figures, never content.

Off, nothing of it is imported and ``is_on()`` is a look at one variable. On, finished spans
wait in a bounded queue for a thread of the exporter's own: whoever makes a span never waits for
a collector, and a collector that is away costs spans, not requests. docs/mechanisms/tracing.md
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from django.conf import settings

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.trace import Span, SpanKind, Tracer

_STOP_SECONDS = 2.0
_provider: "TracerProvider | None" = None
_tracer: "Tracer | None" = None


def is_on() -> bool:
    return _tracer is not None


def start(service: str) -> None:
    """Make spans from now on, if the settings say so. Safe to repeat.

    Where they go, how many of them and what else they say about the process is for OpenTelemetry's
    own variables to decide.
    """
    global _provider, _tracer
    if _tracer is not None or not settings.METACLAW_OTEL:
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    resource = Resource.create()
    # Without OTEL_SERVICE_NAME it is the name of the Python program.
    if str(resource.attributes["service.name"]).startswith("unknown_service"):
        resource = resource.merge(Resource({"service.name": service}))
    # Not at exit: there the exporter would wait for a collector that may be away.
    _provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    _provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    _tracer = _provider.get_tracer("metaclaw")


def stop() -> None:
    """Send what waits, for as long as a stopping process can spare. Safe to repeat."""
    global _provider, _tracer
    provider, _provider, _tracer = _provider, None, None
    if provider is not None:
        # On a thread that may be left behind: the exporter itself has no such limit.
        closing = threading.Thread(target=provider.shutdown, name="tracing-stop", daemon=True)
        closing.start()
        closing.join(_STOP_SECONDS)


def new_span(
    name: str,
    kind: "SpanKind",
    parent: "Context | None" = None,
    attributes: Mapping[str, str | int] | None = None,
) -> "Span":
    """A span that its maker ends. Only where ``is_on()``."""
    assert _tracer is not None  # its callers look at is_on() first
    return _tracer.start_span(name, parent, kind, dict(attributes or {}))


class JobSpan:
    """What a job says about itself while it runs; says nothing where there are no traces."""

    def __init__(self, span: "Span | None" = None) -> None:
        self._span = span

    def ended(self, outcome: str, error: str = "") -> None:
        if self._span is None:
            return
        from opentelemetry.trace import StatusCode

        self._span.set_attribute("metaclaw.job.outcome", outcome)
        if error:
            self._span.set_attribute("error.type", error)
            self._span.set_status(StatusCode.ERROR)


@contextmanager
def job_span(*, tenant_id: UUID, job_id: UUID, kind: str, attempt: int) -> Iterator[JobSpan]:
    """One span for one attempt of a job."""
    # Here, because a worker's processes are forked: each needs an exporter of its own.
    start("metaclaw-worker")
    if not is_on():
        yield JobSpan()
        return
    from opentelemetry.trace import SpanKind

    attributes: dict[str, str | int] = {
        "metaclaw.tenant_id": str(tenant_id),
        "metaclaw.job.id": str(job_id),
        "metaclaw.job.kind": kind,
        "metaclaw.job.attempt": attempt,
    }
    span = new_span(f"job {kind}", SpanKind.CONSUMER, attributes=attributes)
    try:
        yield JobSpan(span)
    finally:
        span.end()
