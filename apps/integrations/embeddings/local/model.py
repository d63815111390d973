"""all-MiniLM-L6-v2 in numpy: six transformer layers, the mean of the tokens, length one.

https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2. The vectors are those that
sentence-transformers makes, to six digits.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

import numpy as np

from apps.integrations.embeddings.local.files import (
    Values,
    read_vocabulary,
    read_weights,
)
from apps.integrations.embeddings.local.installed import folder
from apps.integrations.embeddings.local.tokenizer import Tokenizer

_LAYERS = 6
_HEADS = 12
_EPSILON = np.float32(1e-12)
# Texts of one length go through together, up to so many tokens.
_TOKENS_AT_ONCE = 512


@dataclass(frozen=True, slots=True)
class _Norm:
    weight: Values
    bias: Values

    def __call__(self, x: Values) -> Values:
        x -= x.mean(axis=-1, keepdims=True)
        x /= np.sqrt(np.square(x).mean(axis=-1, keepdims=True) + _EPSILON)
        x *= self.weight
        x += self.bias
        return x


@dataclass(frozen=True, slots=True)
class _Linear:
    weight: Values
    bias: Values

    def __call__(self, x: Values) -> Values:
        found: Values = x @ self.weight
        found += self.bias
        return found


@dataclass(frozen=True, slots=True)
class _Layer:
    # Query, key and value in one matrix: one large product is faster than three.
    attention: _Linear
    mixed: _Linear
    after_attention: _Norm
    wide: _Linear
    narrow: _Linear
    after_all: _Norm

    def __call__(self, x: Values) -> Values:
        """``x``: texts by tokens by features."""
        count, length, size = x.shape
        parts = self.attention(x.reshape(-1, size)).reshape(count, length, 3, _HEADS, -1)
        query, key, value = parts.transpose(2, 0, 3, 1, 4)
        weights = query @ key.transpose(0, 1, 3, 2)
        weights *= np.float32((size // _HEADS) ** -0.5)
        seen = (_softmax(weights) @ value).transpose(0, 2, 1, 3).reshape(-1, size)
        flat = self.after_attention(self.mixed(seen) + x.reshape(-1, size))
        found = self.after_all(self.narrow(_gelu(self.wide(flat))) + flat)
        return found.reshape(count, length, size)


class MiniLM:
    """The model in memory; about 90 MB. Only read after it was loaded."""

    def __init__(self, model: Path | None = None) -> None:
        place = model or folder()
        weights = read_weights(place)
        self._tokenizer = Tokenizer(read_vocabulary(place))
        self._words = weights["embeddings.word_embeddings.weight"]
        self._positions = (
            weights["embeddings.position_embeddings.weight"]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        self._norm = _norm(weights, "embeddings.LayerNorm")
        self._layers = [_layer(weights, f"encoder.layer.{n}") for n in range(_LAYERS)]

    def tokens(self, text: str) -> list[int]:
        return self._tokenizer.encode(text)

    def embed(self, texts: Sequence[Sequence[int]]) -> Values:
        """Unit vectors of texts given as tokens, in order."""
        found = np.empty((len(texts), self._words.shape[1]), dtype=np.float32)
        for numbers in _alike(texts):
            found[numbers] = self._forward(np.array([texts[one] for one in numbers]))
        return found

    def _forward(self, tokens: np.typing.NDArray[np.int64]) -> Values:
        x = self._norm(self._words[tokens] + self._positions[: tokens.shape[1]])
        for layer in self._layers:
            x = layer(x)
        mean: Values = x.mean(axis=1)
        unit: Values = mean / np.linalg.norm(mean, axis=1, keepdims=True)
        return unit


def _alike(texts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Numbers of texts of one length: without padding nothing has to be masked."""
    by_length = sorted(range(len(texts)), key=lambda one: len(texts[one]))
    for length, group in groupby(by_length, key=lambda one: len(texts[one])):
        numbers = list(group)
        step = max(1, _TOKENS_AT_ONCE // length)
        for at in range(0, len(numbers), step):
            yield numbers[at : at + step]


def _layer(weights: dict[str, Values], name: str) -> _Layer:
    own = [_linear(weights, f"{name}.attention.self.{one}") for one in ("query", "key", "value")]
    return _Layer(
        attention=_Linear(
            np.concatenate([one.weight for one in own], axis=1),
            np.concatenate([one.bias for one in own]),
        ),
        mixed=_linear(weights, f"{name}.attention.output.dense"),
        after_attention=_norm(weights, f"{name}.attention.output.LayerNorm"),
        wide=_linear(weights, f"{name}.intermediate.dense"),
        narrow=_linear(weights, f"{name}.output.dense"),
        after_all=_norm(weights, f"{name}.output.LayerNorm"),
    )


def _linear(weights: dict[str, Values], name: str) -> _Linear:
    return _Linear(np.ascontiguousarray(weights[f"{name}.weight"].T), weights[f"{name}.bias"])


def _norm(weights: dict[str, Values], name: str) -> _Norm:
    return _Norm(weights[f"{name}.weight"], weights[f"{name}.bias"])


def _softmax(x: Values) -> Values:
    x -= x.max(axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x


def _gelu(x: Values) -> Values:
    """The exact GELU; erf by Abramowitz and Stegun 7.1.26, right to 1.5e-7."""
    distance = np.abs(x)
    distance *= np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(0.3275911) * distance)
    tail = t * np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(factor)
        tail *= t
    np.square(distance, out=distance)
    np.negative(distance, out=distance)
    tail *= np.exp(distance)
    # x times (1 + erf) / 2, where erf has the sign of x.
    found: Values = np.where(x >= 0, 1 - 0.5 * tail, 0.5 * tail)
    found *= x
    return found
