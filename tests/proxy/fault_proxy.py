"""A door in front of a server that can be shut, opened and made a black hole."""

import asyncio
import threading
from contextlib import suppress

from tests.loops import wind_up


class FaultProxy:
    """Passes TCP through. ``shut`` drops every connection and refuses new ones."""

    def __init__(self, port: int, host: str = "127.0.0.1") -> None:
        self._target = (host, port)
        self.port = 0
        self._is_open = asyncio.Event()
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.open()

    def open(self) -> None:
        """Let everything through again, also what was swallowed."""
        self._call(self._open())

    def shut(self) -> None:
        self._call(self._shut())

    def swallow(self) -> None:
        """From now on take everything and answer nothing, until it is opened again."""
        self._call(self._swallow())

    def stop(self) -> None:
        self._call(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def _call(self, work: "asyncio.Future[None] | object") -> None:
        asyncio.run_coroutine_threadsafe(work, self._loop).result(10)  # type: ignore[arg-type]

    async def _swallow(self) -> None:
        self._is_open.clear()

    async def _open(self) -> None:
        self._is_open.set()
        if self._server is not None:
            return
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        # Also those that are closed: one whose peer does not read stays open until it does.
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        await asyncio.sleep(0)

    async def _end(self) -> None:
        await self._shut()
        await wind_up()
        # What was just being taken, or connected to, while the door was shut.
        await self._shut()
        await wind_up()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        both = {writer}
        self._writers.add(writer)
        try:
            there, back = await asyncio.open_connection(*self._target)
            both.add(back)
            self._writers.add(back)
            await asyncio.gather(self._pump(reader, back), self._pump(there, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for one in both:
                one.close()

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await source.read(65536):
                await self._is_open.wait()
                sink.write(data)
                await sink.drain()
        sink.close()
