"""Many jobs at once: asked for, taken back, and let go of when they ended long ago."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.jobs.runner import jobs_prune
from apps.jobs.services import JobWanted, job_enqueue, jobs_enqueue, jobs_withdraw


def job(tenant, status, *, days_ago=0):
    job_id = job_enqueue(tenant_id=tenant.id, kind="test", payload={})
    fields = {"status": status, "finished_at": now() - timedelta(days=days_ago)}
    if status in ("queued", "running"):
        fields["finished_at"] = None
    if status == "running":
        fields["lease_until"] = now()
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).filter(id=job_id).update(**fields)
    return job_id


def kept(tenant):
    with tenant_tx(tenant.id):
        return set(Job.objects.for_tenant(tenant.id).values_list("id", flat=True))


@pytest.mark.parametrize(
    "status, days, goes",
    [
        ("done", 15, True),
        ("dead", 15, True),
        ("done", 13, False),
        ("dead", 13, False),
        ("queued", 0, False),
        ("running", 0, False),
    ],
)
def test_what_ended_long_ago_goes_and_nothing_else(tenant, other_tenant, status, days, goes):
    ours = {job(tenant, status, days_ago=days) for _ in range(3)}
    theirs = job(other_tenant, "done", days_ago=1)

    gone = jobs_prune()

    assert (gone, kept(tenant)) == ((3, set()) if goes else (0, ours))
    assert kept(other_tenant) == {theirs}


def test_only_what_nobody_has_begun_can_be_taken_back(tenant):
    for status in ("queued", "running", "done"):
        job_id = job(tenant, status)
        with tenant_tx(tenant.id):
            Job.objects.for_tenant(tenant.id).filter(id=job_id).update(dedupe_key=status)

    gone = jobs_withdraw(
        tenant_id=tenant.id, kind="test", dedupe_keys=["queued", "running", "done"]
    )
    others = jobs_withdraw(tenant_id=tenant.id, kind="another", dedupe_keys=["running"])

    assert (gone, others, len(kept(tenant))) == (1, 0, 2)


def test_many_jobs_at_once_are_each_stored_once_and_only_brought_forward(tenant):
    later, soon = now() + timedelta(hours=2), now() + timedelta(hours=1)

    for at in (later, soon, later):
        wanted = [JobWanted(payload={"n": n}, dedupe_key=str(n), run_after=at) for n in range(3)]
        jobs_enqueue(tenant_id=tenant.id, kind="test", wanted=wanted)
    jobs_enqueue(tenant_id=tenant.id, kind="test", wanted=[])

    with tenant_tx(tenant.id):
        rows = list(Job.objects.for_tenant(tenant.id).order_by("dedupe_key"))
    assert [(row.payload, row.run_after, row.status) for row in rows] == [
        ({"n": n}, soon, "queued") for n in range(3)
    ]
    # What the row-by-row way makes of the same job.
    other = job_enqueue(tenant_id=tenant.id, kind="test", payload={}, dedupe_key="9")
    with tenant_tx(tenant.id):
        single = Job.objects.for_tenant(tenant.id).get(id=other)
    for name in ("queue", "attempts", "max_attempts", "crashes", "fence", "last_error"):
        assert getattr(rows[0], name) == getattr(single, name)
