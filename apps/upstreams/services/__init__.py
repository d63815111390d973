from apps.upstreams.services.connections import (
    upstream_create,
    upstream_delete,
    upstream_test,
    upstream_update,
)
from apps.upstreams.services.routes import (
    route_create,
    route_delete,
    route_put,
    route_update,
)

__all__ = [
    "route_create",
    "route_delete",
    "route_put",
    "route_update",
    "upstream_create",
    "upstream_delete",
    "upstream_test",
    "upstream_update",
]
