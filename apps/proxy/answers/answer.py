from dataclasses import dataclass
from typing import Any


@dataclass(slots=True)
class Answer:
    """What could be read of a provider's answer; ``is_whole`` only if its own end was there."""

    message: dict[str, Any] | None = None
    finish_reason: str = ""
    served_model: str = ""
    # All input, the cached part of it included.
    input_tokens: int | None = None
    output_tokens: int | None = None
    # Parts of the input; None where the provider does not say.
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    is_whole: bool = False
    error: dict[str, str] | None = None
