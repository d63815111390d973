"""Which function does which kind of job. Filled by the ``tasks`` modules at start-up."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.jobs.errors import LeaseLost
from apps.jobs.models import Job


@dataclass(frozen=True, slots=True)
class JobRun:
    """One attempt at a job, as its handler sees it."""

    tenant_id: UUID
    job_id: UUID
    fence: int
    payload: dict[str, Any]

    @contextmanager
    def effect(self, *, gets_on: bool = False) -> Iterator[None]:
        """The transaction in which a handler writes what it found out.

        Holds the job row and raises LeaseLost if another worker has it by now, so that of
        two workers that believe they own the job only one leaves a trace.

        ``gets_on`` says that a part of the job is done that nobody will do again: workers that
        died before it are forgotten, so that a long job is not given up for being long. Not for
        what is written anew at each start: a job that kills its workers would never end.
        """
        with tenant_tx(self.tenant_id):
            jobs = Job.objects.for_tenant(self.tenant_id)
            mine = jobs.filter(id=self.job_id, fence=self.fence, status="running")
            crashes = mine.select_for_update().values_list("crashes", flat=True).first()
            if crashes is None:
                raise LeaseLost("The job belongs to another worker by now.")
            yield
            if gets_on and crashes:
                mine.update(crashes=0)


Handler = Callable[[JobRun], None]
_handlers: dict[str, Handler] = {}


def handles(kind: str) -> Callable[[Handler], Handler]:
    """Register the function that does jobs of this kind. It must be safe to run twice."""

    def register(function: Handler) -> Handler:
        if kind in _handlers:
            raise RuntimeError(f"two handlers for jobs of kind {kind}")
        _handlers[kind] = function
        return function

    return register


def handler_for(kind: str) -> Handler:
    """The handler of a kind; KeyError for a kind nobody registered."""
    return _handlers[kind]


def known_kinds() -> frozenset[str]:
    return frozenset(_handlers)
