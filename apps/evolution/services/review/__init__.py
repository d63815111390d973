"""People decide about proposals."""

from apps.evolution.services.review.approving import proposal_approve, proposal_approve_by_policy
from apps.evolution.services.review.closing import (
    proposal_quarantine,
    proposal_reject,
    proposal_release,
)
from apps.evolution.services.review.editing import proposal_edit

__all__ = [
    "proposal_approve",
    "proposal_approve_by_policy",
    "proposal_edit",
    "proposal_quarantine",
    "proposal_reject",
    "proposal_release",
]
