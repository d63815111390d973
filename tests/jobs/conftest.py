from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db.models.functions import Now

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.jobs import handlers, runner
from apps.jobs.handlers import JobRun, handles
from apps.jobs.models import Job
from apps.jobs.services import job_enqueue
from tests.factories import TenantFactory

KIND = "test.work"


class Work:
    """What jobs of kind ``test.work`` do, and which of them were begun."""

    def __init__(self) -> None:
        self.does: Callable[[JobRun], None] = lambda run: None
        self.begun: list[JobRun] = []

    def __call__(self, run: JobRun) -> None:
        self.begun.append(run)
        self.does(run)


@pytest.fixture
def work() -> Iterator[Work]:
    work = Work()
    handles(KIND)(work)
    yield work
    handlers._handlers.pop(KIND)


def enqueue(tenant_id: UUID, **options: Any) -> UUID:
    return job_enqueue(tenant_id=tenant_id, kind=KIND, **({"payload": {}} | options))


def stored(tenant_id: UUID, job_id: UUID) -> Job:
    with tenant_tx(tenant_id):
        return Job.objects.for_tenant(tenant_id).get(id=job_id)


def change(tenant_id: UUID, job_id: UUID, **fields: Any) -> None:
    with tenant_tx(tenant_id):
        Job.objects.for_tenant(tenant_id).filter(id=job_id).update(**fields)


def run(tenant_id: UUID, job_id: UUID) -> Job:
    """Make the job due, have it done, and look at what became of it."""
    change(tenant_id, job_id, run_after=now() - timedelta(seconds=1))
    runner.job_run(tenant_id=tenant_id, job_id=job_id)
    return stored(tenant_id, job_id)


def die_while_running(tenant_id: UUID, job_id: UUID) -> None:
    """What a killed worker leaves behind, some time later."""
    assert runner._claim(tenant_id=tenant_id, job_id=job_id) is not None
    change(tenant_id, job_id, lease_until=Now() - timedelta(seconds=1))


@pytest.fixture
def committed_tenant(committed_db) -> UUID:
    """A workspace that other connections and processes see too."""
    return TenantFactory().id
