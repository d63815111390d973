from apps.training.services.batches import BatchWish, batch_form, batch_release
from apps.training.services.beginning import (
    jobs_begin,
    jobs_sweep,
    window_closed,
    window_opened,
)
from apps.training.services.budgets import (
    TrainingDay,
    budget_get,
    budget_reserve,
    budget_set,
    day_get,
)
from apps.training.services.jobs import (
    ADVANCE_KIND,
    job_cancel,
    job_create,
    job_pause,
    job_resume,
)
from apps.training.services.policies import (
    PolicyCheck,
    policy_check,
    policy_create,
    policy_delete,
    policy_update,
)
from apps.training.services.samples import sample_check, samples_record
from apps.training.services.showing import history_show

__all__ = [
    "ADVANCE_KIND",
    "BatchWish",
    "PolicyCheck",
    "TrainingDay",
    "batch_form",
    "batch_release",
    "budget_get",
    "budget_reserve",
    "budget_set",
    "day_get",
    "history_show",
    "job_cancel",
    "job_create",
    "job_pause",
    "job_resume",
    "jobs_begin",
    "jobs_sweep",
    "policy_check",
    "policy_create",
    "policy_delete",
    "policy_update",
    "sample_check",
    "samples_record",
    "window_closed",
    "window_opened",
]
