from apps.training.services.batches import batch_form, batch_release
from apps.training.services.rollouts import (
    ROLLOUT_KIND,
    resample_create,
    resample_play,
    rollout_ask,
    rollout_cancel,
    rollout_create,
    rollout_play,
    rollout_run,
)
from apps.training.services.samples import samples_record
from apps.training.services.task_sets import task_set_create, task_set_delete, task_set_update

__all__ = [
    "ROLLOUT_KIND",
    "batch_form",
    "batch_release",
    "resample_create",
    "resample_play",
    "rollout_ask",
    "rollout_cancel",
    "rollout_create",
    "rollout_play",
    "rollout_run",
    "samples_record",
    "task_set_create",
    "task_set_delete",
    "task_set_update",
]
