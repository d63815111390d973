from apps.evolution.services.canary import (
    CANARY_KIND,
    canaries_sweep,
    canary_look,
    canary_seen,
    canary_start,
    canary_stop,
)
from apps.evolution.services.importing import ImportedText, proposals_import
from apps.evolution.services.killing import skill_kill
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
    "CANARY_KIND",
    "EVOLVE_KIND",
    "REPLAY_KIND",
    "ImportedText",
    "canaries_sweep",
    "canary_look",
    "canary_seen",
    "canary_start",
    "canary_stop",
    "evolution_request",
    "evolution_run",
    "proposal_approve",
    "proposal_edit",
    "proposal_reject",
    "proposals_import",
    "replay_cancel",
    "replay_fail",
    "replay_run",
    "replay_start",
    "skill_kill",
    "turn_score",
]
