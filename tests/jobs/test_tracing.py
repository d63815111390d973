"""A job's attempt is one span, in whatever way it ends."""

from collections.abc import Iterator

import pytest

from apps.core import tracing
from apps.core.errors import Invalid, UpstreamFailed
from apps.jobs import runner
from apps.jobs.errors import LeaseLost
from tests.collector import Collector, running_collector
from tests.factories import TenantFactory
from tests.jobs.conftest import KIND, enqueue


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch, settings) -> Iterator[Collector]:
    with running_collector() as one:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", one.url)
        settings.METACLAW_OTEL = True
        yield one
        tracing.stop()


@pytest.mark.parametrize(
    "failure, outcome, error",
    [
        (None, "done", None),
        (UpstreamFailed("my words", permanent=False), "retry", "upstream_failed"),
        (UpstreamFailed("my words", permanent=True), "dead", "upstream_failed"),
        (Invalid("my words"), "dead", "invalid"),
        (RuntimeError("my words"), "retry", "RuntimeError"),
        (LeaseLost("my words"), "lease_lost", "LeaseLost"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_attempt_says_what_it_was_and_how_it_ended(
    collector: Collector, committed_db, work, failure, outcome, error
) -> None:
    def does(run) -> None:
        if failure is not None:
            raise failure

    work.does = does
    tenant = TenantFactory()
    job_id = enqueue(tenant.id, payload={"text": "my words"})

    runner.job_run(tenant_id=tenant.id, job_id=job_id)
    tracing.stop()

    (span,) = collector.spans
    expected = {
        "metaclaw.tenant_id": str(tenant.id),
        "metaclaw.job.id": str(job_id),
        "metaclaw.job.kind": KIND,
        "metaclaw.job.attempt": 1,
        "metaclaw.job.outcome": outcome,
    }
    assert (span.service, span.name) == ("metaclaw-worker", f"job {KIND}")
    assert span.attributes == expected | ({"error.type": error} if error else {})
    assert span.is_error is (error is not None)
    assert b"my words" not in collector.raw


def test_a_job_that_is_not_due_makes_no_span(collector: Collector, committed_db, work) -> None:
    tenant = TenantFactory()
    job_id = enqueue(tenant.id)

    for _ in range(2):
        runner.job_run(tenant_id=tenant.id, job_id=job_id)
    tracing.stop()

    assert len(collector.spans) == 1
