"""The console: REST, WebSocket and the built pages. Agents' traffic has its own processes."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")

from django.core.asgi import get_asgi_application

http = get_asgi_application()

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import AllowedHostsOriginValidator  # noqa: E402

from apps.live.routing import websocket_urlpatterns  # noqa: E402
from metaclaw_web import collecting, urls  # noqa: E402, F401  # loaded before the first request

application = ProtocolTypeRouter(
    {
        "http": http,
        "websocket": AllowedHostsOriginValidator(
            AuthMiddlewareStack(URLRouter(websocket_urlpatterns))
        ),
    }
)

collecting.settle()
