"""From failing turns to a proposal."""

from apps.evolution.services.learning.claiming import cluster_retry
from apps.evolution.services.learning.policy import LearningDay, day_get, learning_policy_set
from apps.evolution.services.learning.running import evolution_run
from apps.evolution.services.learning.triggers import (
    EVOLVE_KIND,
    evolution_request,
    run_ask,
    triggers_sweep,
)

__all__ = [
    "EVOLVE_KIND",
    "LearningDay",
    "cluster_retry",
    "day_get",
    "evolution_request",
    "evolution_run",
    "learning_policy_set",
    "run_ask",
    "triggers_sweep",
]
