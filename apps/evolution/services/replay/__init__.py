"""The proof of a proposal: recorded turns are asked again, with its text and without it."""

from apps.evolution.services.replay.running import (
    REPLAY_KIND,
    replay_cancel,
    replay_fail,
    replay_run,
    replay_start,
)

__all__ = ["REPLAY_KIND", "replay_cancel", "replay_fail", "replay_run", "replay_start"]
