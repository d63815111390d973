"""A policy opened with the SDK: a session at its trainer, a sampler, the tokenizer's template."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from contextvars import ContextVar
from functools import cache
from typing import Any, Literal, Protocol

import httpx2

from apps.core.said import say
from apps.integrations.guarded_http import guarded_client
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.failures import translated
from apps.integrations.tinker.policy.confining import use_python_sockets
from apps.integrations.tinker.preflight import capabilities
from apps.integrations.tinker.rendering import TemplateRenderer
from apps.integrations.tinker.tokenizers import tokenizer_of
from apps.integrations.tinker.types import Renderer, Sampled, SamplingWish, TrainerConnection

# nobody: nothing listens at that address. silent: something does, and does not answer well.
Seen = Literal["there", "silent", "nobody"]

_OPEN_SECONDS = 60.0
_CLOSE_SECONDS = 15.0
_PING_SECONDS = 5.0
_PUT_OFF_SECONDS = 3.0
# When the request in hand was begun.
_began: ContextVar[float] = ContextVar("began", default=0.0)


class Policy(Protocol):
    """One model that can be asked, again and again. Raises TrainerFailed only."""

    base_model: str
    # In tokens; None where the trainer does not say.
    context: int | None
    renderer: Renderer

    async def sample(self, prompt: Sequence[int], wish: SamplingWish) -> Sampled:
        """Cancelling takes the request back at the trainer, too."""
        ...

    def close(self) -> None: ...


def open_policy(connection: TrainerConnection, base_model: str, path: str) -> Policy:
    """The weights under ``path``, or the base model itself. Takes seconds; raises TrainerFailed."""
    offers = {offer.model: offer.context for offer in capabilities(connection)}
    # Takes a second or several, and memory that an idle process does without.
    import tinker

    use_python_sockets()
    service = tinker.ServiceClient(base_url=connection.base_url, api_key=connection.api_key)
    with ExitStack() as unless_opened:
        unless_opened.callback(_close, service)
        with translated():
            wanted = {"model_path": path} if path else {"base_model": base_model}
            client = service.create_sampling_client(**wanted).result(timeout=_OPEN_SECONDS)
            found = str(client.get_base_model())
        if base_model and found != base_model:
            english = "This checkpoint is of the base model {model}, not of {wanted}."
            raise TrainerFailed(
                say("checkpoint_other_base", english, model=found, wanted=base_model),
                reason="unknown_model",
            )
        renderer = TemplateRenderer(tokenizer_of(connection, found))
        unless_opened.pop_all()
    return _SdkPolicy(service, client, found, offers.get(found), renderer)


class _SdkPolicy:
    def __init__(
        self, service: Any, client: Any, base_model: str, context: int | None, renderer: Renderer
    ) -> None:
        self.base_model = base_model
        self.context = context
        self.renderer = renderer
        self._service = service
        self._client = client
        impatient(client)

    async def sample(self, prompt: Sequence[int], wish: SamplingWish) -> Sampled:
        from tinker import types

        options: dict[str, Any] = {"stop": list(wish.stop)} if wish.stop else {}
        params = types.SamplingParams(
            max_tokens=wish.max_tokens,
            temperature=wish.temperature,
            top_p=wish.top_p,
            seed=wish.seed,
            **options,
        )
        # The SDK's own loop works in a copy of this context.
        _began.set(time.monotonic())
        with translated():
            asked = self._client.sample(types.ModelInput.from_ints(list(prompt)), 1, params)
            # The SDK works on a loop of its own; a cancelled wait cancels it there.
            answer = await asyncio.wrap_future(asked.future())
            one = answer.sequences[0]
            return Sampled(
                tokens=tuple(int(token) for token in one.tokens),
                logprobs=tuple(float(value) for value in one.logprobs or ()),
                stop_reason=one.stop_reason,
            )

    def close(self) -> None:
        _close(self._service)


def impatient(client: Any) -> None:
    """Have a sampling client of the SDK give up where it would wait without end: without credit
    (for an hour), and turned away again and again (for ever). A caller has others to ask.

    Reaches into the SDK, whose version is pinned; a test holds it to this.
    """
    holder, send = client.holder, client._send_asample_request
    holder._client_config = holder._client_config.model_copy(
        update={"billing_exception_max_pause_duration_sec": 0}
    )

    async def send_or_give_up(*given: Any) -> Any:
        accepted = await send(*given)
        began = _began.get()
        if accepted is None and began and time.monotonic() - began > _PUT_OFF_SECONDS:
            english = "The trainer has too much to do and turns requests away."
            message = say("trainer_turns_away", english)
            raise TrainerFailed(message, reason="busy")
        return accepted

    client._send_asample_request = send_or_give_up


def _close(service: Any) -> None:
    """Best effort: a session that is not closed runs out by itself."""
    with suppress(TrainerFailed), translated():
        service.close("success").result(timeout=_CLOSE_SECONDS)


def look_for(connection: TrainerConnection) -> Seen:
    """Whether anybody is there: the SDK itself finds out after five minutes."""
    try:
        status = _pings().get(f"{connection.base_url}/api/v1/healthz").status_code
    except httpx2.ConnectError:
        return "nobody"
    except (httpx2.HTTPError, httpx2.InvalidURL):
        return "silent"
    return "there" if status < 500 else "silent"


@cache
def _pings() -> httpx2.Client:
    """One for all, for the life of the process: making one costs more than asking."""
    return guarded_client(_PING_SECONDS)
