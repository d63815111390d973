"""Reading the model's files."""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from apps.integrations.embeddings.local.installed import WEIGHTS

_VOCABULARY = "vocab.txt"

Values = npt.NDArray[np.float32]


def read_vocabulary(model: Path) -> dict[str, int]:
    """Numbers of the pieces of words, in the order of the file."""
    lines = (model / _VOCABULARY).read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(lines) if piece}


def read_weights(model: Path) -> dict[str, Values]:
    """The arrays of a safetensors file: a JSON header of names and places, then raw numbers.

    https://huggingface.co/docs/safetensors/index#format
    """
    raw = np.memmap(model / WEIGHTS, dtype=np.uint8, mode="r")
    (length,) = struct.unpack("<Q", raw[:8].tobytes())
    header: dict[str, Any] = json.loads(raw[8 : 8 + length].tobytes())
    data = raw[8 + length :]
    found: dict[str, Values] = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            found[name] = data[start:end].view(np.float32).reshape(entry["shape"])
    return found
