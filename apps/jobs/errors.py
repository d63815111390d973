from apps.core.errors import Conflict, DomainError, NotFound


class LeaseLost(DomainError):
    """Another worker has taken the job over: whatever this one did must not count."""

    code = "jobs_lease_lost"


class JobNotFound(NotFound):
    code = "jobs_job_not_found"


class JobNotDead(Conflict):
    """Only what has been given up is tried again by hand; the rest is tried anyway."""

    code = "jobs_job_not_dead"


class JobWaitsAlready(Conflict):
    code = "jobs_job_waits_already"
