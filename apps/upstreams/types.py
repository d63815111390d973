import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

USES = ("serve", "judge", "evolve")
Use = Literal["serve", "judge", "evolve"]
USE_FIELDS: dict[str, str] = {"serve": "serves", "judge": "judges", "evolve": "evolves"}

_VERSIONED = re.compile(r"/v\d+\w*$")


@dataclass(frozen=True, slots=True)
class Serving:
    """Which provider serves a workspace, without its key."""

    upstream: str
    kind: str
    model: str
    is_simulated: bool


@dataclass(frozen=True, slots=True)
class UpstreamConnection:
    """A provider connection with its key opened, as a gateway keeps it in memory."""

    upstream_id: UUID
    name: str
    kind: str
    base_url: str
    api_key: str
    model: str

    def __repr__(self) -> str:
        return f"UpstreamConnection({self.name}, {self.base_url})"

    @property
    def api_root(self) -> str:
        """The address that ``/chat/completions`` or ``/messages`` is appended to.

        A bare origin gets ``/v1``; so does an Anthropic address without a version, because
        Anthropic's clients add it themselves. Any other path is taken as it is given.
        """
        url = self.base_url.rstrip("/")
        bare = not urlsplit(url).path
        if bare or (self.kind == "anthropic" and not _VERSIONED.search(url)):
            return f"{url}/v1"
        return url

    @property
    def is_simulated(self) -> bool:
        return self.kind == "practice"

    def speaks(self, dialect: str) -> bool:
        if self.is_simulated:
            return dialect in ("openai", "anthropic")
        return self.kind == dialect
