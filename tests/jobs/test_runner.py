from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection
from django.db.models.functions import Now

from apps.core.clock import now
from apps.core.errors import Conflict, UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.jobs import runner
from apps.jobs.errors import LeaseLost
from apps.jobs.models import Job
from apps.tenants.models import AuditEvent
from apps.tenants.services import audit_record
from apps.tenants.types import SYSTEM
from tests.jobs.conftest import change, die_while_running, enqueue, run, stored


def leave_a_trace(tenant_id):
    audit_record(tenant_id=tenant_id, actor=SYSTEM, action="test.effect")


def traces(tenant_id):
    with tenant_tx(tenant_id):
        return AuditEvent.objects.for_tenant(tenant_id).filter(action="test.effect").count()


def fail_with(exc):
    def do(_):
        raise exc

    return do


def test_a_due_job_is_done_once_however_often_it_is_rung_for(tenant, work):
    job_id = enqueue(tenant.id, payload={"turn_id": "7"})

    job = run(tenant.id, job_id)
    again = run(tenant.id, job_id)

    assert [begun.payload for begun in work.begun] == [{"turn_id": "7"}]
    assert (job.status, job.attempts, job.finished_at is not None) == ("done", 0, True)
    assert again.finished_at == job.finished_at


def test_a_job_that_is_not_due_waits(tenant, work):
    job_id = enqueue(tenant.id, run_after=now() + timedelta(minutes=1))

    runner.job_run(tenant_id=tenant.id, job_id=job_id)

    assert work.begun == []
    assert stored(tenant.id, job_id).status == "queued"


def test_another_tenants_job_is_nobodys(tenant, other_tenant, work):
    job_id = enqueue(tenant.id)

    runner.job_run(tenant_id=other_tenant.id, job_id=job_id)

    assert work.begun == []
    assert stored(tenant.id, job_id).status == "queued"


def test_while_one_worker_has_it_no_other_begins(tenant, work):
    job_id = enqueue(tenant.id)
    work.does = lambda begun: runner.job_run(tenant_id=begun.tenant_id, job_id=begun.job_id)

    run(tenant.id, job_id)

    assert len(work.begun) == 1


def test_two_workers_that_ring_at_the_same_moment_do_it_once(committed_tenant, work):
    job_ids = [enqueue(committed_tenant) for _ in range(10)]
    start = Barrier(4)

    def worker(_):
        start.wait()
        for job_id in job_ids:
            runner.job_run(tenant_id=committed_tenant, job_id=job_id)
        connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(worker, range(4)))

    assert sorted(begun.job_id for begun in work.begun) == sorted(job_ids)
    assert {stored(committed_tenant, job_id).status for job_id in job_ids} == {"done"}


@pytest.mark.parametrize(
    "exc",
    [UpstreamFailed("quota", permanent=False), RuntimeError("a bug")],
    ids=["upstream", "bug"],
)
def test_a_failure_worth_a_retry_goes_back_to_the_queue_for_later(tenant, work, exc):
    job_id = enqueue(tenant.id)
    work.does = fail_with(exc)

    job = run(tenant.id, job_id)

    assert (job.status, job.attempts, job.lease_until) == ("queued", 1, None)
    assert job.run_after > now() + timedelta(seconds=1)
    assert str(exc.args[0]) in job.last_error


def test_pauses_grow_from_try_to_try(tenant, work):
    job_id = enqueue(tenant.id)
    work.does = fail_with(UpstreamFailed("quota", permanent=False))

    pauses = [(run(tenant.id, job_id).run_after - now()).total_seconds() for _ in range(4)]

    assert pauses == sorted(pauses)
    assert pauses[-1] > 10


def test_after_its_last_try_a_job_is_dead_and_says_why(tenant, work):
    job_id = enqueue(tenant.id)
    work.does = fail_with(UpstreamFailed("quota", permanent=False))

    outcomes = [run(tenant.id, job_id).status for _ in range(6)]

    job = stored(tenant.id, job_id)
    assert outcomes == ["queued"] * 4 + ["dead"] * 2
    assert (len(work.begun), job.last_error, job.lease_until) == (5, "quota", None)


@pytest.mark.parametrize(
    "exc",
    [UpstreamFailed("no such model", permanent=True), Conflict("decided already")],
    ids=["upstream", "refusal"],
)
def test_what_cannot_get_better_is_not_tried_again(tenant, work, exc):
    job_id = enqueue(tenant.id)
    work.does = fail_with(exc)

    job = run(tenant.id, job_id)

    assert (job.status, job.attempts, job.last_error) == ("dead", 1, exc.detail)


def test_a_job_of_a_kind_that_nobody_does_fails_like_a_bug(tenant):
    job_id = enqueue(tenant.id)

    assert run(tenant.id, job_id).status == "queued"


def test_a_retry_gives_way_to_a_newer_request_for_the_same_work(tenant, work):
    job_id = enqueue(tenant.id, dedupe_key="turn-1")

    def ask_again_and_fail(begun):
        enqueue(tenant.id, dedupe_key="turn-1")
        raise UpstreamFailed("quota", permanent=False)

    work.does = ask_again_and_fail

    assert run(tenant.id, job_id).status == "done"
    with tenant_tx(tenant.id):
        assert Job.objects.for_tenant(tenant.id).filter(status="queued").count() == 1


def test_the_job_of_a_dead_worker_is_taken_over_once_its_lease_ran_out(tenant, work):
    job_id = enqueue(tenant.id)
    assert runner._claim(tenant_id=tenant.id, job_id=job_id) is not None

    runner.job_run(tenant_id=tenant.id, job_id=job_id)
    while_leased = len(work.begun)
    change(tenant.id, job_id, lease_until=Now() - timedelta(seconds=1))
    job = run(tenant.id, job_id)

    assert (while_leased, len(work.begun)) == (0, 1)
    # A crash is not a failure of the job: its tries are counted apart.
    assert (job.status, job.fence, job.crashes, job.attempts) == ("done", 2, 1, 0)


def test_an_attempt_that_lost_its_lease_leaves_no_trace(tenant, work):
    job_id = enqueue(tenant.id)

    def lose_the_lease_then_write(begun):
        die_like_the_clock(begun)
        with begun.effect():
            leave_a_trace(tenant.id)

    def die_like_the_clock(begun):
        change(tenant.id, begun.job_id, lease_until=Now() - timedelta(seconds=1))
        work.does = lambda taken_over: None
        runner.job_run(tenant_id=tenant.id, job_id=begun.job_id)

    work.does = lose_the_lease_then_write
    job = run(tenant.id, job_id)

    assert len(work.begun) == 2
    assert traces(tenant.id) == 0
    assert (job.status, job.fence, job.last_error) == ("done", 2, "")


@pytest.mark.parametrize(
    "exc", [UpstreamFailed("quota", permanent=False), RuntimeError("bug"), Conflict("no")]
)
def test_a_failure_that_comes_after_the_lease_was_lost_changes_nothing(tenant, work, exc):
    job_id = enqueue(tenant.id)

    def lose_the_lease_then_fail(begun):
        change(tenant.id, begun.job_id, lease_until=Now() - timedelta(seconds=1))
        work.does = lambda taken_over: None
        runner.job_run(tenant_id=tenant.id, job_id=begun.job_id)
        raise exc

    work.does = lose_the_lease_then_fail
    job = run(tenant.id, job_id)

    assert (job.status, job.attempts, job.last_error) == ("done", 0, "")


def test_of_two_workers_that_both_believe_they_own_a_job_only_the_later_one_writes(tenant, work):
    job_id = enqueue(tenant.id)
    seen = []

    def be_overtaken_then_write(begun):
        change(tenant.id, begun.job_id, lease_until=Now() - timedelta(seconds=1))
        seen.append(runner._claim(tenant_id=tenant.id, job_id=begun.job_id).fence)
        with begun.effect():
            leave_a_trace(tenant.id)

    work.does = be_overtaken_then_write
    job = run(tenant.id, job_id)

    assert (seen, traces(tenant.id)) == ([2], 0)
    assert (job.status, job.attempts) == ("running", 0)  # the other one is still at it


def test_an_effect_is_written_whole_or_not_at_all(tenant, work):
    job_id = enqueue(tenant.id)

    def write_half(begun):
        with begun.effect():
            leave_a_trace(tenant.id)
            raise UpstreamFailed("cut", permanent=False)

    work.does = write_half
    run(tenant.id, job_id)

    assert traces(tenant.id) == 0


def test_the_effect_of_a_job_that_is_done_is_refused(tenant, work):
    job_id = enqueue(tenant.id)
    run(tenant.id, job_id)

    with pytest.raises(LeaseLost), work.begun[0].effect():
        leave_a_trace(tenant.id)

    assert traces(tenant.id) == 0


def test_a_job_that_kills_its_worker_every_time_is_given_up(tenant, work):
    job_id = enqueue(tenant.id)

    for _ in range(1 + runner.MAX_CRASHES):
        die_while_running(tenant.id, job_id)
    job = run(tenant.id, job_id)

    assert work.begun == []
    assert (job.status, job.crashes, job.attempts) == ("dead", runner.MAX_CRASHES, 0)
    assert "worker died" in job.last_error


@pytest.mark.parametrize("gets_on, status", [(True, "done"), (False, "dead")])
def test_a_job_that_gets_on_is_not_given_up_for_the_workers_it_loses(tenant, work, gets_on, status):
    def do_a_part(begun):
        with begun.effect(gets_on=gets_on):
            leave_a_trace(tenant.id)
        raise SystemExit  # what follows is not to be noted either: the worker is gone

    job_id = enqueue(tenant.id)
    work.does = do_a_part
    for _ in range(3 + runner.MAX_CRASHES):
        with suppress(SystemExit):
            run(tenant.id, job_id)
        change(tenant.id, job_id, lease_until=Now() - timedelta(seconds=1))
    work.does = lambda begun: None
    job = run(tenant.id, job_id)

    assert job.status == status
    assert job.crashes == (1 if gets_on else runner.MAX_CRASHES)


def test_a_long_handler_keeps_its_lease(committed_tenant, work, monkeypatch):
    monkeypatch.setattr(runner, "HEARTBEAT_SECONDS", 0.02)
    job_id = enqueue(committed_tenant)
    seen = []

    def work_past_the_lease(begun):
        change(committed_tenant, job_id, lease_until=Now())
        deadline = now() + timedelta(seconds=5)
        while now() < deadline and not seen:
            if stored(committed_tenant, job_id).lease_until > now() + timedelta(seconds=5):
                seen.append("extended")

    work.does = work_past_the_lease
    run(committed_tenant, job_id)

    assert seen == ["extended"]


def test_the_sweep_rings_for_due_and_for_abandoned_jobs_only(
    tenant, other_tenant, work, django_capture_on_commit_callbacks
):
    enqueue(tenant.id)
    die_while_running(other_tenant.id, enqueue(other_tenant.id))
    enqueue(tenant.id, run_after=now() + timedelta(hours=1))
    assert runner._claim(tenant_id=tenant.id, job_id=enqueue(tenant.id)) is not None
    run(tenant.id, enqueue(tenant.id))

    with django_capture_on_commit_callbacks() as bells:
        swept = runner.jobs_sweep()

    assert (swept, len(bells)) == (2, 2)
