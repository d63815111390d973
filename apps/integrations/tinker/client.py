"""Training and sampling through the Tinker SDK, with deadlines of our own.

The SDK repeats what failed for minutes and waits for answers without end. So what it will be
asked is first tried by hand (``preflight``: does the address answer, is the key good, is
there credit), and every wait after that has an end. Address and key are always given: what the
environment or a home directory holds is the operator's, never a workspace's.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.failures import translated
from apps.integrations.tinker.preflight import capabilities, model_check
from apps.integrations.tinker.rendering import TemplateRenderer
from apps.integrations.tinker.tokenizers import tokenizer_of
from apps.integrations.tinker.types import (
    Renderer,
    Row,
    Sampled,
    Sampler,
    SamplingWish,
    Stepped,
    TrainerConnection,
    Training,
    Writer,
)

_CLOSE_SECONDS = 15.0
# Opening a model may have to wait for a machine; a step on a large one takes minutes.
_OPEN_SECONDS = 300.0
_WORK_SECONDS = 900.0


@contextmanager
def open_training(
    connection: TrainerConnection, *, base_model: str, rank: int, state_path: str = ""
) -> Iterator[Training]:
    """An adapter to train: as it was stored under ``state_path``, optimizer and all, or new.

    Raises TrainerFailed; a stored state that is not there any more has the reason ``gone``.
    """
    context = model_check(capabilities(connection), base_model)
    with _service(connection) as service:
        if state_path:
            made = _within(
                _OPEN_SECONDS,
                lambda: service.create_training_client_from_state_with_optimizer(state_path),
            )
        else:
            made = _within(
                _OPEN_SECONDS,
                lambda: service.create_lora_training_client(base_model, rank=rank),
            )
        yield _SdkTraining(connection, base_model, service, made, context)


@contextmanager
def open_sampler(
    connection: TrainerConnection, *, base_model: str, path: str = ""
) -> Iterator[Sampler]:
    """A policy to ask: the weights under ``path``, or the base model itself."""
    model_check(capabilities(connection), base_model)
    with _service(connection) as service:
        yield _sampler(connection, base_model, service, path)


class _SdkTraining:
    def __init__(
        self,
        connection: TrainerConnection,
        base_model: str,
        service: Any,
        client: Any,
        context: int | None,
    ) -> None:
        self.context = context
        self._connection = connection
        self._base_model = base_model
        self._service = service
        self._client = client

    def step(
        self,
        rows: Sequence[Row],
        *,
        loss: str,
        config: Mapping[str, float],
        learning_rate: float,
    ) -> Stepped:
        from tinker import types

        with translated():
            # Both are on their way before either is waited for: the cloud works in clock cycles.
            passed = self._client.forward_backward(
                [_datum(row) for row in rows], loss, dict(config) or None
            )
            stepped = self._client.optim_step(types.AdamParams(learning_rate=learning_rate))
            output = passed.result(timeout=_WORK_SECONDS)
            done = stepped.result(timeout=_WORK_SECONDS)
        return Stepped(
            metrics={**output.metrics, **(done.metrics or {})},
            logprobs=[
                [float(value) for value in found["logprobs"].data[len(row.prompt) - 1 :]]
                for row, found in zip(rows, output.loss_fn_outputs, strict=True)
            ],
        )

    def save_state(self, name: str, *, ttl_seconds: int | None = None) -> str:
        with translated():
            saved = self._client.save_state(name, ttl_seconds=ttl_seconds, overwrite=True)
            return str(saved.result(timeout=_WORK_SECONDS).path)

    def save_sampler(self, name: str, *, ttl_seconds: int | None = None) -> str:
        with translated():
            saved = self._client.save_weights_for_sampler(name, ttl_seconds=ttl_seconds)
            return str(saved.result(timeout=_WORK_SECONDS).path)

    def sampler(self, path: str) -> Sampler:
        return _sampler(self._connection, self._base_model, self._service, path)

    def writer(self) -> Writer:
        return TemplateRenderer(tokenizer_of(self._connection, self._base_model))


class _SdkSampler:
    def __init__(
        self, connection: TrainerConnection, base_model: str, path: str, client: Any
    ) -> None:
        self.path = path
        self._connection = connection
        self._base_model = base_model
        self._client = client

    def sample(self, prompt: Sequence[int], count: int, wish: SamplingWish) -> list[Sampled]:
        from tinker import types

        options: dict[str, Any] = {"stop": list(wish.stop)} if wish.stop else {}
        params = types.SamplingParams(
            max_tokens=wish.max_tokens,
            temperature=wish.temperature,
            top_p=wish.top_p,
            seed=wish.seed,
            **options,
        )
        with translated():
            asked = self._client.sample(types.ModelInput.from_ints(list(prompt)), count, params)
            answer = asked.result(timeout=_WORK_SECONDS)
        return [
            Sampled(
                tokens=tuple(int(token) for token in one.tokens),
                logprobs=tuple(float(value) for value in one.logprobs or ()),
                stop_reason=one.stop_reason,
            )
            for one in answer.sequences
        ]

    def logprobs(self, tokens: Sequence[int]) -> list[float | None]:
        from tinker import types

        with translated():
            asked = self._client.compute_logprobs(types.ModelInput.from_ints(list(tokens)))
            found: list[float | None] = asked.result(timeout=_WORK_SECONDS)
        return found

    def renderer(self) -> Renderer:
        return TemplateRenderer(tokenizer_of(self._connection, self._base_model))


def _sampler(connection: TrainerConnection, base_model: str, service: Any, path: str) -> Sampler:
    wanted = {"model_path": path} if path else {"base_model": base_model}
    client = _within(_OPEN_SECONDS, lambda: service.create_sampling_client(**wanted))
    return _SdkSampler(connection, base_model, path, client)


def _datum(row: Row) -> Any:
    """Input and targets are the same tokens, one apart; nothing is learned of the prompt."""
    from tinker import types

    full = [*row.prompt, *row.answer]
    before = [0.0] * (len(row.prompt) - 1)
    arrays = {
        name: [*before, *values]
        for name, values in (
            ("logprobs", row.logprobs),
            ("advantages", row.advantages),
            ("weights", row.weights),
        )
        if values is not None
    }
    return types.Datum(
        model_input=types.ModelInput.from_ints(full[:-1]),
        loss_fn_inputs={"target_tokens": full[1:], **arrays},
    )


@contextmanager
def _service(connection: TrainerConnection) -> Iterator[Any]:
    """A session with the trainer, closed at the end: what it holds there is let go."""
    import tinker

    service = tinker.ServiceClient(base_url=connection.base_url, api_key=connection.api_key)
    end = "errored"
    try:
        yield service
        end = "success"
    finally:
        # Best effort: a session that is not closed runs out by itself.
        with _ignored():
            service.close(end).result(timeout=_CLOSE_SECONDS)


@contextmanager
def _ignored() -> Iterator[None]:
    try:
        with translated():
            yield
    except TrainerFailed:
        return


def _within(seconds: float, begin: Callable[[], Any]) -> Any:
    """The result of a future whose making may block as well. Raises TrainerFailed.

    The SDK opens its session on the caller's thread and repeats that for minutes: a thread
    that nobody waits for any more takes the wait over.
    """
    found: list[Any] = []
    failed: list[BaseException] = []

    def work() -> None:
        try:
            found.append(begin().result(timeout=seconds))
        except BaseException as exc:  # raised again below, where it is waited for
            failed.append(exc)

    thread = threading.Thread(target=work, name="tinker-open", daemon=True)
    thread.start()
    thread.join(seconds)
    with translated():
        if failed:
            raise failed[0]
        if not found:
            raise TimeoutError
    return found[0]
