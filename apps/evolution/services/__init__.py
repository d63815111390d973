from apps.evolution.services.annotation.brake import brake_check, held_sentence, learning_resume
from apps.evolution.services.annotation.queue import (
    item_add,
    item_answer,
    item_drop,
    item_give_back,
    item_lease,
    item_next,
    item_skip,
)
from apps.evolution.services.annotation.rules import annotation_policy_set
from apps.evolution.services.canary import (
    CANARY_KIND,
    canaries_sweep,
    canary_look,
    canary_seen,
    canary_start,
    canary_stop,
)
from apps.evolution.services.checking import CHECK_KIND
from apps.evolution.services.importing import ImportedText, proposals_import
from apps.evolution.services.killing import skill_kill
from apps.evolution.services.learning import (
    EVOLVE_KIND,
    LearningDay,
    cluster_retry,
    day_get,
    evolution_request,
    evolution_run,
    learning_policy_set,
    run_ask,
    triggers_sweep,
)
from apps.evolution.services.leases import lease_give_back, lease_take
from apps.evolution.services.policing import approval_refusal, approvals_of, review_policy_set
from apps.evolution.services.replay import (
    REPLAY_KIND,
    replay_cancel,
    replay_fail,
    replay_run,
    replay_start,
    replays_sweep,
    turn_replay_start,
)
from apps.evolution.services.review import (
    proposal_approve,
    proposal_edit,
    proposal_quarantine,
    proposal_reject,
    proposal_release,
)
from apps.evolution.services.scoring import (
    feedback_give,
    score_take_back,
    scores_take,
    turn_score,
    verdict_give,
)
from apps.evolution.services.second_look import proposal_look
from apps.evolution.services.value import (
    LEDGER_KIND,
    Lift,
    Precision,
    ledger_look,
    ledger_sweep,
    lifts_of,
    precision_list,
)
from apps.evolution.services.workspaces import NewWorkspace, workspace_create

__all__ = [
    "CANARY_KIND",
    "CHECK_KIND",
    "EVOLVE_KIND",
    "LEDGER_KIND",
    "REPLAY_KIND",
    "ImportedText",
    "LearningDay",
    "Lift",
    "NewWorkspace",
    "Precision",
    "annotation_policy_set",
    "approval_refusal",
    "approvals_of",
    "brake_check",
    "canaries_sweep",
    "canary_look",
    "canary_seen",
    "canary_start",
    "canary_stop",
    "cluster_retry",
    "day_get",
    "evolution_request",
    "evolution_run",
    "feedback_give",
    "held_sentence",
    "item_add",
    "item_answer",
    "item_drop",
    "item_give_back",
    "item_lease",
    "item_next",
    "item_skip",
    "learning_policy_set",
    "learning_resume",
    "lease_give_back",
    "lease_take",
    "ledger_look",
    "ledger_sweep",
    "lifts_of",
    "precision_list",
    "proposal_approve",
    "proposal_edit",
    "proposal_look",
    "proposal_quarantine",
    "proposal_reject",
    "proposal_release",
    "proposals_import",
    "replay_cancel",
    "replay_fail",
    "replay_run",
    "replay_start",
    "replays_sweep",
    "review_policy_set",
    "run_ask",
    "score_take_back",
    "scores_take",
    "skill_kill",
    "triggers_sweep",
    "turn_replay_start",
    "turn_score",
    "verdict_give",
    "workspace_create",
]
