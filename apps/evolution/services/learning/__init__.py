"""From failing turns to a proposal."""

from apps.evolution.services.learning.proposing import checks_of
from apps.evolution.services.learning.running import evolution_run
from apps.evolution.services.learning.triggers import EVOLVE_KIND, evolution_request

__all__ = ["EVOLVE_KIND", "checks_of", "evolution_request", "evolution_run"]
