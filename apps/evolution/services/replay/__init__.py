"""The proof of a proposal: recorded turns are asked again, with its text and without it."""

from apps.evolution.services.replay.running import (
    REPLAY_KIND,
    replay_cancel,
    replay_fail,
    replay_run,
    replay_start,
)
from apps.evolution.services.replay.sweeping import replays_sweep

__all__ = [
    "REPLAY_KIND",
    "replay_cancel",
    "replay_fail",
    "replay_run",
    "replay_start",
    "replays_sweep",
]
