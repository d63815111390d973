"""Who answers: the practice model of the stack, or a real provider."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Provider:
    """``url`` is the address as an upstream of a workspace names it."""

    kind: str
    url: str
    key: str
    model: str

    @property
    def chat_url(self) -> str:
        return self.url if self.url.endswith("/v1") else f"{self.url}/v1"

    @property
    def is_simulated(self) -> bool:
        return self.kind == "practice"
