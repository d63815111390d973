"""Garbage collection of processes that serve."""

import gc


def settle() -> None:
    """Take what is loaded by now for what stays for the life of the process.

    Looking through all of it again and again is a seventh of a gateway's work, and stops a
    console for a tenth of a second each time. For the end of a process's start.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
