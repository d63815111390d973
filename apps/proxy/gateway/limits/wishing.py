"""What a request would use, read from the request, and holding that while it is answered."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.limits.gate import Ticket, Wish
from apps.proxy.gateway.routing import Route
from apps.proxy.gateway.turn import TurnInFlight

if TYPE_CHECKING:
    from apps.proxy.gateway.chat import Caller

_MOST = ("max_completion_tokens", "max_tokens", "max_output_tokens")


def wish(caller: "Caller", asked: Asked, way: Route) -> Wish:
    """Of the way that is tried first; what another one costs is settled afterwards."""
    first, values = way.ways[0], asked.body.values
    most = next((value for name in _MOST if isinstance(value := values.get(name), int)), None)
    return Wish(
        tenant_id=caller.grant.tenant_id,
        key_id=caller.grant.key_id,
        agent=asked.agent,
        model=first.model or asked.model,
        is_free=first.upstream.is_free,
        is_stream=asked.is_stream,
        body_bytes=len(asked.raw),
        max_tokens=None if most is None else max(0, most),
    )


@contextmanager
def held(ticket: Ticket | None, turn: TurnInFlight) -> Iterator[None]:
    """While a request is answered; however that ends, its reservation does."""
    if ticket is None:
        yield
        return
    turn.meter = ticket.meter
    try:
        yield
    finally:
        ticket.settle(is_answered=bool(turn.outcome) and turn.outcome != "upstream_error")
