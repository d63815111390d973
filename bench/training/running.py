"""Which rows are measured, in which order."""

import sys
from collections.abc import Sequence

from bench.training import killing, learning, serving
from bench.training.finding import Found
from tests.trainer.process import TrainerProcess


def run(trainer: TrainerProcess, *, rows: Sequence[str], kills: int) -> Found:
    """Every row gets workspaces and keys of its own."""
    found = Found()

    def key() -> str:
        return trainer.key("bench")

    if "losses" in rows:
        _say("losses")
        learning.losses(trainer.url, key(), found)
    if "distillation" in rows:
        _say("distillation")
        learning.distillation(trainer.url, key(), found)
    if "tenants" in rows:
        _say("three tenants")
        keys = [trainer.key(f"tenant{number}") for number in range(3)]
        learning.tenants(trainer.url, keys, found)
    if "serving" in rows:
        _say("serving")
        serving.measure(trainer, key(), found)
    if "kills" in rows:
        _say("kills")
        killing.measure(trainer, key(), found, kills=kills)
    return found


def _say(row: str) -> None:
    print(f"  {row}", file=sys.stderr, flush=True)
