"""A model provider on a thread that does as it is told and counts who is connected to it."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from bench.faults import plays
from bench.faults.plays import Framing, Play

_START_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came in."""

    path: str
    body: bytes

    @property
    def wants_stream(self) -> bool:
        return b'"stream":true' in self.body or b'"stream": true' in self.body


def usual(asked: Asked) -> Play:
    """A short chat answer in the form that was asked for."""
    return plays.streamed() if asked.wants_stream else plays.whole()


class Provider:
    """Answers every request with what ``script`` makes of it."""

    def __init__(self) -> None:
        self.script: Callable[[Asked], Play] = usual
        self.port = 0
        # Connections that are open, and answers that are under way on them.
        self.connections = 0
        self.answering = 0
        # Requests so far.
        self.asked = 0
        self._loop = asyncio.new_event_loop()
        self._is_up = threading.Event()
        self._thread = threading.Thread(target=self._run, name="provider", daemon=True)
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        if not self._is_up.wait(_START_SECONDS):
            raise RuntimeError("the scripted provider did not start")
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_START_SECONDS)

    def _run(self) -> None:
        server = self._loop.run_until_complete(
            asyncio.start_server(self._connected, "127.0.0.1", 0, backlog=1024)
        )
        self.port = server.sockets[0].getsockname()[1]
        self._is_up.set()
        self._loop.run_forever()
        server.close()
        self._loop.run_until_complete(self._hang_up())
        self._loop.close()

    async def _hang_up(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        # What they closed is closed one round of the loop later.
        await asyncio.sleep(0)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None  # a connection has a task of its own
        self._tasks.add(task)
        self.connections += 1
        try:
            with suppress(ConnectionError, asyncio.IncompleteReadError):
                while await self._answer(reader, writer):
                    pass
        finally:
            self.connections -= 1
            self._tasks.discard(task)
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request; whether the connection stays open behind it."""
        asked = await _read(reader)
        play = self.script(asked)
        self.asked += 1
        self.answering += 1
        try:
            writer.write(play.head())
            for number, piece in enumerate(play.pieces):
                if play.pause and number:
                    await asyncio.sleep(play.pause)
                if reader.at_eof():
                    return False
                writer.write(play.framed(piece))
                await writer.drain()
            if play.is_cut:
                return False
            if play.framing is Framing.CHUNKED:
                writer.write(b"0\r\n\r\n")
                await writer.drain()
            return play.framing is not Framing.CLOSE
        finally:
            self.answering -= 1


async def _read(reader: asyncio.StreamReader) -> Asked:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    length = next((v for k, _, v in map(_parted, head[1:]) if k == "content-length"), "0")
    return Asked(head[0].split(" ")[1], await reader.readexactly(int(length)))


def _parted(line: str) -> tuple[str, str, str]:
    name, colon, value = line.partition(":")
    return name.lower(), colon, value.strip()
