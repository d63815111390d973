"""The frozen values that cross the parts of the server."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

Kind = Literal[
    "create_model",
    "load_weights",
    "forward_backward",
    "forward",
    "optim_step",
    "save_weights",
    "save_weights_for_sampler",
    "sample",
]
Status = Literal["pending", "done", "failed"]


@dataclass(frozen=True, slots=True)
class LoraSpec:
    """Which layers an adapter has, and how large it is."""

    rank: int
    seed: int
    train_mlp: bool = True
    train_attn: bool = True
    train_unembed: bool = True

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> "LoraSpec":
        return cls(**values)


@dataclass(frozen=True, slots=True)
class Run:
    """A model being trained. ``applied`` is the last sequence number whose outcome is stored;
    ``file`` holds the weights as they were after number ``stored``."""

    id: str
    tenant: str
    session_id: str
    base: str
    lora: LoraSpec
    applied: int
    stored: int
    step: int
    file: str | None
    metadata: dict[str, Any] | None
    created_at: float
    used_at: float


@dataclass(frozen=True, slots=True)
class Request:
    """Accepted work: it is on disk before its caller hears of it."""

    id: str
    tenant: str
    kind: Kind
    run_id: str | None
    sampler_id: str | None
    seq: int
    payload: bytes
    seed: int
    status: Status
    samples: int = 0


@dataclass(frozen=True, slots=True)
class Answer:
    """What a future holds once it is done."""

    body: bytes
    is_proto: bool = False


@dataclass(frozen=True, slots=True)
class Sampler:
    """A sampling session: a base model, and the weights file of an adapter or none."""

    id: str
    tenant: str
    session_id: str
    base: str
    lora: LoraSpec | None
    file: str | None
    model_path: str | None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Weights under a name. ``kind`` is the middle part of its path."""

    path: str
    tenant: str
    run_id: str
    kind: str
    name: str
    base: str
    lora: LoraSpec
    step: int
    file: str
    size: int
    has_optimizer: bool
    metadata: dict[str, str] | None
    created_at: float
    expires_at: float | None
