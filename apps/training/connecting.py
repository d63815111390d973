"""From a workspace's provider connection to a trainer: its address, and who can speak to it."""

from dataclasses import dataclass
from importlib import import_module
from typing import Final, cast
from uuid import UUID

from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.types import TrainerClient, TrainerConnection
from apps.training.errors import PolicyInvalid
from apps.upstreams.selectors import connection_of, upstream_get
from apps.upstreams.types import UpstreamConnection


@dataclass(frozen=True, slots=True)
class Backend:
    """How trainers of some kinds are spoken to. SDKs that cannot be installed beside each other
    have workers, and so queues, of their own (docs/trainer.md, "Other backends")."""

    # A module that is a TrainerClient.
    client: str
    # Whose workers have what that module needs.
    queue: str


_TINKER: Final = Backend(client="apps.integrations.tinker.client", queue="train")
# By the kind of a connection.
BACKENDS: Final = {"tinker": _TINKER, "tinker-policy": _TINKER}
_OPENAI_PATH = "/oai/api/v1"


def trainer_of(connection: UpstreamConnection) -> TrainerConnection:
    """Raises PolicyInvalid for a connection to anything but the Tinker API."""
    if connection.kind not in BACKENDS:
        english = "{name} is no Tinker connection. Add one under Upstreams."
        raise PolicyInvalid.of(
            "upstream", say("no_tinker_connection", english, name=connection.name)
        )
    # The OpenAI-compatible part of the API has a path of its own under the same address.
    base_url = connection.base_url.rstrip("/").removesuffix(_OPENAI_PATH)
    return TrainerConnection(base_url=base_url, api_key=connection.api_key, kind=connection.kind)


def client_for(connection: TrainerConnection) -> TrainerClient:
    """What speaks to it. Loading one takes seconds: to be asked for where it is used."""
    return cast(TrainerClient, import_module(BACKENDS[connection.kind].client))


def queue_for(kind: str) -> str:
    """Where work for a trainer of this kind waits; a connection that has become another kind
    since is found out by the worker."""
    return BACKENDS.get(kind, _TINKER).queue


def trainer_get(*, tenant_id: UUID, upstream_id: UUID) -> TrainerConnection:
    """Opens the connection's sealed key. Raises NotFound and PolicyInvalid."""
    with tenant_tx(tenant_id):
        row = upstream_get(tenant_id=tenant_id, upstream_id=upstream_id)
        return trainer_of(connection_of(row))
