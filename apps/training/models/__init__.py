from apps.training.models.batch import Batch, BatchSample
from apps.training.models.checkpoint import Checkpoint
from apps.training.models.gate import Gate, GateCase
from apps.training.models.job import TrainingJob, TrainingStep
from apps.training.models.policy import TaskSet, TrainingBudget, TrainingPolicy
from apps.training.models.rollout import Rollout, RolloutEpisode
from apps.training.models.sample import Sample
from apps.training.models.trial import CheckpointSession, CheckpointTrial
from apps.training.models.window import CalendarConnection, Presence, Window, WindowRules

__all__ = [
    "Batch",
    "BatchSample",
    "CalendarConnection",
    "Checkpoint",
    "CheckpointSession",
    "CheckpointTrial",
    "Gate",
    "GateCase",
    "Presence",
    "Rollout",
    "RolloutEpisode",
    "Sample",
    "TaskSet",
    "TrainingBudget",
    "TrainingJob",
    "TrainingPolicy",
    "TrainingStep",
    "Window",
    "WindowRules",
]
