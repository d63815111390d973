"""Results in the form that the SDK reads: protobuf for passes and samples, JSON for the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import orjson
from tinker.proto import tinker_public_pb2 as pb

from apps.trainer.sampling.results import Sampled, TopK
from apps.trainer.training.passes import PassResult
from apps.trainer.types import Answer

_STOP_REASONS = {"stop": pb.STOP_REASON_STOP, "length": pb.STOP_REASON_LENGTH}
# What the SDK's matrices hold where there is no value.
_EMPTY = -99999.0


def json_answer(values: Mapping[str, Any]) -> Answer:
    return Answer(orjson.dumps(values))


def pass_answer(result: PassResult) -> Answer:
    """One record per shape: rows with several targets have a trailing dimension."""
    message = pb.ForwardBackwardOutput(loss_fn_output_type="ArrayRecord")
    for name, value in result.metrics.items():
        message.metrics[name] = value
    for group in _same_trailing(result.logprobs):
        record = message.loss_fn_outputs.add(type_tag="ArrayRecord", num_datums=len(group))
        sizes = [row.nbytes for row in group]
        record.fields["logprobs"].CopyFrom(
            pb.BatchedTensor(
                data=b"".join(row.astype("<f4").tobytes() for row in group),
                offsets=np.cumsum([0, *sizes], dtype=np.int64).tobytes(),
                dtype=pb.DTYPE_FLOAT32,
                trailing_shape=group[0].shape[1:],
            )
        )
    return Answer(message.SerializeToString(), is_proto=True)


def sample_answer(result: Sampled) -> Answer:
    message = pb.SampleResponse()
    for sequence in result.sequences:
        added = message.sequences.add(
            stop_reason=_STOP_REASONS[sequence.stop_reason],
            tokens=np.asarray(sequence.tokens, dtype=np.int32).tobytes(),
            logprobs=np.asarray(sequence.logprobs, dtype=np.float32).tobytes(),
        )
        if sequence.top:
            added.topk_sampled_logprobs.CopyFrom(_matrix(sequence.top))
    if result.prompt_logprobs is not None:
        values = [np.nan if value is None else value for value in result.prompt_logprobs]
        message.prompt_logprobs = np.asarray(values, dtype=np.float32).tobytes()
    if result.prompt_top:
        message.topk_prompt_logprobs.CopyFrom(_matrix(result.prompt_top))
    if result.target_logprobs is not None:
        message.target_prompt_logprobs.CopyFrom(
            pb.Tensor(
                dense=result.target_logprobs.astype("<f4").tobytes(),
                dtype=pb.DTYPE_FLOAT32,
                shape=result.target_logprobs.shape,
            )
        )
    return Answer(message.SerializeToString(), is_proto=True)


def _same_trailing(rows: Sequence[np.ndarray]) -> list[list[np.ndarray]]:
    """Neighbours of one trailing shape, together and in order."""
    groups: list[list[np.ndarray]] = []
    for row in rows:
        if groups and groups[-1][0].shape[1:] == row.shape[1:]:
            groups[-1].append(row)
        else:
            groups.append([row])
    return groups


def _matrix(rows: Sequence[TopK | None]) -> pb.TopkLogprobs:
    width = max((len(row) for row in rows if row), default=0)
    tokens = np.zeros((len(rows), width), dtype=np.int32)
    logprobs = np.full((len(rows), width), _EMPTY, dtype=np.float32)
    for i, row in enumerate(rows):
        for j, (token, logprob) in enumerate(row or ()):
            tokens[i, j], logprobs[i, j] = token, logprob
    return pb.TopkLogprobs(
        token_ids=tokens.tobytes(), logprobs=logprobs.tobytes(), k=width, length=len(rows)
    )
