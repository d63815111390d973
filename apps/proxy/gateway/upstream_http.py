"""The HTTP client towards providers: pooled, guarded, and with headers rebuilt from nothing."""

import socket
from collections.abc import Iterable, Mapping
from urllib.parse import quote

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from django.conf import settings

from apps.core import guard
from apps.proxy.gateway.refusal import Refusal
from apps.upstreams.types import UpstreamConnection

_UP = frozenset(
    {
        b"accept",
        b"anthropic-beta",
        b"anthropic-version",
        b"content-type",
        b"idempotency-key",
        b"openai-beta",
        b"openai-organization",
        b"openai-project",
        b"traceparent",
        b"user-agent",
    }
)
_DOWN = frozenset(
    {
        "cache-control",
        "content-encoding",
        "content-type",
        "openai-organization",
        "openai-processing-ms",
        "openai-version",
        "request-id",
        "retry-after",
        "retry-after-ms",
        "x-request-id",
        "x-should-retry",
    }
)
_DOWN_PREFIXES = ("x-ratelimit-", "anthropic-ratelimit-")


class GuardedResolver(AbstractResolver):
    """Resolves names and refuses those with an address that must not be called."""

    def __init__(self) -> None:
        self._inner = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        found = await self._inner.resolve(host, port, family)
        for entry in found:
            try:
                guard.check_address(entry["host"])
            except guard.AddressRefused as exc:
                raise OSError(str(exc)) from exc
        return found

    async def close(self) -> None:
        await self._inner.close()


def new_client() -> aiohttp.ClientSession:
    """One client per process. Cookies, redirects and proxies of the environment are off."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            limit=0,
            # Shorter than common servers' own limit, so that a request rarely meets a
            # connection that is being closed.
            keepalive_timeout=4.0,
            resolver=GuardedResolver(),
            ttl_dns_cache=30,
        ),
        timeout=timeouts(settings.METACLAW_IDLE_TIMEOUT_SECONDS),
        cookie_jar=aiohttp.DummyCookieJar(),
        auto_decompress=False,
        trust_env=False,
    )


def timeouts(idle_seconds: float) -> aiohttp.ClientTimeout:
    """An answer may take as long as it likes, but not pause for longer than this."""
    return aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=idle_seconds)


def target(upstream: UpstreamConnection, path: str, query: bytes, model: str = "") -> str:
    """Where a request goes; the caller chooses neither the origin nor another path on it."""
    if any(part in (".", "..") for part in path.split("/")):
        raise Refusal(404, "unknown_url", "The gateway has no such address.")
    url = upstream.address(quote(path, safe="/:@!$&'()*+,;=~"), model)
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query.decode('latin-1')}"


def headers_up(
    headers: Mapping[bytes, bytes], credentials: Iterable[tuple[str, str]]
) -> list[tuple[str, str]]:
    """What the provider gets to see: an allow-list of the caller's headers and our key."""
    # What the caller's connection names is meant for this hop alone.
    own = {name.strip().lower() for name in headers.get(b"connection", b"").split(b",")}
    rebuilt = [
        (name.decode(), value.decode("latin-1"))
        for name, value in headers.items()
        if name in _UP and name not in own
    ]
    rebuilt += credentials
    rebuilt.append(("accept-encoding", "identity"))
    if b"user-agent" not in headers:
        # Else the client adds its own; telling it not to costs more than the rest of this.
        rebuilt.append(("user-agent", "MetaClaw"))
    return rebuilt


def headers_down(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """What the caller gets to see of the provider's headers."""
    return [
        (lowered.encode(), value.encode("latin-1", "replace"))
        for name, value in headers.items()
        if (lowered := name.lower()) in _DOWN or lowered.startswith(_DOWN_PREFIXES)
    ]
