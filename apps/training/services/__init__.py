from apps.training.services.batches import batch_form, batch_release
from apps.training.services.samples import sample_check, samples_record

__all__ = ["batch_form", "batch_release", "sample_check", "samples_record"]
