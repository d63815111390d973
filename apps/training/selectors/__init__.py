from apps.training.selectors.samples import (
    LOOKED_AT,
    REFUSALS,
    Funnel,
    funnel,
    groups_telling,
    has_tokens,
    is_batched,
    samples_eligible,
)

__all__ = [
    "LOOKED_AT",
    "REFUSALS",
    "Funnel",
    "funnel",
    "groups_telling",
    "has_tokens",
    "is_batched",
    "samples_eligible",
]
