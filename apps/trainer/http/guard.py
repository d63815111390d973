"""Before a handler: who is calling. After it: errors in a form the SDK reads."""

import logging
from collections.abc import Awaitable, Callable

from aiohttp import web

from apps.trainer.errors import Refused
from apps.trainer.http.context import SERVER, TENANT, answer

log = logging.getLogger(__name__)
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_OPEN = ("/api/v1/healthz", "/healthz")


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        if request.path not in _OPEN:
            request[TENANT] = _tenant(request)
        return await handler(request)
    except Refused as exc:
        return _error(request, exc.status, exc.message)
    except web.HTTPException as exc:
        return _error(request, exc.status, exc.reason)
    except Exception:  # the edge of the server: a bug is logged, and told as one
        log.exception("%s %s broke.", request.method, request.path)
        return _error(request, 500, "The trainer failed at this request; see its log.")


def _tenant(request: web.Request) -> str:
    bearer = request.headers.get("Authorization", "").removeprefix("Bearer ")
    key = request.headers.get("X-API-Key") or bearer
    tenant = request.app[SERVER].keys.tenant(key)
    if tenant is None:
        raise Refused(401, "This key is not known here. The trainer's own keys begin tml-local-.")
    return tenant


def _error(request: web.Request, status: int, message: str) -> web.Response:
    if request.path.startswith("/oai/"):
        kind = "server_error" if status >= 500 else "invalid_request_error"
        return answer({"error": {"message": message, "type": kind, "code": None}}, status=status)
    return answer({"detail": message}, status=status)
