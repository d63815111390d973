"""The tokens of a policy's answers: out of the spool, and beside the turns they belong to."""

import base64
import binascii
import logging
from array import array
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from apps.training.errors import SampleInvalid
from apps.training.services import sample_check
from apps.training.types import NewSample
from apps.trajectories.types import SampledAnswer, TurnRecord

logger = logging.getLogger(__name__)

# How whoever rolls out through the gateway says so, and which answers are to one prompt.
_ORIGIN_TAG, _GROUP_TAG = "origin", "group"
_OTHER_ORIGINS = frozenset({"rollout", "resample"})


def sampled_of(turn_id: UUID, outcome: Mapping[str, Any]) -> SampledAnswer | None:
    """What the gateway noted of a policy's answer; None where there is nothing to read."""
    found = outcome.get("sample")
    if found is None:
        return None
    try:
        return SampledAnswer(
            prompt_tokens=_array("i", found["prompt_tokens"]),
            tokens=_array("i", found["tokens"]),
            logprobs=_array("f", found["logprobs"]),
            temperature=float(found["temperature"]),
            stop_reason=str(found["stop_reason"]),
            base_model=str(found["base_model"]),
            checkpoint=str(found["checkpoint"]),
            generation=int(found["generation"]),
        )
    except (KeyError, TypeError, ValueError, binascii.Error) as exc:
        logger.error("recorder.sample_dropped", extra={"turn_id": turn_id, "reason": repr(exc)})
        return None


def samples_of(records: Iterable[TurnRecord]) -> list[NewSample]:
    """The samples of turns. One that cannot be what a sampler said is dropped; its turn stays."""
    found: list[NewSample] = []
    for record in records:
        if record.sampled is None:
            continue
        sample = _sample(record, record.sampled)
        try:
            sample_check(sample)
        except SampleInvalid as exc:
            extra = {"turn_id": record.id, "reason": exc.detail}
            logger.error("recorder.sample_dropped", extra=extra)
        else:
            found.append(sample)
    return found


def _sample(record: TurnRecord, said: SampledAnswer) -> NewSample:
    origin = record.tags.get(_ORIGIN_TAG, "")
    return NewSample(
        turn_id=record.id,
        origin=origin if origin in _OTHER_ORIGINS else "serving",
        group_id=_group(record.tags.get(_GROUP_TAG, "")) if origin in _OTHER_ORIGINS else None,
        base_model=said.base_model,
        checkpoint=said.checkpoint,
        generation=said.generation,
        version_ids=[used.version_id for used in record.skills],
        temperature=said.temperature,
        stop_reason=said.stop_reason,
        prompt_tokens=said.prompt_tokens,
        tokens=said.tokens,
        logprobs=said.logprobs,
    )


def _group(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _array(kind: str, text: str) -> "array[Any]":
    """Little-endian on the wire, as in every machine this runs on."""
    found: array[Any] = array(kind)
    found.frombytes(base64.b64decode(text, validate=True))
    return found
