"""Sending a request to a provider and waiting for the first sign of its answer."""

import asyncio
from functools import lru_cache

import aiohttp
from yarl import URL

from apps.core import guard
from apps.proxy.gateway.refusal import Refusal
from apps.proxy.gateway.upstream_http import timeouts
from apps.upstreams.types import UpstreamConnection


class ProviderFailed(Refusal):
    """No answer came. ``was_sent`` says whether the provider may have begun to work on it."""

    def __init__(self, status: int, code: str, message: str, *, was_sent: bool) -> None:
        super().__init__(status, code, message)
        self.was_sent = was_sent


@lru_cache(4096)
def _checked(url: str) -> URL:
    """The part of the guard that depends on the URL alone; refusals are not remembered.

    What a name resolves to is checked when connecting.
    """
    guard.check_url(url)
    return URL(url, encoded=True)


async def open_upstream(
    client: aiohttp.ClientSession,
    method: str,
    url: str,
    headers: list[tuple[str, str]],
    body: bytes | None,
    upstream: UpstreamConnection,
    first_byte_seconds: float,
    idle_seconds: float | None = None,
) -> aiohttp.ClientResponse:
    """Send the request and wait for the answer's headers. Raises ProviderFailed (502, 504).

    Tried again once, and only when no connection came about: then nothing was sent.
    """
    timeout = client.timeout if idle_seconds is None else timeouts(idle_seconds)
    for attempt in (1, 2):
        try:
            async with asyncio.timeout(first_byte_seconds):
                return await client.request(
                    method,
                    _checked(url),
                    headers=headers,
                    data=body,
                    allow_redirects=False,
                    timeout=timeout,
                )
        except guard.AddressRefused as exc:
            raise ProviderFailed(
                502, "upstream_refused", f"{upstream.name}: {exc}", was_sent=False
            ) from exc
        except aiohttp.ClientConnectorError as exc:
            if attempt == 2 or isinstance(exc, aiohttp.ClientConnectorDNSError):
                raise _unreachable(upstream, exc) from exc
        except TimeoutError as exc:
            message = f"The provider {upstream.name} did not answer in time."
            raise ProviderFailed(504, "upstream_timeout", message, was_sent=True) from exc
        except (aiohttp.ClientError, ValueError) as exc:
            message = f"The provider {upstream.name} closed the connection without an answer."
            raise ProviderFailed(502, "upstream_failed", message, was_sent=True) from exc
    raise AssertionError("unreachable")


def _unreachable(upstream: UpstreamConnection, exc: aiohttp.ClientConnectorError) -> ProviderFailed:
    reason = exc.os_error.strerror or exc.os_error
    message = f"The provider {upstream.name} cannot be reached: {reason}."
    return ProviderFailed(502, "upstream_unreachable", message, was_sent=False)
