import pytest_asyncio
from channels.db import database_sync_to_async
from channels.layers import channel_layers, get_channel_layer
from django.db import connections


@pytest_asyncio.fixture(autouse=True)
async def a_layer_of_this_loop(committed_db):
    """The layer keeps its connections per event loop; every test has a loop of its own."""
    channel_layers.backends = {}
    yield
    await get_channel_layer().flush()
    # Postgres will not drop the test database while the consumers' thread holds it open.
    await database_sync_to_async(connections.close_all)()
