"""The door itself: tests that lean on it are worth as much as it is."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.loops import wind_up
from tests.proxy.fault_proxy import FaultProxy


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while data := await reader.read(100):
            writer.write(data)
    finally:
        writer.close()


@asynccontextmanager
async def door() -> AsyncIterator[FaultProxy]:
    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    one = FaultProxy(server.sockets[0].getsockname()[1])
    try:
        yield one
    finally:
        await asyncio.to_thread(one.stop)
        server.close()
        await wind_up()


async def test_what_a_black_hole_took_arrives_when_it_is_open_again():
    async with door() as one:
        reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
        one.swallow()
        writer.write(b"a")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(reader.read(1), 0.1)

        one.open()

        assert await asyncio.wait_for(reader.read(1), 5) == b"a"
        writer.close()


async def test_a_shut_door_drops_who_is_inside_and_refuses_who_comes():
    async with door() as one:
        reader, writer = await asyncio.open_connection("127.0.0.1", one.port)
        writer.write(b"a")
        assert await reader.read(1) == b"a"

        one.shut()

        with pytest.raises(OSError):  # noqa: PT011  # refused or reset, as the system likes
            await asyncio.open_connection("127.0.0.1", one.port)
        writer.close()
        one.open()
        _, again = await asyncio.open_connection("127.0.0.1", one.port)
        again.close()
