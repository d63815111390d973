"""Every route of the console, as the URL resolver knows them: new ones are covered at once."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from apps.tenants.api import TenantApi

METHODS = ("get", "post", "put", "patch", "delete")


def routes() -> list[tuple[str, URLPattern]]:
    return list(_walk(get_resolver(), ""))


def tenant_routes() -> list[tuple[str, str]]:
    """(route, method) of everything that is served under a workspace."""
    return [
        (route, method)
        for route, pattern in routes()
        if is_tenant_view(view_of(pattern))
        for method in METHODS
        if hasattr(view_of(pattern), method)
    ]


def view_of(pattern: URLPattern) -> Any:
    return getattr(pattern.callback, "cls", None)


def is_tenant_view(view: Any) -> bool:
    return isinstance(view, type) and issubclass(view, TenantApi)


def _walk(resolver: URLResolver, prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _walk(entry, route)
        else:
            yield route, entry
