"""Tasks and recorded prompts that a policy answers without a user."""

from apps.training.services.rollouts.asking import ROLLOUT_KIND, rollout_ask, rollout_cancel
from apps.training.services.rollouts.creating import resample_create, rollout_create
from apps.training.services.rollouts.playing import rollout_play
from apps.training.services.rollouts.recorded import prompts_open
from apps.training.services.rollouts.running import rollout_run
from apps.training.services.rollouts.sweeping import rollouts_sweep

__all__ = [
    "ROLLOUT_KIND",
    "prompts_open",
    "resample_create",
    "rollout_ask",
    "rollout_cancel",
    "rollout_create",
    "rollout_play",
    "rollout_run",
    "rollouts_sweep",
]
