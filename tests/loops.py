"""Ending an event loop that ran in a thread, without leaving a socket behind."""

import asyncio


async def wind_up() -> None:
    """Cancel every other task of this loop and let what they held be closed.

    A connection that was just taken is held by a task of asyncio's own, and an aborted one is
    closed one round of the loop later: a loop that is closed before that leaves open sockets,
    which fail whatever test is running when they are collected.
    """
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    for _ in range(2):
        await asyncio.sleep(0)
