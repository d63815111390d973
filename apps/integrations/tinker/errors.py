from typing import Literal

from apps.core.errors import Invalid, UpstreamFailed

Reason = Literal[
    "unreachable",
    "timeout",
    "key_missing",
    "key_refused",
    "billing",
    "busy",
    "unknown_model",
    "gone",
    "refused",
    "failed",
]


class TrainerFailed(UpstreamFailed):
    """The Tinker API did not do its part. ``reason`` says in a word why, ``detail`` in a sentence
    what to do about it."""

    code = "trainer_failed"

    def __init__(self, detail: str, *, reason: Reason) -> None:
        super().__init__(detail, permanent=reason not in _PASSING, reason=reason)
        self.reason = reason


class CannotRender(Invalid):
    """A conversation that the model's chat template has no place for."""

    code = "cannot_render"


# What may be over later without anybody's doing.
_PASSING = frozenset({"unreachable", "timeout", "busy", "failed"})
