"""Policies that are open, and answers from them within a time.

Opening takes seconds and is done once for everybody who waits for it. A trainer that is gone is
noticed within seconds, too: the gateway has somebody else to ask.
"""

import asyncio
import time
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from apps.core.said import say
from apps.integrations.tinker.errors import CannotRender, TrainerFailed
from apps.integrations.tinker.policy.answering import Drawn
from apps.integrations.tinker.policy.asking import Asked
from apps.integrations.tinker.policy.opening import Policy, Seen, look_for, open_policy
from apps.integrations.tinker.policy.refusing import Refused, refused, too_long
from apps.integrations.tinker.types import SamplingWish, TrainerConnection

Messages = Sequence[Mapping[str, Any]]
Opener = Callable[[TrainerConnection, str, str], Policy]
Look = Callable[[TrainerConnection], Seen]

_OPEN_MAX = 128
_LOST_MAX = 1024
_IDLE_SECONDS = 1800.0
# More at once than this would only wait for each other, here or at the trainer.
_UNDER_WAY_MAX = 1024
_UNDER_WAY_OF_ONE_MAX = 256
# Where the trainer says nothing about its context, and the caller nothing about a limit.
_TOKENS = 4096


# How often a trainer is looked for while somebody waits for its answer: more often, by so much,
# where another provider stands by.
_LOOK_SECONDS = 1.0
_EAGER = 4
# So many misses in a row end the waiting: a busy trainer may be late for once, and one that is
# being started again is worth waiting for where there is nobody else.
_MISSES_EAGER, _MISSES = 3, 10
_T = TypeVar("_T")
_Key = tuple[str, str, str, str]


@dataclass(slots=True)
class _Entry:
    opening: asyncio.Task[Policy]
    used_at: float


class Policies:
    """One per process. For use on one event loop."""

    def __init__(
        self,
        opener: Opener = open_policy,
        look: Look = look_for,
        look_seconds: float = _LOOK_SECONDS,
    ) -> None:
        self._opener = opener
        self._look = look
        self._look_seconds = look_seconds
        self._open: OrderedDict[_Key, _Entry] = OrderedDict()
        self._under_way: Counter[tuple[str, str]] = Counter()
        self._looks: dict[str, tuple[float, asyncio.Task[Seen]]] = {}
        # Trainers that were not there when last looked for.
        self._lost: set[str] = set()
        self._waiting = ThreadPoolExecutor(32, thread_name_prefix="open")
        self._reading = ThreadPoolExecutor(4, thread_name_prefix="render")

    async def draw(
        self,
        connection: TrainerConnection,
        asked: Asked,
        seconds: float,
        *,
        has_stand_in: bool = False,
    ) -> Drawn:
        """One answer, within ``seconds``. Raises Refused; with a stand-in rather too early."""
        whose = (connection.base_url, connection.api_key)
        if (
            self._under_way.total() >= _UNDER_WAY_MAX
            or self._under_way[whose] >= _UNDER_WAY_OF_ONE_MAX
        ):
            raise Refused(429, "Too many answers are under way.", "policy_busy", cannot="busy")
        self._under_way[whose] += 1
        try:
            async with asyncio.timeout(seconds):
                if has_stand_in and connection.base_url in self._lost:
                    await self._look_again(connection)
                return await self._unless_lost(connection, asked, is_eager=has_stand_in)
        except TrainerFailed as failure:
            raise refused(failure) from failure
        except CannotRender as exc:
            raise Refused(400, str(exc), "cannot_render", cannot="cannot_render") from exc
        except TimeoutError as exc:
            message = f"The policy did not answer within {seconds:g} seconds."
            raise Refused(504, message, "policy_timeout", cannot="timeout") from exc
        finally:
            self._under_way[whose] -= 1
            if not self._under_way[whose]:
                del self._under_way[whose]

    def tidy(self, idle_seconds: float = _IDLE_SECONDS) -> None:
        """Close what nobody has asked for long."""
        before = time.monotonic() - idle_seconds
        for key in [key for key, entry in self._open.items() if entry.used_at <= before]:
            self._forget(key)

    async def _draw(self, connection: TrainerConnection, asked: Asked) -> Drawn:
        key = (connection.base_url, connection.api_key, asked.base_model, asked.path)
        was_open = key in self._open
        policy = await self._opened(key)
        try:
            return await self._of(policy, asked)
        except TrainerFailed as failure:
            # Sessions end, and trainers forget them: the checkpoint may still be there.
            if failure.reason != "gone" or not was_open:
                raise
        self._forget(key, policy)
        return await self._of(await self._opened(key), asked)

    async def _of(self, policy: Policy, asked: Asked) -> Drawn:
        loop, renderer = asyncio.get_running_loop(), policy.renderer
        prompt = await loop.run_in_executor(
            self._reading, renderer.prompt, asked.messages, asked.tools
        )
        wish = _wish(asked, len(prompt), policy.context)
        sampled = await policy.sample(prompt, wish)
        said = await loop.run_in_executor(self._reading, renderer.said, sampled.tokens)
        return Drawn(policy.base_model, prompt, sampled, said)

    async def _opened(self, key: _Key) -> Policy:
        entry = self._open.get(key)
        if entry is None:
            while len(self._open) >= _OPEN_MAX:
                self._forget(next(iter(self._open)))
            base_url, api_key, base_model, path = key
            opening = asyncio.create_task(
                self._in_thread(
                    self._opener, TrainerConnection(base_url, api_key), base_model, path
                )
            )
            entry = self._open[key] = _Entry(opening, time.monotonic())
            opening.add_done_callback(lambda done: self._check(key, done))
        entry.used_at = time.monotonic()
        self._open.move_to_end(key)
        # Who gives up waiting does not end it for the others.
        return await asyncio.shield(entry.opening)

    def _check(self, key: _Key, opening: asyncio.Task[Policy]) -> None:
        failed = opening.cancelled() or opening.exception() is not None
        entry = self._open.get(key)
        if failed and entry is not None and entry.opening is opening:
            del self._open[key]

    def _forget(self, key: _Key, policy: Policy | None = None) -> None:
        """``policy``: only if that one is still the open one."""
        opening = self._open[key].opening if key in self._open else None
        if opening is None or (policy and not (opening.done() and opening.result() is policy)):
            return
        del self._open[key]
        opening.add_done_callback(self._close)

    def _close(self, opening: asyncio.Task[Policy]) -> None:
        if not opening.cancelled() and opening.exception() is None:
            self._waiting.submit(opening.result().close)

    async def _unless_lost(
        self, connection: TrainerConnection, asked: Asked, *, is_eager: bool
    ) -> Drawn:
        """The answer. Raises TrainerFailed as soon as nobody is there to wait for."""
        working = asyncio.create_task(self._draw(connection, asked))
        watching = asyncio.create_task(self._watch(connection, is_eager=is_eager))
        both = (working, watching)
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                watching.result()
            return working.result()
        finally:
            for task in both:
                task.cancel()
            # Nothing may be left behind, nor an exception that nobody has seen.
            await asyncio.gather(*both, return_exceptions=True)

    async def _watch(self, connection: TrainerConnection, *, is_eager: bool) -> None:
        pause = self._look_seconds / (_EAGER if is_eager else 1)
        misses, most = 0, _MISSES_EAGER if is_eager else _MISSES
        while misses < most:
            await asyncio.sleep(pause)
            seen = await self._seen(connection)
            if seen == "nobody" and is_eager:
                break
            misses = 0 if seen == "there" else misses + 1
        if len(self._lost) >= _LOST_MAX:
            self._lost.clear()
        self._lost.add(connection.base_url)
        raise _gone_away(connection)

    async def _look_again(self, connection: TrainerConnection) -> None:
        if await self._seen(connection) != "there":
            raise _gone_away(connection)
        self._lost.discard(connection.base_url)

    async def _seen(self, connection: TrainerConnection) -> Seen:
        """Looked for once for everybody who waits for the same trainer."""
        at, look = self._looks.get(connection.base_url, (0.0, None))
        now = time.monotonic()
        if look is None or now - at >= self._look_seconds / _EAGER / 2:
            if len(self._looks) >= _OPEN_MAX:
                self._looks.clear()
            look = asyncio.create_task(self._in_thread(self._look, connection))
            self._looks[connection.base_url] = (now, look)
        return await asyncio.shield(look)

    async def _in_thread(self, work: Callable[..., _T], *given: Any) -> _T:
        return await asyncio.get_running_loop().run_in_executor(self._waiting, work, *given)


def _wish(asked: Asked, prompt: int, context: int | None) -> SamplingWish:
    """What is asked for, as far as there is room for it."""
    room = _TOKENS if context is None else context - prompt
    if room < 1:
        raise too_long(prompt, context or 0)
    wanted = asked.max_tokens
    if wanted is not None and (context is None or wanted < room):
        room = wanted
    return SamplingWish(
        max_tokens=room,
        temperature=asked.temperature,
        top_p=asked.top_p,
        stop=asked.stop,
        seed=asked.seed,
    )


def _gone_away(connection: TrainerConnection) -> TrainerFailed:
    english = "The trainer at {url} does not answer."
    message = say("trainer_silent", english, url=connection.base_url)
    return TrainerFailed(message, reason="unreachable")
