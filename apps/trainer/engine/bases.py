"""The base models of this server, loaded when they are first needed."""

import threading
from collections.abc import Mapping
from pathlib import Path

import torch
from transformers import AutoConfig

from apps.trainer.errors import BadRequest
from apps.trainer.models.base import Base, load_base


class Bases:
    def __init__(self, folders: Mapping[str, Path], device: torch.device) -> None:
        self._folders = dict(folders)
        self._device = device
        self._loaded: dict[str, Base] = {}
        self._lock = threading.Lock()

    @property
    def names(self) -> list[str]:
        return list(self._folders)

    def check(self, name: object) -> str:
        if name not in self._folders:
            raise BadRequest(
                f"The base model {name!r} is not here; there is: {', '.join(self.names)}."
            )
        return str(name)

    def get(self, name: str) -> Base:
        with self._lock:
            if name not in self._loaded:
                self._loaded[name] = load_base(name, self._folders[name], self._device)
            return self._loaded[name]

    def folder(self, name: str) -> Path:
        return self._folders[name].resolve()

    def architecture(self, name: str) -> str:
        """The class of the model, from its description."""
        config = AutoConfig.from_pretrained(str(self._folders[name]), local_files_only=True)
        return str((config.architectures or ["unknown"])[0])

    def context(self, name: str) -> int | None:
        """Read from the folder's description; the weights are left alone."""
        config = AutoConfig.from_pretrained(str(self._folders[name]), local_files_only=True)
        length = getattr(config.get_text_config(), "max_position_embeddings", None)
        return None if length is None else int(length)
