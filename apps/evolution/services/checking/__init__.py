from apps.evolution.services.checking.running import (
    CHECK_KIND,
    check_request,
    checks_refuse,
    checks_renew,
    is_clean,
    proposal_check,
)

__all__ = [
    "CHECK_KIND",
    "check_request",
    "checks_refuse",
    "checks_renew",
    "is_clean",
    "proposal_check",
]
