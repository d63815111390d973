from apps.evolution.services.learning import (
    EVOLVE_KIND,
    LearningDay,
    cluster_retry,
    day_get,
    evolution_request,
    evolution_run,
    policy_set,
    run_ask,
    triggers_sweep,
)
from apps.evolution.services.replay import (
    REPLAY_KIND,
    replay_cancel,
    replay_fail,
    replay_run,
    replay_start,
)
from apps.evolution.services.review import proposal_approve, proposal_edit, proposal_reject
from apps.evolution.services.scoring import turn_score

__all__ = [
    "EVOLVE_KIND",
    "REPLAY_KIND",
    "LearningDay",
    "cluster_retry",
    "day_get",
    "evolution_request",
    "evolution_run",
    "policy_set",
    "proposal_approve",
    "proposal_edit",
    "proposal_reject",
    "replay_cancel",
    "replay_fail",
    "replay_run",
    "replay_start",
    "run_ask",
    "triggers_sweep",
    "turn_score",
]
