"""Hearing that the process is asked to stop, and letting the server do so a moment later.

The server closes connections that have asked nothing yet. One that was accepted just now has
its request on the way: so first nothing more is accepted (another worker takes it, the port is
shared), and then there is time for what was accepted to be read.
"""

import asyncio
import signal
from collections.abc import Callable
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGTERM, signal.SIGINT)
_READING_SECONDS = 0.5


def when_told_to_stop(act: Callable[[], None]) -> None:
    """Call ``act`` on a signal to stop, accept nothing more, then let the server go on.

    For the main thread, inside the loop, once the server has set its own handlers. A second
    signal is the server's at once.
    """
    loop = asyncio.get_running_loop()
    for one in _SIGNALS:
        _hear(one, act, loop)


def _hear(one: signal.Signals, act: Callable[[], None], loop: asyncio.AbstractEventLoop) -> None:
    before = signal.getsignal(one)
    if not callable(before):
        return
    server: Any = getattr(before, "__self__", None)
    was_told = False

    def stop_accepting(number: int) -> None:
        for listener in getattr(server, "servers", ()):
            listener.close()
        loop.call_later(_READING_SECONDS, before, number, None)

    def handle(number: int, frame: FrameType | None) -> None:
        nonlocal was_told
        if was_told:
            before(number, frame)
            return
        was_told = True
        act()
        loop.call_soon_threadsafe(stop_accepting, number)

    signal.signal(one, handle)
