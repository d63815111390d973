"""``ForwardBackwardRequest`` out of its protobuf form."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from google.protobuf.message import DecodeError
from tinker.proto import tinker_public_pb2 as pb

from apps.trainer.errors import BadRequest, RequestFailed

_DTYPES: dict[int, np.dtype[Any]] = {
    pb.DTYPE_FLOAT32: np.dtype("<f4"),
    pb.DTYPE_INT64: np.dtype("<i8"),
    pb.DTYPE_INT32: np.dtype("<i4"),
}
_LARGEST = 50_000_000


@dataclass(frozen=True, slots=True)
class Datum:
    tokens: list[int]
    arrays: dict[str, np.ndarray]


@dataclass(frozen=True, slots=True)
class Pass:
    """What a forward or backward pass is asked to do."""

    model_id: str
    seq: int
    is_forward_only: bool
    loss: str
    config: dict[str, float | str]
    message: pb.ForwardBackwardRequest

    def data(self) -> list[Datum]:
        """The rows. Raises RequestFailed for one that cannot be read."""
        return [_datum(i, datum) for i, datum in enumerate(self.message.data)]


def read_pass(body: bytes) -> Pass:
    message = pb.ForwardBackwardRequest()
    try:
        message.ParseFromString(body)
    except DecodeError:
        raise BadRequest("The body is not a ForwardBackwardRequest.") from None
    config: dict[str, float | str] = dict(message.loss_fn_config)
    for name, value in message.loss_fn_config_v2.items():
        config[name] = value.text if value.HasField("text") else value.number
    return Pass(
        model_id=message.model_id,
        seq=message.seq_id,
        is_forward_only=message.forward_only,
        loss=message.loss_fn,
        config=config,
        message=message,
    )


def _datum(number: int, datum: pb.Datum) -> Datum:
    tokens: list[int] = []
    for chunk in datum.model_input:
        if not chunk.HasField("encoded_text"):
            raise RequestFailed(f"Datum {number}: only text can be trained on here.")
        tokens += _values(chunk.encoded_text.tokens, np.dtype("<i4"), number).tolist()
    arrays = {name: _tensor(value, number) for name, value in datum.loss_fn_inputs.items()}
    return Datum(tokens, arrays)


def _tensor(message: pb.Tensor, number: int) -> np.ndarray:
    dtype = _DTYPES.get(message.dtype)
    if dtype is None:
        raise RequestFailed(f"Datum {number}: arrays are of float32 or int64.")
    shape = [int(size) for size in message.shape]
    if any(size < 0 for size in shape) or np.prod(shape, dtype=np.float64) > _LARGEST:
        raise RequestFailed(f"Datum {number}: the shape {shape} is not possible.")
    try:
        if message.HasField("sparse_csr"):
            return _dense(message.sparse_csr, dtype, shape, number)
        values = _values(message.dense, dtype, number)
        return values.reshape(shape) if shape else values
    except (ValueError, IndexError):
        raise RequestFailed(f"Datum {number}: an array does not fit its shape {shape}.") from None


def _dense(csr: pb.SparseCsr, dtype: np.dtype, shape: list[int], number: int) -> np.ndarray:
    rows, columns = shape
    values = _values(csr.values, dtype, number)
    starts = _values(csr.crow_indices, np.dtype("<i8"), number)
    where = _values(csr.col_indices, np.dtype("<i8"), number)
    if len(starts) != rows + 1 or len(where) != len(values) or (where < 0).any():
        raise ValueError
    dense = np.zeros((rows, columns), dtype)
    dense[np.repeat(np.arange(rows), np.diff(starts)), where] = values
    return dense


def _values(raw: bytes, dtype: np.dtype, number: int) -> np.ndarray:
    if len(raw) % dtype.itemsize:
        raise RequestFailed(f"Datum {number}: an array is cut short.")
    return np.frombuffer(raw, dtype)
