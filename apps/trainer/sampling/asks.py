"""What a caller wants sampled, checked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from apps.trainer.errors import BadRequest
from apps.trainer.sampling.results import StopReason, TopK

MOST_SAMPLES = 1_024
MOST_TOP = 100
MOST_BYTES = 4 * 1024**3
_MOST_STOPS = 64
# Called for every token of a streamed ask: sample, token, its logprob, the top, the end if it is.
OnToken = Callable[[int, int, float, TopK, StopReason | None], None]


@dataclass(frozen=True, slots=True)
class Options:
    """``ends_at_eos`` unless the caller asked for no stops at all."""

    max_tokens: int | None
    temperature: float
    top_k: int
    top_p: float
    seed: int | None
    stop_tokens: frozenset[int]
    stop_texts: tuple[str, ...]
    ends_at_eos: bool


@dataclass(frozen=True, slots=True)
class Ask:
    prompt: list[int]
    samples: int
    options: Options
    wants_prompt_logprobs: bool = False
    prompt_logprobs_last: int | None = None
    top_of_prompt: int = 0
    top_of_sample: int = 0
    targets: np.ndarray | None = None
    on_token: OnToken | None = None

    def check_memory(self, *, context: int, bytes_per_token: int) -> None:
        """Refuse what could not be held: a process that dies of it would meet it again."""
        room = context - len(self.prompt)
        longest = len(self.prompt) + min(room, self.options.max_tokens or room)
        if self.samples * longest * bytes_per_token > MOST_BYTES:
            raise BadRequest(
                f"{self.samples} samples of up to {longest} tokens do not fit into the memory set "
                "aside for one request; ask for fewer, or for less of each."
            )

    @property
    def scores_prompt(self) -> bool:
        return self.wants_prompt_logprobs or self.top_of_prompt > 0 or self.targets is not None


def read_ask(body: Mapping[str, Any], *, vocabulary: int, context: int) -> Ask:
    """The ask of an ``asample`` body, or BadRequest."""
    prompt = _prompt(body.get("prompt"), vocabulary, context)
    last = body.get("prompt_logprobs_last_n")
    if last is not None and not 1 <= _whole("prompt_logprobs_last_n", last) <= len(prompt) - 1:
        raise BadRequest("prompt_logprobs_last_n must be between 1 and the prompt's length - 1.")
    if body.get("prompt_alt_tokens_k"):
        raise BadRequest("prompt_alt_tokens_k is not available here.")
    return Ask(
        prompt=prompt,
        samples=_between("num_samples", body.get("num_samples", 1), 1, MOST_SAMPLES),
        options=read_options(body.get("sampling_params") or {}, vocabulary=vocabulary),
        wants_prompt_logprobs=bool(body.get("prompt_logprobs")),
        prompt_logprobs_last=last,
        top_of_prompt=_between(
            "topk_prompt_logprobs", body.get("topk_prompt_logprobs") or 0, 0, MOST_TOP
        ),
        top_of_sample=_between(
            "topk_sample_logprobs", body.get("topk_sample_logprobs") or 0, 0, MOST_TOP
        ),
        targets=_targets(body.get("target_prompt_logprobs"), len(prompt), vocabulary),
    )


def read_options(values: Mapping[str, Any], *, vocabulary: int) -> Options:
    if not isinstance(values, Mapping):
        raise BadRequest("sampling_params must be an object.")
    max_tokens, seed = values.get("max_tokens"), values.get("seed")
    tokens, texts, ends_at_eos = _stops(values.get("stop"), vocabulary)
    top_p = _number("top_p", values.get("top_p", 1.0))
    if not 0 < top_p <= 1:
        raise BadRequest("top_p must be above 0 and at most 1.")
    temperature = _number("temperature", values.get("temperature", 1.0))
    if not 0 <= temperature <= 100:
        raise BadRequest("temperature must be between 0 and 100.")
    return Options(
        max_tokens=None if max_tokens is None else _between("max_tokens", max_tokens, 1, 10**9),
        temperature=temperature,
        top_k=_between("top_k", values.get("top_k", -1), -1, 10**9),
        top_p=top_p,
        seed=None if seed is None else _whole("seed", seed),
        stop_tokens=tokens,
        stop_texts=texts,
        ends_at_eos=ends_at_eos,
    )


def checked_prompt(tokens: list[int], *, vocabulary: int, context: int) -> list[int]:
    if not tokens:
        raise BadRequest("The prompt is empty.")
    if len(tokens) >= context:
        raise BadRequest(f"The prompt has {len(tokens)} tokens; this model's context is {context}.")
    if min(tokens) < 0 or max(tokens) >= vocabulary:
        raise BadRequest(f"The prompt holds tokens outside 0 to {vocabulary - 1}.")
    return tokens


def _prompt(given: object, vocabulary: int, context: int) -> list[int]:
    chunks = given.get("chunks") if isinstance(given, dict) else None
    if not isinstance(chunks, list):
        raise BadRequest("prompt must hold chunks of tokens.")
    tokens: list[int] = []
    for chunk in chunks:
        part = chunk.get("tokens") if isinstance(chunk, dict) else None
        if not isinstance(part, list) or not all(type(token) is int for token in part):
            raise BadRequest("Only chunks of text tokens can be sampled from here.")
        tokens += part
    return checked_prompt(tokens, vocabulary=vocabulary, context=context)


def _stops(given: object, vocabulary: int) -> tuple[frozenset[int], tuple[str, ...], bool]:
    if given is None:
        return frozenset(), (), True
    stops = [given] if isinstance(given, str) else given
    if not isinstance(stops, list) or len(stops) > _MOST_STOPS:
        raise BadRequest(f"stop must be a text or a list of up to {_MOST_STOPS}.")
    if all(isinstance(stop, str) and stop for stop in stops):
        return frozenset(), tuple(stops), bool(stops)
    if all(type(stop) is int and 0 <= stop < vocabulary for stop in stops):
        return frozenset(stops), (), True
    raise BadRequest("stop must hold texts that are not empty, or tokens of the vocabulary.")


def _targets(given: object, length: int, vocabulary: int) -> np.ndarray | None:
    """Token ids per prompt position after the first; -1 where none is asked for."""
    if given is None:
        return None
    if not isinstance(given, dict) or len(given.get("shape") or ()) != 2:
        raise BadRequest("target_prompt_logprobs must be a matrix of tokens.")
    rows, columns = given["shape"]
    if rows != length - 1 or not 0 < columns <= MOST_TOP:
        raise BadRequest("target_prompt_logprobs needs a row per prompt token after the first.")
    try:
        matrix = np.full((rows, columns), -1, dtype=np.int64)
        values = np.asarray(given.get("data"), dtype=np.int64)
        starts, where = given.get("sparse_crow_indices"), given.get("sparse_col_indices")
        if starts is None:
            matrix[:] = values.reshape(rows, columns)
        else:
            matrix[np.repeat(np.arange(rows), np.diff(starts)), np.asarray(where)] = values
    except (ValueError, IndexError, TypeError, OverflowError):
        raise BadRequest("target_prompt_logprobs does not fit its shape.") from None
    if matrix.min() < -1 or matrix.max() >= vocabulary:
        raise BadRequest("target_prompt_logprobs holds tokens outside the vocabulary.")
    return matrix


def _between(name: str, value: object, least: int, most: int) -> int:
    number = _whole(name, value)
    if not least <= number <= most:
        raise BadRequest(f"{name} must be between {least} and {most}.")
    return number


def _whole(name: str, value: object) -> int:
    if type(value) is not int:
        raise BadRequest(f"{name} must be a whole number.")
    return value


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise BadRequest(f"{name} must be a number.")
    return float(value)
