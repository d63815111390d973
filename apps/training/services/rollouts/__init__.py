"""Tasks and recorded prompts that a policy answers without a user."""

from apps.training.services.rollouts.creating import (
    ROLLOUT_KIND,
    resample_create,
    rollout_ask,
    rollout_cancel,
    rollout_create,
)
from apps.training.services.rollouts.playing import resample_play, rollout_play
from apps.training.services.rollouts.running import rollout_run

__all__ = [
    "ROLLOUT_KIND",
    "resample_create",
    "resample_play",
    "rollout_ask",
    "rollout_cancel",
    "rollout_create",
    "rollout_play",
    "rollout_run",
]
