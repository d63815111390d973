from apps.training.models.batch import Batch, BatchSample
from apps.training.models.checkpoint import Checkpoint
from apps.training.models.gate import Gate, GateCase
from apps.training.models.job import TrainingJob, TrainingStep
from apps.training.models.policy import TaskSet, TrainingBudget, TrainingPolicy
from apps.training.models.rollout import Rollout, RolloutEpisode
from apps.training.models.sample import Sample
from apps.training.models.trial import CheckpointSession, CheckpointTrial

__all__ = [
    "Batch",
    "BatchSample",
    "Checkpoint",
    "CheckpointSession",
    "CheckpointTrial",
    "Gate",
    "GateCase",
    "Rollout",
    "RolloutEpisode",
    "Sample",
    "TaskSet",
    "TrainingBudget",
    "TrainingJob",
    "TrainingPolicy",
    "TrainingStep",
]
