"""What skills are worth, and what follows from it."""

from apps.evolution.services.value.lifts import Lift, lifts_of
from apps.evolution.services.value.precision import Precision, precision_list
from apps.evolution.services.value.proposing import LEDGER_KIND, ledger_look, ledger_sweep

__all__ = [
    "LEDGER_KIND",
    "Lift",
    "Precision",
    "ledger_look",
    "ledger_sweep",
    "lifts_of",
    "precision_list",
]
