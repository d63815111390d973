"""Jobs that ended long ago are not kept for ever."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.jobs.runner import jobs_prune
from apps.jobs.services import job_enqueue, jobs_withdraw


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
