"""From a workspace's provider connection to the address of a trainer."""

from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.types import TrainerConnection
from apps.training.errors import PolicyInvalid
from apps.upstreams.selectors import connection_of, upstream_get
from apps.upstreams.types import UpstreamConnection

# Kinds of connection behind which the Tinker API is.
TINKER_KINDS = frozenset({"tinker", "tinker-policy"})
_OPENAI_PATH = "/oai/api/v1"


def trainer_of(connection: UpstreamConnection) -> TrainerConnection:
    """Raises PolicyInvalid for a connection to anything but the Tinker API."""
    if connection.kind not in TINKER_KINDS:
        raise PolicyInvalid(
            f"{connection.name} is no Tinker connection. Add one under Upstreams.",
            fields={"upstream": ["A connection of the kind Tinker."]},
        )
    # The OpenAI-compatible part of the API has a path of its own under the same address.
    base_url = connection.base_url.rstrip("/").removesuffix(_OPENAI_PATH)
    return TrainerConnection(base_url=base_url, api_key=connection.api_key)


def trainer_get(*, tenant_id: UUID, upstream_id: UUID) -> TrainerConnection:
    """Opens the connection's sealed key. Raises NotFound and PolicyInvalid."""
    with tenant_tx(tenant_id):
        row = upstream_get(tenant_id=tenant_id, upstream_id=upstream_id)
        return trainer_of(connection_of(row))
