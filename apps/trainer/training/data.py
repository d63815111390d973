"""Training data as it arrives, checked before anything is computed with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from apps.trainer.errors import RequestFailed
from apps.trainer.training.losses import Loss
from apps.trainer.wire.datums import Datum

_TARGETS = "target_tokens"


@dataclass(frozen=True)
class Example:
    """One row: input tokens, and a value for each of them in every array."""

    tokens: list[int]
    targets: Tensor
    given: dict[str, Tensor]


def checked_examples(
    data: Sequence[Datum], loss: Loss, *, vocabulary: int, context: int
) -> list[Example]:
    """The rows of a request, or RequestFailed with what is wrong in which."""
    if not data:
        raise RequestFailed("There is no data in this request.")
    examples = []
    for number, datum in enumerate(data):
        try:
            examples.append(_checked(datum, loss, vocabulary=vocabulary, context=context))
        except RequestFailed as exc:
            raise RequestFailed(f"Datum {number}: {exc.message}") from None
    return examples


def _checked(datum: Datum, loss: Loss, *, vocabulary: int, context: int) -> Example:
    length = len(datum.tokens)
    if not 0 < length <= context:
        raise RequestFailed(f"it has {length} tokens; this model takes 1 to {context}.")
    _in_vocabulary("model_input", np.asarray(datum.tokens), vocabulary)
    expected = {_TARGETS, *loss.inputs}
    _check_names(datum.arrays, expected)
    targets = _array(datum.arrays, _TARGETS, length)
    _in_vocabulary(_TARGETS, targets, vocabulary)
    if targets.ndim == 2 and loss.inputs != ("weights",):
        raise RequestFailed("several targets per position are for cross_entropy only.")
    given = {}
    for name in loss.inputs:
        values = _array(datum.arrays, name, length, like=targets)
        if not np.isfinite(values).all():
            raise RequestFailed(f"{name} holds values that are not finite.")
        given[name] = torch.from_numpy(np.array(values, dtype=np.float32))
    return Example(datum.tokens, torch.from_numpy(np.array(targets, dtype=np.int64)), given)


def _check_names(arrays: Mapping[str, object], expected: set[str]) -> None:
    missing, unknown = sorted(expected - arrays.keys()), sorted(arrays.keys() - expected)
    if missing:
        raise RequestFailed(f"{', '.join(missing)} is missing for this loss.")
    if unknown:
        raise RequestFailed(f"{', '.join(unknown)} is no input of this loss.")


def _array(
    arrays: Mapping[str, np.ndarray], name: str, length: int, *, like: np.ndarray | None = None
) -> np.ndarray:
    values = arrays[name]
    if name == _TARGETS and values.dtype.kind != "i":
        raise RequestFailed(f"{name} must hold whole numbers.")
    if values.ndim not in (1, 2) or values.shape[0] != length:
        raise RequestFailed(f"{name} has shape {list(values.shape)}, the input {length} tokens.")
    if like is not None and values.shape != like.shape:
        raise RequestFailed(f"{name} must have the shape of {_TARGETS}.")
    return values


def _in_vocabulary(name: str, tokens: np.ndarray, vocabulary: int) -> None:
    if tokens.size and (tokens.min() < 0 or tokens.max() >= vocabulary):
        raise RequestFailed(f"{name} holds tokens outside 0 to {vocabulary - 1}.")
