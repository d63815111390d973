"""What a text is worth: recorded turns are asked again, with it and without it."""

from apps.evolution.services.replay.running import (
    REPLAY_KIND,
    replay_cancel,
    replay_fail,
    replay_run,
)
from apps.evolution.services.replay.starting import replay_start, turn_replay_start
from apps.evolution.services.replay.sweeping import replays_sweep

__all__ = [
    "REPLAY_KIND",
    "replay_cancel",
    "replay_fail",
    "replay_run",
    "replay_start",
    "replays_sweep",
    "turn_replay_start",
]
