"""Figures of a gateway for Prometheus: what came in, how it ended, how long we held it up.

No label ever holds what a caller can choose: tenants, models and keys would make as many
series as there are of them. https://prometheus.io/docs/practices/naming/
"""

import hmac
from functools import lru_cache

from django.conf import settings
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector

_registry = CollectorRegistry()
_BEGUN = Counter(
    "metaclaw_gateway_requests_begun",
    "Requests that were let in. Less those that ended: requests under way.",
    registry=_registry,
)
_ENDED = Counter(
    "metaclaw_gateway_requests",
    "Requests that ended, by the API they spoke and how they ended.",
    ["dialect", "outcome"],
    registry=_registry,
)
_HELD = Histogram(
    "metaclaw_gateway_held_seconds",
    "From a request's first byte to its being forwarded.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1.0),
    registry=_registry,
)


@lru_cache
def _ended(dialect: str, outcome: str) -> Counter:
    return _ENDED.labels(dialect, outcome)


def begun() -> None:
    _BEGUN.inc()


def ended(dialect: str, outcome: str, forwarded_ms: int | None) -> None:
    """A request is over; ``forwarded_ms`` is None if it never reached a provider."""
    _ended(dialect, outcome).inc()
    if forwarded_ms is not None:
        _HELD.observe(forwarded_ms / 1000)


def is_allowed(token: str, authorization: bytes) -> bool:
    """Whether a request for the figures carries the operator's token."""
    wanted = f"Bearer {token}".encode()
    return bool(token) and hmac.compare_digest(authorization, wanted)


def page() -> tuple[bytes, bytes]:
    """(content type, body): the figures of this process, or of all workers of the gateway."""
    registry = _registry
    if settings.METACLAW_METRICS_DIR:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return CONTENT_TYPE_LATEST.encode(), generate_latest(registry)
