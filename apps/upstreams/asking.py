"""A provider connection as the judge, the evolver and the connection test use it."""

from urllib.parse import urlsplit

from apps.integrations.llm.client import LlmConnection
from apps.upstreams.types import UpstreamConnection

_CHAT = "/chat/completions"


def llm_connection(found: UpstreamConnection) -> LlmConnection:
    """Where its model is asked, with which headers, and where its list of models is."""
    chat = urlsplit(found.address(_CHAT, found.model))
    is_usual = found.preset.auth in ("bearer", "x-api-key")
    return LlmConnection(
        api_root=f"{chat.scheme}://{chat.netloc}{chat.path.removesuffix(_CHAT)}",
        api_key=found.api_key,
        model=found.model,
        is_simulated=found.is_simulated,
        query=chat.query,
        models_url=found.address("/models"),
        # Anthropic's chat completions want its key as a bearer token, like everybody's.
        own_headers=() if is_usual else tuple(found.credentials()),
    )
