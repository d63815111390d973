"""An open page's socket, over the real channel layer."""

from channels.db import database_sync_to_async
from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.test import Client

from apps.live.events import publish_on_commit
from apps.live.routing import websocket_urlpatterns
from tests.conftest import member_of
from tests.factories import TenantFactory


def socket(user, slug):
    communicator = WebsocketCommunicator(URLRouter(websocket_urlpatterns), f"/ws/t/{slug}/")
    communicator.scope["user"] = user
    return communicator


@database_sync_to_async
def make_member():
    tenant = TenantFactory()
    return tenant, member_of(tenant, "viewer")


@database_sync_to_async
def session_of(user):
    """Signed in, in a browser."""
    browser = Client()
    browser.force_login(user)
    return browser.session


async def opened(user, slug, latest=0, session=None):
    """A socket that has said the number of the latest event."""
    ws = socket(user, slug)
    ws.scope["session"] = session or await session_of(user)
    await ws.connect()
    assert await ws.receive_json_from(timeout=5) == {"latest": latest}
    return ws


def say(tenant_id, event):
    return database_sync_to_async(publish_on_commit)(tenant_id, event)
