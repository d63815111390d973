"""Who answers: the practice model of the stack, or a real provider."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """``url`` goes up to and with ``/v1``."""

    kind: str
    url: str
    key: str
    model: str

    @property
    def is_simulated(self) -> bool:
        return self.kind == "practice"
