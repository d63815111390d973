"""The policy process as the gateway meets it, over HTTP, with policies that do as they are told.

The name of the model says how it is answered: ``ok``, ``calls``, ``thinks``, ``never``,
``short`` (of context), or a reason why there is no answer (``gone``, ``billing``, …).
"""

import asyncio
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import uvicorn

from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.policy.app import create_app
from apps.integrations.tinker.policy.policies import Policies
from apps.integrations.tinker.types import Said, Sampled, SamplingWish, TrainerConnection
from tests.proxy.running import free_port

TEXT = "Twelve, if you count the cat."
TOKENS, LOGPROBS = (5, 6, 7), (-0.5, -1.25, -0.0625)
CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "look_up", "arguments": '{"what": "cats"}'},
}
_SAID = {
    "calls": Said("Let me see.", [CALL]),
    "thinks": Said(TEXT, reasoning="Cats count."),
}
_ANSWERED = frozenset({"ok", "short", "never", *_SAID})


class _Renderer:
    def __init__(self, seen: list[Any], said: Said) -> None:
        self._seen = seen
        self._said = said

    def prompt(
        self, messages: Sequence[Mapping[str, Any]], tools: Sequence[Mapping[str, Any]] = ()
    ) -> list[int]:
        self._seen.append((list(messages), list(tools)))
        return [1, 2, 3, 4]

    def said(self, tokens: Sequence[int]) -> Said:
        return self._said


class _Policy:
    def __init__(self, process: "PolicyProcess", model: str) -> None:
        self.base_model = "org/base"
        self.context = 4 if model == "short" else 1000
        self.renderer = _Renderer(process.seen, _SAID.get(model, Said(TEXT)))
        self._process = process
        self._model = model

    async def sample(self, prompt: Sequence[int], wish: SamplingWish) -> Sampled:
        self._process.wishes.append(wish)
        if self._model == "never":
            try:
                await asyncio.Event().wait()
            finally:
                self._process.taken_back.set()
        if self._model not in _ANSWERED:
            raise TrainerFailed(f"It is {self._model}.", reason=self._model)  # type: ignore[arg-type]
        return Sampled(TOKENS, LOGPROBS, "stop")

    def close(self) -> None:
        pass


class PolicyProcess:
    def __init__(self) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        # What was to be rendered, how it was to be sampled, and whose policies were opened.
        self.seen: list[Any] = []
        self.wishes: list[SamplingWish] = []
        self.opened: list[tuple[str, str]] = []
        self.taken_back = threading.Event()
        app = create_app(Policies(self._open, lambda connection: "there"))
        config = uvicorn.Config(
            app, port=self.port, loop="asyncio", log_level="error", timeout_graceful_shutdown=1
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="policy", daemon=True)

    def start(self) -> None:
        self._thread.start()
        give_up = time.monotonic() + 10
        while not self._server.started:
            assert time.monotonic() < give_up
            time.sleep(0.01)

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    def _open(self, connection: TrainerConnection, base_model: str, path: str) -> _Policy:
        self.opened.append((connection.base_url, connection.api_key))
        return _Policy(self, base_model)


@contextmanager
def running_policy_process() -> Iterator[PolicyProcess]:
    process = PolicyProcess()
    process.start()
    try:
        yield process
    finally:
        process.stop()
