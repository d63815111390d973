from apps.training.services.batches import batch_form, batch_release
from apps.training.services.samples import samples_record

__all__ = ["batch_form", "batch_release", "samples_record"]
