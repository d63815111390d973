"""What skills are worth, and what follows from it."""

from apps.evolution.services.value.lifts import Lift, lifts_of
from apps.evolution.services.value.precision import Precision, precision_list

__all__ = ["Lift", "Precision", "lifts_of", "precision_list"]
