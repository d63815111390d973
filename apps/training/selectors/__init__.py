from apps.training.selectors.samples import (
    REFUSALS,
    Funnel,
    funnel,
    has_tokens,
    is_batched,
    samples_eligible,
)

__all__ = ["REFUSALS", "Funnel", "funnel", "has_tokens", "is_batched", "samples_eligible"]
