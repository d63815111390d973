from apps.evolution.services.learning import EVOLVE_KIND, evolution_request, evolution_run
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
    "evolution_request",
    "evolution_run",
    "proposal_approve",
    "proposal_edit",
    "proposal_reject",
    "replay_cancel",
    "replay_fail",
    "replay_run",
    "replay_start",
    "turn_score",
]
