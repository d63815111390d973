from datetime import timedelta

import pytest
from django.db import transaction

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.jobs.selectors import job_counts
from apps.jobs.services import job_enqueue
from tests.factories import TenantFactory
from tests.jobs.conftest import change, enqueue, stored


def waiting(tenant_id):
    with tenant_tx(tenant_id):
        return list(Job.objects.for_tenant(tenant_id).filter(status="queued"))


def test_a_second_request_for_the_same_work_brings_the_first_forward(tenant):
    late, early = now() + timedelta(minutes=5), now() + timedelta(seconds=5)
    first = enqueue(tenant.id, run_after=late, dedupe_key="turn-1")

    second = enqueue(tenant.id, run_after=early, dedupe_key="turn-1")

    assert second == first
    assert [job.run_after for job in waiting(tenant.id)] == [early]


def test_a_second_request_never_puts_the_first_off(tenant):
    early = now() + timedelta(seconds=5)
    enqueue(tenant.id, run_after=early, dedupe_key="turn-1")

    enqueue(tenant.id, run_after=early + timedelta(hours=1), dedupe_key="turn-1")

    assert [job.run_after for job in waiting(tenant.id)] == [early]


def test_only_the_same_work_of_the_same_tenant_is_the_same(tenant):
    first = enqueue(tenant.id, dedupe_key="turn-1")

    others = [
        enqueue(tenant.id, dedupe_key="turn-2"),
        enqueue(TenantFactory().id, dedupe_key="turn-1"),
        job_enqueue(tenant_id=tenant.id, kind="test.other", payload={}, dedupe_key="turn-1"),
    ]

    assert first not in others
    assert len(set(others)) == 3


def test_work_without_a_key_is_never_the_same(tenant):
    assert enqueue(tenant.id) != enqueue(tenant.id)


@pytest.mark.parametrize("status", ["running", "done", "dead"])
def test_work_that_has_begun_does_not_swallow_a_new_request(tenant, status):
    """The first may have read its input already: what changed since needs a second look."""
    first = enqueue(tenant.id, dedupe_key="turn-1")
    change(tenant.id, first, status=status, lease_until=now(), finished_at=now())

    second = enqueue(tenant.id, dedupe_key="turn-1")

    assert second != first
    assert stored(tenant.id, second).status == "queued"


def test_a_job_exists_exactly_when_its_transaction_does(tenant, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as bells, transaction.atomic():
        enqueue(tenant.id)
        transaction.set_rollback(True)

    assert waiting(tenant.id) == []
    assert bells == []


@pytest.mark.parametrize("seconds, rung", [(0, 1), (30, 1), (90, 0)])
def test_the_bell_is_rung_for_what_is_due_soon_and_left_to_the_sweep_for_the_rest(
    tenant, django_capture_on_commit_callbacks, seconds, rung
):
    with django_capture_on_commit_callbacks() as bells:
        enqueue(tenant.id, run_after=now() + timedelta(seconds=seconds))

    # One more tells open pages.
    assert len(bells) - 1 == rung


def test_counts_name_every_status(tenant):
    enqueue(tenant.id)

    with tenant_tx(tenant.id):
        counts = job_counts(tenant_id=tenant.id)

    assert counts == {"queued": 1, "running": 0, "done": 0, "dead": 0}
