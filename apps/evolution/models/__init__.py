from apps.evolution.models.learning import ClusteredTurn, FailureCluster, LearningPolicy
from apps.evolution.models.proposal import Evidence, EvolutionRun, Proposal
from apps.evolution.models.replay import Replay, ReplayCase
from apps.evolution.models.review import Review

__all__ = [
    "ClusteredTurn",
    "Evidence",
    "EvolutionRun",
    "FailureCluster",
    "LearningPolicy",
    "Proposal",
    "Replay",
    "ReplayCase",
    "Review",
]
