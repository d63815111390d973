from apps.training.models.batch import Batch, BatchSample
from apps.training.models.checkpoint import Checkpoint
from apps.training.models.job import TrainingJob, TrainingStep
from apps.training.models.policy import TaskSet, TrainingBudget, TrainingPolicy
from apps.training.models.sample import Sample

__all__ = [
    "Batch",
    "BatchSample",
    "Checkpoint",
    "Sample",
    "TaskSet",
    "TrainingBudget",
    "TrainingJob",
    "TrainingPolicy",
    "TrainingStep",
]
