import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import quote, urlsplit
from uuid import UUID

from apps.upstreams.presets import BY_KIND, Preset, dialects_of

USES = ("serve", "judge", "evolve")
Use = Literal["serve", "judge", "evolve"]
USE_FIELDS: dict[str, str] = {"serve": "serves", "judge": "judges", "evolve": "evolves"}

_VERSIONED = re.compile(r"/v\d+\w*$")
_AZURE_VERSION = "api-version=2024-10-21"
# What Azure has once for a whole resource.
_OF_NO_DEPLOYMENT = ("/models", "/responses")


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
    # What the connection itself says it speaks; empty for what its kind does.
    own_dialects: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"UpstreamConnection({self.name}, {self.base_url})"

    @property
    def preset(self) -> Preset:
        return BY_KIND[self.kind]

    @property
    def is_free(self) -> bool:
        """Whether nobody is paid by the token: models on the operator's own machines."""
        return self.preset.is_private or self.kind == "practice"

    @property
    def is_policy(self) -> bool:
        """Whether its chats are asked through the policy process."""
        return self.preset.through == "policy"

    @property
    def api_root(self) -> str:
        """The address that ``/chat/completions`` or ``/messages`` is appended to.

        A bare origin gets ``/v1``; so does an Anthropic address without a version, because
        Anthropic's clients add it themselves. Any other path is taken as it is given.
        """
        parts = urlsplit(self.base_url)
        path = parts.path.rstrip("/")
        if self.preset.beneath:
            path = path.removesuffix(self.preset.beneath) + self.preset.beneath
        if not path or (self.kind == "anthropic" and not _VERSIONED.search(path)):
            path += "/v1"
        return f"{parts.scheme}://{parts.netloc}{path}"

    def address(self, path: str, model: str = "") -> str:
        """Where ``path`` of the provider's API is, for a model; a query of its own stays.

        Azure's addresses name the deployment, and the version of the API in their query,
        except for its newer API, which is like everybody's:
        https://learn.microsoft.com/azure/ai-services/openai/reference
        https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle
        """
        parts = urlsplit(self.base_url)
        root, query = self.api_root, parts.query
        if self.preset.paths == "azure" and not parts.path.rstrip("/").endswith("/v1"):
            root = f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}/openai"
            query = query or _AZURE_VERSION
            if not path.startswith(_OF_NO_DEPLOYMENT):
                root += f"/deployments/{quote(model, safe='')}"
        return f"{root}{path}?{query}" if query else root + path

    @property
    def is_simulated(self) -> bool:
        return self.kind == "practice"

    def speaks(self, dialect: str) -> bool:
        if self.own_dialects:
            return dialect in self.own_dialects
        parts = urlsplit(self.base_url)
        return dialect in dialects_of(self.kind, f"{parts.scheme}://{parts.netloc}")

    def credentials(self) -> list[tuple[str, str]]:
        """The header by which the provider knows whom it serves."""
        if not self.api_key or self.preset.auth == "none":
            return []
        if self.preset.auth == "bearer":
            return [("authorization", f"Bearer {self.api_key}")]
        return [(self.preset.auth, self.api_key)]

    def fitted(self, body: dict[str, Any]) -> dict[str, Any]:
        """A chat completion that we wrote ourselves, as this provider's quirks want it.

        Never for a caller's own: that is forwarded as it is.
        """
        if "max_tokens" in self.preset.quirks and "max_completion_tokens" in body:
            limit = body["max_completion_tokens"]
            rest = {name: body[name] for name in body if name != "max_completion_tokens"}
            return {**rest, "max_tokens": limit}
        return body


@dataclass(frozen=True, slots=True)
class Target:
    """One place a request may go to; an empty model stands for the name that was asked for."""

    connection: UpstreamConnection
    model: str = ""
    weight: int = 0
