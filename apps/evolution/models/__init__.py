from apps.evolution.models.canary import Canary, CanarySession
from apps.evolution.models.proposal import Evidence, EvolutionRun, Proposal
from apps.evolution.models.replay import Replay, ReplayCase
from apps.evolution.models.review import Review, ReviewLease, ReviewPolicy

__all__ = [
    "Canary",
    "CanarySession",
    "Evidence",
    "EvolutionRun",
    "Proposal",
    "Replay",
    "ReplayCase",
    "Review",
    "ReviewLease",
    "ReviewPolicy",
]
