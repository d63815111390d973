from apps.training.models.batch import Batch, BatchSample
from apps.training.models.sample import Sample

__all__ = ["Batch", "BatchSample", "Sample"]
