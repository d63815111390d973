from apps.evolution.services.canary.deciding import (
    CANARY_KIND,
    canaries_sweep,
    canary_look,
)
from apps.evolution.services.canary.observing import canary_seen
from apps.evolution.services.canary.starting import canary_start, canary_stop

__all__ = [
    "CANARY_KIND",
    "canaries_sweep",
    "canary_look",
    "canary_seen",
    "canary_start",
    "canary_stop",
]
