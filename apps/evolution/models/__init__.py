from apps.evolution.models.annotation import AnnotationItem, AnnotationLease, AnnotationPolicy
from apps.evolution.models.canary import Canary, CanarySession
from apps.evolution.models.learning import ClusteredTurn, FailureCluster, LearningPolicy
from apps.evolution.models.lease import Lease
from apps.evolution.models.proposal import Evidence, EvolutionRun, Proposal
from apps.evolution.models.replay import Replay, ReplayCase
from apps.evolution.models.review import Review, ReviewLease, ReviewPolicy

__all__ = [
    "AnnotationItem",
    "AnnotationLease",
    "AnnotationPolicy",
    "Canary",
    "CanarySession",
    "ClusteredTurn",
    "Evidence",
    "EvolutionRun",
    "FailureCluster",
    "LearningPolicy",
    "Lease",
    "Proposal",
    "Replay",
    "ReplayCase",
    "Review",
    "ReviewLease",
    "ReviewPolicy",
]
