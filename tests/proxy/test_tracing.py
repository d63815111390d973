"""Traces: off and free by default; on, they tell a request's way and nothing of its content."""

import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator

import pytest

from tests.collector import Collector, SpanSeen, running_collector
from tests.proxy.behaviours import KEY
from tests.proxy.conftest import Workspace, chat_body
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
CALLERS = f"00-{TRACE}-{PARENT}-01"
SERVER, CLIENT = 2, 3
SOON = {"OTEL_BSP_SCHEDULE_DELAY": "100"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with running_collector() as one:
        yield one


@pytest.fixture
def traced(
    new_gateway: Callable[..., RunningGateway], collector: Collector, openai: Workspace
) -> RunningGateway:
    gateway = new_gateway(OTEL_EXPORTER_OTLP_ENDPOINT=collector.url, **SOON)
    gateway.key = openai.key
    return gateway.wait()


def pair(collector: Collector) -> tuple[SpanSeen, SpanSeen]:
    spans = collector.wait(2)
    assert sorted(one.kind for one in spans) == [SERVER, CLIENT]
    client, server = sorted(spans, key=lambda one: -one.kind)
    return server, client


def test_a_request_is_a_span_with_what_the_provider_was_asked_inside(
    traced: RunningGateway, collector: Collector, openai: Workspace, provider: Provider
) -> None:
    answer = traced.chat(chat_body("ok"), traceparent=CALLERS)

    server, client = pair(collector)
    assert (server.service, server.name) == (
        "metaclaw-gateway",
        "POST /v1/chat/completions",
    )
    assert server.events == ["authenticated", "skills", "forwarded", "first_byte", "finished"]
    assert server.attributes == {
        "http.request.method": "POST",
        "http.route": "/v1/chat/completions",
        "http.response.status_code": 200,
        "metaclaw.turn_id": answer.turn_id,
        "metaclaw.session_id": answer.session_id,
        "metaclaw.tenant_id": str(openai.id),
        "metaclaw.skills": answer.skills,
        "metaclaw.outcome": "complete",
    }
    assert client.name == "chat ok"
    assert client.attributes == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "ok",
        "gen_ai.response.model": "served-1",
        "gen_ai.response.finish_reasons": ["stop"],
        "gen_ai.conversation.id": answer.session_id,
        "gen_ai.usage.input_tokens": 11,
        "gen_ai.usage.output_tokens": 7,
        "metaclaw.attempts": 1,
    }
    assert not server.is_error


def test_the_callers_trace_goes_on_at_the_provider(
    traced: RunningGateway, collector: Collector, openai: Workspace, provider: Provider
) -> None:
    traced.chat(chat_body("ok", stream=True), traceparent=CALLERS)

    server, client = pair(collector)
    assert (server.trace_id, server.parent_id) == (TRACE, PARENT)
    assert (client.trace_id, client.parent_id) == (TRACE, server.span_id)
    assert provider.last().header("traceparent") == f"00-{TRACE}-{client.span_id}-01"
    assert client.attributes["gen_ai.usage.output_tokens"] == 7


@pytest.mark.parametrize("given", ["", "00-junk-01", "00-" + "0" * 32 + "-" + "0" * 16 + "-01"])
def test_without_a_trace_of_the_callers_one_begins_here(
    traced: RunningGateway, collector: Collector, openai: Workspace, provider: Provider, given: str
) -> None:
    traced.chat(chat_body("ok"), **({"traceparent": given} if given else {}))

    server, client = pair(collector)
    assert server.parent_id == ""
    assert provider.last().header("traceparent") == f"00-{server.trace_id}-{client.span_id}-03"


def test_a_caller_who_does_not_record_is_not_recorded(
    traced: RunningGateway, collector: Collector, openai: Workspace, provider: Provider
) -> None:
    traced.chat(chat_body("ok"), traceparent=f"00-{TRACE}-{PARENT}-00")
    traced.stop()

    assert collector.spans == []
    sent = provider.last().header("traceparent") or ""
    assert sent.startswith(f"00-{TRACE}-")
    assert sent.endswith("-00")


@pytest.mark.parametrize(
    "model, outcome, status",
    [("error:429", "upstream_error", 429), ("echo:500", "upstream_error", 500)],
)
def test_a_failure_is_marked_and_named(
    traced: RunningGateway,
    collector: Collector,
    openai: Workspace,
    model: str,
    outcome: str,
    status: int,
) -> None:
    traced.chat(chat_body(model))

    for span in pair(collector):
        assert span.is_error
        assert span.attributes["error.type"] == outcome
    assert pair(collector)[0].attributes["http.response.status_code"] == status


def test_a_stream_that_was_cut_and_a_refusal_end_their_spans(
    traced: RunningGateway, collector: Collector, openai: Workspace
) -> None:
    with traced.open(chat_body("cut:90", stream=True)) as wire:
        wire.read_all()
    traced.get(f"/k/{openai.key}/elsewhere")
    traced.get("/healthz", key="")

    cut, _, refused = sorted(
        collector.wait(3), key=lambda one: one.attributes.get("http.response.status_code", 300)
    )
    assert (cut.attributes["metaclaw.outcome"], cut.is_error) == ("truncated_upstream", True)
    assert (refused.name, refused.is_error) == ("GET", False)
    assert refused.attributes["http.response.status_code"] == 404


def test_nothing_that_was_said_and_no_key_is_in_a_span(
    traced: RunningGateway, collector: Collector, openai: Workspace
) -> None:
    for model in ("ok:Canaryanswer", "echo:500", "cut:90"):
        body = chat_body(model, stream=True, messages=[{"role": "user", "content": "Canaryprompt"}])
        with traced.open(body, **{"x-api-key": openai.key, "baggage": "a=Canarybaggage"}) as wire:
            wire.read_all()
    traced.send("POST", f"/k/{openai.key}/v1/Canarypath", b"Canarybody", {})
    traced.stop()

    assert len(collector.spans) == 7
    assert b"metaclaw.turn_id" in collector.raw
    raw = collector.raw.replace(b"ok:Canaryanswer", b"")  # the name of the model
    assert b"Canary" not in raw
    for key in (openai.key, KEY):
        assert key[9:30].encode() not in raw


def test_a_collector_that_hangs_delays_nobody(
    new_gateway: Callable[..., RunningGateway], openai: Workspace
) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=1) as black_hole:
        port = black_hole.getsockname()[1]
        gateway = new_gateway(
            OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{port}",
            OTEL_BSP_MAX_QUEUE_SIZE="8",
            OTEL_BSP_MAX_EXPORT_BATCH_SIZE="4",
            **SOON,
        )
        gateway.key = openai.key
        gateway.wait()
        took = []
        # For some time, so that the exporter is caught in its waiting.
        until = time.monotonic() + 2
        while time.monotonic() < until or len(took) < 30:
            began = time.monotonic()
            assert gateway.chat(chat_body("ok")).status == 200
            took.append(time.monotonic() - began)
        began = time.monotonic()
        gateway.process.terminate()
        gateway.process.wait(10)
        stopping = time.monotonic() - began

    assert sorted(took)[len(took) // 2] < 0.2
    assert max(took) < 1.5
    assert stopping < 6


def test_an_absent_collector_is_no_reason_to_fail(
    new_gateway: Callable[..., RunningGateway], openai: Workspace
) -> None:
    gateway = new_gateway(
        METACLAW_OTEL="1", OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:9", **SOON
    )
    gateway.key = openai.key
    gateway.wait()

    assert [gateway.chat(chat_body("ok")).status for _ in range(5)] == [200] * 5


def test_off_by_default_and_then_nothing_of_it_is_loaded(
    gateway: RunningGateway, openai: Workspace, provider: Provider
) -> None:
    gateway.chat(chat_body("ok"), traceparent=CALLERS)
    code = (
        "import sys, django; django.setup()\n"
        "import apps.jobs.runner, apps.proxy.gateway.app\n"
        "from apps.core import tracing\n"
        "tracing.start('x')\n"
        "assert not tracing.is_on()\n"
        # The Redis client loads other parts of it by itself, where they are installed.
        "assert not [name for name in sys.modules if name.startswith('opentelemetry.exporter')]\n"
        "assert 'apps.proxy.gateway.tracing' not in sys.modules\n"
    )

    subprocess.run([sys.executable, "-c", code], check=True, env=gateway.environment)

    assert provider.last().header("traceparent") == CALLERS
