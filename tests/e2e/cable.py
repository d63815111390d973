"""The wire between a browser and the console, which can be cut."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Cable:
    """Passes bytes on between a port of its own and ``port``, as long as it is whole."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._is_whole = True
        self._ends: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        self._is_done = asyncio.Event()
        self.url = ""

    def cut(self) -> None:
        """Every connection ends here and now, and none comes through."""
        self._is_whole = False
        self._loop.call_soon_threadsafe(self._abort)

    def mend(self) -> None:
        self._is_whole = True

    def end(self) -> None:
        self.cut()
        self._loop.call_soon_threadsafe(self._is_done.set)

    def run(self, is_ready: threading.Event) -> None:
        """Until ``end``; for a thread of its own."""
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve(is_ready))

    async def _serve(self, is_ready: threading.Event) -> None:
        async with await asyncio.start_server(self._connected, "127.0.0.1", 0) as server:
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            is_ready.set()
            await self._is_done.wait()
            # Those that were aborted, until they have heard of it.
            while self._ends:
                await asyncio.sleep(0.01)

    def _abort(self) -> None:
        for end in self._ends:
            end.transport.abort()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._is_whole:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._port)
        ends = {writer, far_writer}
        self._ends |= ends
        await asyncio.gather(_pass_on(reader, far_writer), _pass_on(far_reader, writer))
        self._ends -= ends


async def _pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while read := await reader.read(65_536):
            writer.write(read)
            await writer.drain()
    writer.close()


@contextmanager
def cable_to(port: int) -> Iterator[Cable]:
    cable = Cable(port)
    is_ready = threading.Event()
    thread = threading.Thread(target=cable.run, args=[is_ready])
    thread.start()
    assert is_ready.wait(10)
    try:
        yield cable
    finally:
        cable.end()
        thread.join(10)
