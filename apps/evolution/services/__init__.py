from apps.evolution.services.canary import (
    CANARY_KIND,
    canaries_sweep,
    canary_look,
    canary_seen,
    canary_start,
    canary_stop,
)
from apps.evolution.services.checking import CHECK_KIND
from apps.evolution.services.killing import skill_kill
from apps.evolution.services.learning import EVOLVE_KIND, evolution_request, evolution_run
from apps.evolution.services.leases import lease_give_back, lease_take
from apps.evolution.services.policing import approval_refusal, approvals_of, policy_set
from apps.evolution.services.replay import (
    REPLAY_KIND,
    replay_cancel,
    replay_fail,
    replay_run,
    replay_start,
)
from apps.evolution.services.review import (
    proposal_approve,
    proposal_edit,
    proposal_quarantine,
    proposal_reject,
    proposal_release,
)
from apps.evolution.services.scoring import turn_score
from apps.evolution.services.second_look import proposal_look

__all__ = [
    "CANARY_KIND",
    "CHECK_KIND",
    "EVOLVE_KIND",
    "REPLAY_KIND",
    "approval_refusal",
    "approvals_of",
    "canaries_sweep",
    "canary_look",
    "canary_seen",
    "canary_start",
    "canary_stop",
    "evolution_request",
    "evolution_run",
    "lease_give_back",
    "lease_take",
    "policy_set",
    "proposal_approve",
    "proposal_edit",
    "proposal_look",
    "proposal_quarantine",
    "proposal_reject",
    "proposal_release",
    "replay_cancel",
    "replay_fail",
    "replay_run",
    "replay_start",
    "skill_kill",
    "turn_score",
]
