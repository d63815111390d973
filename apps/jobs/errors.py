from apps.core.errors import DomainError


class LeaseLost(DomainError):
    """Another worker has taken the job over: whatever this one did must not count."""

    code = "jobs_lease_lost"
