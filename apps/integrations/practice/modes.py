"""Being bad on purpose: failures that users and tests can ask for by the model's name."""

import re
from dataclasses import dataclass

from apps.integrations.practice.chat import MODEL_ID
from apps.integrations.practice.errors import Refusal

SLOW_SECONDS = 2.0
# Longer than any client waits, short enough that a forgotten connection ends.
HANG_SECONDS = 900.0
_RETRY_AFTER_SECONDS = "1"


@dataclass(frozen=True, slots=True)
class Mode:
    """How one answer misbehaves; the default behaves."""

    wait_seconds: float = 0.0
    is_cut: bool = False


def mode_for(model: str, header: str | None) -> Mode:
    """The mode that a model name (`practice-1:cut`) or the `X-Practice-Mode` header asks for.

    Raises the Refusal of `error-<status>`, and 404 for a mode that does not exist.
    """
    asked = header
    if model.startswith(f"{MODEL_ID}:"):
        asked = model.removeprefix(f"{MODEL_ID}:")
    if not asked:
        return Mode()
    if failure := re.fullmatch(r"error-([45]\d\d)", asked):
        raise _failure(int(failure.group(1)))
    modes = {
        "slow": Mode(wait_seconds=SLOW_SECONDS),
        "hang": Mode(wait_seconds=HANG_SECONDS),
        "cut": Mode(is_cut=True),
    }
    if asked not in modes:
        message = f"The model '{model}' does not exist: unknown practice mode '{asked}'."
        raise Refusal(404, message, code="model_not_found", param="model")
    return modes[asked]


def _failure(status: int) -> Refusal:
    headers = (("retry-after", _RETRY_AFTER_SECONDS),) if status in (429, 503, 529) else ()
    return Refusal(status, f"Asked to fail with {status} (practice model).", headers=headers)
