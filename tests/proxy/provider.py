"""A model provider that does as it is told: a real HTTP server in a thread of its own.

The name of the model in a request says how it is answered: ``ok``, ``cut:37``, ``error:429``,
``paced:0.2`` … (see ``behaviours.py``). What arrives is kept byte for byte.
"""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from tests.loops import wind_up
from tests.proxy.behaviours import BEHAVIOURS, Received, ok

_MODEL = re.compile(rb'"model"\s*:\s*"([^"]*)"')


class Provider:
    def __init__(self) -> None:
        self.seen: list[Received] = []
        self.release = threading.Event()
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="provider", daemon=True)
        self._up = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def last(self, model: str = "") -> Received:
        return next(one for one in reversed(self.seen) if one.model == model or not model)

    def count(self, model: str) -> int:
        return sum(one.model == model for one in self.seen)

    def start(self) -> None:
        self._thread.start()
        assert self._up.wait(10)

    def stop(self) -> None:
        self.release.set()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        runner = self._loop.run_until_complete(self._serve())
        self._loop.call_soon(self._up.set)
        self._loop.run_forever()
        self._loop.run_until_complete(runner.cleanup())
        self._loop.run_until_complete(wind_up())
        self._loop.close()

    async def _serve(self) -> web.AppRunner:
        app = web.Application(client_max_size=1 << 30)
        app.router.add_route("*", "/{path:.*}", self._answer)
        runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        return runner

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        body = await request.read()
        found = _MODEL.search(body)
        received = Received(
            request.method,
            request.raw_path,
            [(name.decode(), value.decode("latin-1")) for name, value in request.raw_headers],
            body,
            found[1].decode() if found else "",
        )
        self.seen.append(received)
        name, _, argument = received.model.partition(":")
        if request.method == "GET":
            name = "models"
        try:
            return await BEHAVIOURS.get(name, ok)(self.release, request, received, argument)
        except (asyncio.CancelledError, ConnectionError):
            received.gone.set()
            raise


@contextmanager
def running_provider() -> Iterator[Provider]:
    provider = Provider()
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()
