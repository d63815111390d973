"""Hearing that the process is asked to stop, beside the server that hears it too."""

import signal
from collections.abc import Callable
from types import FrameType

_SIGNALS = (signal.SIGTERM, signal.SIGINT)


def when_told_to_stop(act: Callable[[], None]) -> None:
    """Call ``act`` on the first signal to stop, then let the server do what it does.

    For the main thread, once the server has set its own handlers.
    """
    for one in _SIGNALS:
        before = signal.getsignal(one)

        def handle(number: int, frame: FrameType | None, before: object = before) -> None:
            act()
            if callable(before):
                before(number, frame)

        signal.signal(one, handle)
