"""What the engine samples, heard in the server's loop."""

import asyncio
import secrets
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from functools import partial

from apps.trainer.errors import RequestFailed
from apps.trainer.http.context import Server
from apps.trainer.http.openai.asking import Asked
from apps.trainer.sampling.batch import Job
from apps.trainer.sampling.results import Sampled, StopReason, TopK


@dataclass(frozen=True, slots=True)
class Heard:
    """A token of one choice."""

    choice: int
    token: int
    logprob: float
    top: TopK
    end: StopReason | None


async def sampled(server: Server, asked: Asked) -> list[Sampled]:
    """All of it, once it is done. One result per ask. Raises RequestFailed."""
    loop = asyncio.get_running_loop()
    results: list[asyncio.Future[Sampled]] = [loop.create_future() for _ in asked.asks]
    is_open = True

    def settle(place: int, outcome: Sampled | RequestFailed) -> None:
        result = results[place]
        if result.done():
            return
        if isinstance(outcome, Sampled):
            result.set_result(outcome)
        else:
            result.set_exception(outcome)

    def tell(place: int, outcome: Sampled) -> None:
        loop.call_soon_threadsafe(settle, place, outcome)

    def complain(place: int, message: str, _: str) -> None:
        loop.call_soon_threadsafe(settle, place, RequestFailed(message))

    try:
        for i, ask in enumerate(asked.asks):
            job = Job(
                ask=ask,
                seed=secrets.randbits(48),
                done=partial(tell, i),
                failed=partial(complain, i),
                is_wanted=lambda: is_open,
            )
            server.engine.sample(asked.sampler, job)
        return list(await asyncio.gather(*results))
    finally:
        is_open = False


async def heard(server: Server, asked: Asked) -> AsyncGenerator[Heard, None]:
    """Token by token, until every choice has ended. Stops the engine when nobody listens on."""
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Heard | RequestFailed] = asyncio.Queue()
    is_open = True

    def put(item: Heard | RequestFailed) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, item)

    left = 0
    try:
        for i, ask in enumerate(asked.asks):
            first = i * ask.samples
            left += ask.samples

            def on_token(
                index: int,
                token: int,
                logprob: float,
                top: TopK,
                end: StopReason | None,
                first: int = first,
            ) -> None:
                put(Heard(first + index, token, logprob, top, end))

            job = Job(
                ask=replace(ask, on_token=on_token),
                seed=secrets.randbits(48),
                done=lambda _: None,
                failed=lambda message, _: put(RequestFailed(message)),
                is_wanted=lambda: is_open,
            )
            server.engine.sample(asked.sampler, job)
        while left:
            item = await queue.get()
            if isinstance(item, RequestFailed):
                raise item
            left -= item.end is not None
            yield item
    finally:
        is_open = False
