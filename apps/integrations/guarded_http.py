"""An HTTP transport that checks the address it connects to (see ``apps.core.guard``)."""

import httpx2

from apps.core import guard


class GuardedTransport(httpx2.BaseTransport):
    """Resolves the name itself, checks every address and connects to the checked one."""

    def __init__(self) -> None:
        # trust_env off: a proxy named in the environment would connect on our behalf, unchecked.
        self._inner = httpx2.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        try:
            guard.check_url(str(request.url))
            address = guard.resolve(host, port)
        except guard.AddressRefused as exc:
            raise httpx2.UnsupportedProtocol(str(exc), request=request) from exc
        except OSError as exc:
            raise httpx2.ConnectError(f"{host} is unknown: {exc}", request=request) from exc
        request.extensions = {**request.extensions, "sni_hostname": host}
        request.url = request.url.copy_with(host=address)
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()


def operator_client(timeout_seconds: float) -> httpx2.Client:
    """A client for URLs of the operator's own settings, which may lead to this machine."""
    return httpx2.Client(timeout=timeout_seconds, follow_redirects=False, trust_env=False)


def guarded_client(timeout_seconds: float) -> httpx2.Client:
    """A client for URLs that a tenant gave: guarded, without redirects."""
    return httpx2.Client(
        transport=GuardedTransport(),
        timeout=httpx2.Timeout(timeout_seconds, connect=10.0),
        follow_redirects=False,
        trust_env=False,
    )
