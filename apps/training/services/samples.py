"""Keeping what a policy said in its own tokens."""

import math
from collections.abc import Sequence
from uuid import UUID

import numpy as np

from apps.core.bulk import rows_insert
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.training.errors import SampleInvalid
from apps.training.models import Sample
from apps.training.types import NewSample

_LARGEST = 2**31


def samples_record(*, tenant_id: UUID, samples: Sequence[NewSample]) -> None:
    """Store samples beside their turns. A turn that has one keeps it: safe to repeat.

    Raises SampleInvalid, and stores none, when one of them cannot be what a sampler said.
    """
    for one in samples:
        sample_check(one)
    with tenant_tx(tenant_id):
        rows_insert(
            Sample,
            [
                {
                    "id": uuid7(),
                    "tenant_id": tenant_id,
                    "created_at": now(),
                    "turn_id": one.turn_id,
                    "origin": one.origin,
                    "group_id": one.group_id,
                    "base_model": one.base_model,
                    "checkpoint": one.checkpoint,
                    "generation": one.generation,
                    "version_ids": sorted(one.version_ids),
                    "temperature": one.temperature,
                    "stop_reason": one.stop_reason,
                    "prompt_tokens": np.asarray(one.prompt_tokens, "<i4").tobytes(),
                    "tokens": np.asarray(one.tokens, "<i4").tobytes(),
                    "logprobs": np.asarray(one.logprobs, "<f4").tobytes(),
                }
                for one in samples
            ],
            skip_existing=True,
        )


def sample_check(one: NewSample) -> None:
    """Raises SampleInvalid for what no sampler can have said."""
    if not one.tokens or not one.prompt_tokens:
        raise SampleInvalid(f"The sample of turn {one.turn_id} has no tokens.")
    # What an expert wrote was sampled by nobody.
    if one.origin == Sample.Origin.EXPERT and one.logprobs:
        raise SampleInvalid(f"The example of turn {one.turn_id} has log-probabilities.")
    if one.origin != Sample.Origin.EXPERT and len(one.tokens) != len(one.logprobs):
        raise SampleInvalid(
            f"The sample of turn {one.turn_id} has {len(one.tokens)} tokens and"
            f" {len(one.logprobs)} log-probabilities."
        )
    if not all(0 <= token < _LARGEST for token in (*one.prompt_tokens, *one.tokens)):
        raise SampleInvalid(f"A token of turn {one.turn_id} is no token id.")
    if not all(math.isfinite(value) and value <= 1e-4 for value in one.logprobs):
        raise SampleInvalid(f"A log-probability of turn {one.turn_id} is above zero or no number.")
    texts = ((one.base_model, 200), (one.checkpoint, 500), (one.stop_reason, 20))
    if not one.base_model or any(len(text) > most or "\0" in text for text, most in texts):
        raise SampleInvalid(f"The sample of turn {one.turn_id} is of no model that has a name.")
    if not 0 <= one.generation < _LARGEST:
        raise SampleInvalid(f"The sample of turn {one.turn_id} is of no generation of the library.")
    if not (math.isfinite(one.temperature) and one.temperature >= 0):
        raise SampleInvalid(f"The temperature of turn {one.turn_id} is no temperature.")
