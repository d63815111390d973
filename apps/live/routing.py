from typing import Any

from django.urls import path

from apps.live.consumers import TenantConsumer

# Channels routes ASGI applications through Django's `path`, which is typed for views.
websocket_urlpatterns: list[Any] = [
    path("ws/t/<slug:tenant_slug>/", TenantConsumer.as_asgi())  # type: ignore[arg-type]
]
