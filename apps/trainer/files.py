"""Weights on disk. A file is complete or absent, and its name is nobody's choice but ours."""

import os
import secrets
import time
from collections.abc import Collection
from pathlib import Path
from typing import Any

from safetensors.torch import load, save

_ENDING = ".safetensors"


class WeightFiles:
    """A folder of immutable files; which of them count is what the database says."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, tensors: dict[str, Any]) -> tuple[str, int]:
        """Store ``tensors``, on disk before this returns. The new file's name and size."""
        content = save({name: tensor.contiguous().cpu() for name, tensor in tensors.items()})
        name = secrets.token_hex(16) + _ENDING
        partial = self._folder / f"{name}.part"
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.rename(self._folder / name)
        self._sync_folder()
        return name, len(content)

    def read(self, name: str) -> dict[str, Any]:
        tensors: dict[str, Any] = load((self._folder / name).read_bytes())
        return tensors

    def remove(self, names: Collection[str]) -> None:
        for name in names:
            (self._folder / name).unlink(missing_ok=True)

    def keep_only(self, names: Collection[str], *, older_than: float = 0.0) -> None:
        """Remove what nobody names, and has not for so many seconds."""
        now = time.time()
        for path in self._folder.iterdir():
            if path.name not in names and now - path.stat().st_mtime >= older_than:
                path.unlink(missing_ok=True)

    def _sync_folder(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
