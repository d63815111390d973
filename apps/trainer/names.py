"""Names that callers choose, and the paths made of them. None of them reaches the file system."""

import re
from dataclasses import dataclass

from apps.trainer.errors import BadRequest

TRAINING = "weights"
SAMPLER = "sampler_weights"
KINDS = {TRAINING: "training", SAMPLER: "sampler"}
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_SCHEME = "tinker://"


@dataclass(frozen=True, slots=True)
class TinkerPath:
    run_id: str
    kind: str
    name: str

    def __str__(self) -> str:
        return f"{_SCHEME}{self.run_id}/{self.kind}/{self.name}"


def checked_name(name: object) -> str:
    """The name of a checkpoint, or BadRequest."""
    if not isinstance(name, str) or not _NAME.fullmatch(name) or ".." in name:
        raise BadRequest(
            "A checkpoint's name starts with a letter or digit and holds up to 128 letters, "
            "digits, dots, dashes and underscores."
        )
    return name


def checked_path(text: object) -> TinkerPath:
    """``tinker://<model>/<weights or sampler_weights>/<name>`` in its parts, or BadRequest."""
    if not isinstance(text, str) or not text.startswith(_SCHEME):
        raise BadRequest("A path of weights starts with tinker://.")
    parts = text.removeprefix(_SCHEME).split("/")
    if len(parts) != 3 or not parts[0] or parts[1] not in KINDS:
        raise BadRequest("A path of weights is tinker://<model>/<weights|sampler_weights>/<name>.")
    return TinkerPath(run_id=parts[0], kind=parts[1], name=checked_name(parts[2]))
