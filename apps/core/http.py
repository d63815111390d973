"""One shape for every error of the REST interface: ``{"code", "detail", "fields"?}``.

Beside ``detail`` and ``fields`` stands what readers of other languages are told from.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.core.errors import DomainError, Invalid
from apps.core.said import Said, say
from apps.core.said_output import complaints_said

_UNFIT = say("fields_unfit", "Some fields are not valid.")
_AWAY = say("database_away", "The database is away. Try again in a moment.")


def answer_error(exc: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler. Returns None for bugs, which then surface as 500."""
    set_rollback()
    if isinstance(exc, DomainError):
        fields = exc.fields if isinstance(exc, Invalid) else {}
        return Response(_told(exc.code, exc.detail, fields) | exc.extra, status=exc.http_status)
    if isinstance(exc, exceptions.ValidationError):
        return Response(_told("invalid", _UNFIT, exc.detail), status=400)
    if isinstance(exc, Http404):
        exc = exceptions.NotFound()
    elif isinstance(exc, PermissionDenied):
        exc = exceptions.PermissionDenied()
    if isinstance(exc, exceptions.APIException):
        return _answer_drf(exc)
    if isinstance(exc, OperationalError):
        return Response(
            _told("unavailable", _AWAY),
            status=503,
            headers={"Retry-After": "2"},
        )
    return None


def _told(code: str, detail: str, fields: Any = None) -> dict[str, Any]:
    body: dict[str, Any] = {"code": code, "detail": detail}
    if isinstance(detail, Said):
        body["detail_said"] = detail.sentences
    if fields:
        body |= {"fields": fields, "fields_said": complaints_said(fields)}
    return body


def _answer_drf(exc: exceptions.APIException) -> Response:
    headers = {}
    wait = getattr(exc, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(int(wait))
    if isinstance(exc, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        headers["WWW-Authenticate"] = "Bearer"
    code = exc.get_codes()
    return Response(
        {"code": code if isinstance(code, str) else exc.default_code, "detail": str(exc.detail)},
        status=exc.status_code,
        headers=headers,
    )
