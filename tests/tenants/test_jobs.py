"""Background work as people see it: why it failed, and another try by hand."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.jobs import runner
from apps.jobs.models import Job
from apps.jobs.services import job_enqueue
from apps.tenants.models import AuditEvent
from tests.refusals import codes_in

LATE = say("model_late", "No answer.")


def url(tenant, *path: object) -> str:
    return "/".join([f"/api/v1/t/{tenant.slug}/jobs", *map(str, path), ""])


def make(tenant, status="dead", kind="test.work", **fields) -> UUID:
    job_id = job_enqueue(tenant_id=tenant.id, kind=kind, payload={"secret": "text"})
    fields = {"attempts": 5, "crashes": 2, "last_error": LATE, **fields}
    lease = now() if status == "running" else None
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).filter(id=job_id).update(
            status=status, lease_until=lease, **fields
        )
    return job_id


def job_of(tenant, job_id) -> Job:
    with tenant_tx(tenant.id):
        return Job.objects.for_tenant(tenant.id).get(id=job_id)


@pytest.mark.parametrize(
    "client, read, retry",
    [
        ("owner_client", 200, 200),
        ("admin_client", 200, 200),
        ("reviewer_client", 403, 403),
        ("viewer_client", 403, 403),
        ("stranger_client", 404, 404),
    ],
)
def test_who_may_see_jobs_and_have_them_tried_again(request, tenant, client, read, retry):
    client = request.getfixturevalue(client)
    job_id = make(tenant)

    assert client.get(url(tenant)).status_code == read
    assert client.post(url(tenant, job_id, "retry")).status_code == retry


def test_jobs_are_listed_with_the_reason_and_without_what_they_were_given(tenant, admin_client):
    dead = make(tenant, kind="test.work")
    make(tenant, "done", kind="test.work")
    make(tenant, "queued", kind="test.other")

    def listed(**query):
        rows = admin_client.get(url(tenant), query).json()["results"]
        return [(row["kind"], row["status"]) for row in rows]

    assert listed() == [("test.other", "queued"), ("test.work", "done"), ("test.work", "dead")]
    assert listed(status="dead") == [("test.work", "dead")]
    assert listed(kind="test.other") == [("test.other", "queued")]
    (row,) = admin_client.get(url(tenant), {"status": "dead"}).json()["results"]
    assert (row["id"], row["attempts"], row["last_error"]) == (str(dead), 5, "No answer.")
    assert codes_in(row["last_error_said"]) == ["model_late"]
    assert "secret" not in str(row)
    assert admin_client.get(url(tenant), {"status": "lost"}).status_code == 400


def test_a_page_goes_on_where_the_last_one_ended(tenant, admin_client):
    made = [str(make(tenant)) for _ in range(3)]

    first = admin_client.get(url(tenant), {"limit": 2}).json()
    second = admin_client.get(url(tenant), {"limit": 2, "cursor": first["next"]}).json()

    shown = [row["id"] for page in (first, second) for row in page["results"]]
    assert (shown, second["next"]) == (made[::-1], None)


def test_what_was_given_up_is_tried_again_from_the_first_try_on(tenant, admin_client):
    job_id = make(tenant, finished_at=now(), run_after=now() - timedelta(days=1))

    answer = admin_client.post(url(tenant, job_id, "retry"))

    job = job_of(tenant, job_id)
    assert answer.json()["status"] == job.status == "queued"
    assert (job.attempts, job.crashes, job.finished_at) == (0, 0, None)
    assert (job.last_error, job.payload) == ("No answer.", {"secret": "text"})
    assert abs(job.run_after - now()) < timedelta(seconds=30)
    with tenant_tx(tenant.id):
        event = AuditEvent.objects.for_tenant(tenant.id).get(action="job.retried")
    assert (event.subject, event.detail) == (str(job_id), "test.work")


def test_a_worker_takes_it_up_again(tenant, admin_client):
    job_id = make(tenant, kind="test.nobody-does-this")
    admin_client.post(url(tenant, job_id, "retry"))

    runner.job_run(tenant_id=tenant.id, job_id=job_id)

    job = job_of(tenant, job_id)
    assert job.fence == 1
    assert job.last_error != "No answer."


@pytest.mark.parametrize("status", ["queued", "running", "done"])
def test_what_was_not_given_up_is_left_alone(tenant, admin_client, status):
    job_id = make(tenant, status)

    answer = admin_client.post(url(tenant, job_id, "retry"))

    assert (answer.status_code, answer.json()["code"]) == (409, "jobs_job_not_dead")
    assert job_of(tenant, job_id).attempts == 5
    with tenant_tx(tenant.id):
        assert not AuditEvent.objects.for_tenant(tenant.id).filter(action="job.retried").exists()


def test_work_that_waits_already_is_not_asked_for_twice(tenant, admin_client):
    job_id = make(tenant, dedupe_key="turn-1")
    job_enqueue(tenant_id=tenant.id, kind="test.work", payload={}, dedupe_key="turn-1")

    answer = admin_client.post(url(tenant, job_id, "retry"))

    assert (answer.status_code, answer.json()["code"]) == (409, "jobs_job_waits_already")
    assert job_of(tenant, job_id).status == "dead"


def test_a_job_that_is_not_there(tenant, admin_client):
    assert admin_client.post(url(tenant, uuid4(), "retry")).status_code == 404
