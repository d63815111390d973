from apps.training.selectors.rollouts import (
    episode_list,
    rollout_get,
    rollout_is_wanted,
    rollout_list,
    rollout_played,
    task_set_get,
    task_set_list,
    task_set_user,
)
from apps.training.selectors.samples import (
    REFUSALS,
    Funnel,
    funnel,
    has_tokens,
    is_batched,
    samples_eligible,
)

__all__ = [
    "REFUSALS",
    "Funnel",
    "episode_list",
    "funnel",
    "has_tokens",
    "is_batched",
    "rollout_get",
    "rollout_is_wanted",
    "rollout_list",
    "rollout_played",
    "samples_eligible",
    "task_set_get",
    "task_set_list",
    "task_set_user",
]
