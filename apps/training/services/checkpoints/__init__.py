from apps.training.services.checkpoints.asking import (
    Mark,
    Marked,
    OpenSampler,
    mark_by_judge,
    mark_by_task,
    unmarked,
)
from apps.training.services.checkpoints.gates import (
    GATE_KIND,
    gate_fail,
    gate_pass,
    gate_start,
    gates_sweep,
)
from apps.training.services.checkpoints.provider import (
    CHECK_KIND,
    DELETE_KIND,
    LetGo,
    checkpoint_check,
    checkpoint_delete_at_provider,
    checkpoint_let_go,
    checkpoints_check,
    checkpoints_check_later,
    checkpoints_sweep,
    workspace_let_go,
)
from apps.training.services.checkpoints.running import gate_run
from apps.training.services.checkpoints.serving import (
    checkpoint_canary,
    checkpoint_promote,
    checkpoint_retire,
    checkpoint_rollback,
)
from apps.training.services.checkpoints.trials import TRIAL_KIND, trial_look, trials_sweep

__all__ = [
    "CHECK_KIND",
    "DELETE_KIND",
    "GATE_KIND",
    "TRIAL_KIND",
    "LetGo",
    "Mark",
    "Marked",
    "OpenSampler",
    "checkpoint_canary",
    "checkpoint_check",
    "checkpoint_delete_at_provider",
    "checkpoint_let_go",
    "checkpoint_promote",
    "checkpoint_retire",
    "checkpoint_rollback",
    "checkpoints_check",
    "checkpoints_check_later",
    "checkpoints_sweep",
    "gate_fail",
    "gate_pass",
    "gate_run",
    "gate_start",
    "gates_sweep",
    "mark_by_judge",
    "mark_by_task",
    "trial_look",
    "trials_sweep",
    "unmarked",
    "workspace_let_go",
]
