"""The application: routes, and what lives as long as the server does."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web

from apps.trainer.engine.bases import Bases
from apps.trainer.engine.engine import Engine
from apps.trainer.http import futures, sampling, service, tokenizers, training, weights
from apps.trainer.http.context import MOST_BODY_BYTES, SERVER, Server, Waiting
from apps.trainer.http.guard import guard
from apps.trainer.http.openai import routes as openai
from apps.trainer.keys import Keys
from apps.trainer.store import Store

log = logging.getLogger(__name__)

_SWEEP_EVERY = 60.0
_RESULTS_KEPT = 24 * 3_600.0
_SNAPSHOTS_KEPT = 24 * 3_600.0
_RUNS_KEPT = 30 * 86_400.0
_STRAYS_KEPT = 600.0
_API = "/api/v1"
_RUN = _API + "/training_runs/{run_id}"
_CHECKPOINT = _RUN + "/checkpoints/{kind}/{name}"


def create_app(store: Store, bases: Bases, keys: Keys, *, most_adapters: int) -> web.Application:
    """The server over what is in ``store``. Its engine runs while the application does."""
    app = web.Application(
        client_max_size=MOST_BODY_BYTES,
        middlewares=[guard],
        handler_args={"auto_decompress": False},
    )
    waiting = Waiting()
    loop_of: list[asyncio.AbstractEventLoop] = []

    def wake(request_id: str) -> None:
        loop_of[0].call_soon_threadsafe(waiting.wake, request_id)

    engine = Engine(store, bases, wake, most_adapters=most_adapters)
    app[SERVER] = Server(store=store, bases=bases, engine=engine, keys=keys, waiting=waiting)

    async def living(_: web.Application) -> AsyncIterator[None]:
        loop_of.append(asyncio.get_running_loop())
        engine.start()
        sweeper = asyncio.create_task(_sweep_on(store, engine))
        yield
        sweeper.cancel()
        with suppress(asyncio.CancelledError):
            await sweeper
        await asyncio.to_thread(engine.stop)
        store.database.close()

    app.cleanup_ctx.append(living)
    app.add_routes(_routes())
    app.add_routes(openai.ROUTES)
    return app


def sweep(store: Store, engine: Engine) -> None:
    """Remove what nobody will ask for again."""
    now = time.time()
    store.requests.forget_results(finished_before=now - _RESULTS_KEPT)
    store.requests.delete_samples(finished_before=now - _RUNS_KEPT)
    store.checkpoints.delete_expired()
    store.samplers.delete_orphans()
    store.samplers.delete_stale(seen_before=now - _SNAPSHOTS_KEPT)
    for run_id in store.runs.abandoned(since=now - _RUNS_KEPT):
        store.runs.unload(run_id)
        engine.forget_run(run_id)
    # Not at once: the engine may be about to name a file that it has just written.
    store.files.keep_only(store.files_in_use(), older_than=_STRAYS_KEPT)


async def _sweep_on(store: Store, engine: Engine) -> None:
    while True:
        try:
            await asyncio.to_thread(sweep, store, engine)
        except Exception:  # the edge of the task: the next sweep may succeed
            log.exception("The sweep broke.")
        await asyncio.sleep(_SWEEP_EVERY)


def _routes() -> list[web.RouteDef]:
    post, get = web.post, web.get
    return [
        get("/healthz", service.health),
        get(f"{_API}/healthz", service.health),
        post(f"{_API}/client/config", service.client_config),
        post(f"{_API}/client/dynamic_config", service.dynamic_config),
        post(f"{_API}/telemetry", service.telemetry),
        get(f"{_API}/get_server_capabilities", service.capabilities),
        get(f"{_API}/whoami", service.whoami),
        get(f"{_API}/tokenizers/{{model:.+}}", tokenizers.get_tokenizer),
        post(f"{_API}/create_session", service.create_session),
        post(f"{_API}/session_heartbeat", service.heartbeat),
        get(f"{_API}/sessions", service.list_sessions),
        get(f"{_API}/sessions/{{session_id}}", service.get_session),
        post(f"{_API}/sessions/{{session_id}}/finish", service.finish_session),
        post(f"{_API}/create_model", training.create_model),
        post(f"{_API}/get_info", training.get_info),
        post(f"{_API}/unload_model", training.unload_model),
        post(f"{_API}/forward_backward", training.forward_backward),
        post(f"{_API}/optim_step", training.optim_step),
        post(f"{_API}/save_weights", weights.save_weights),
        post(f"{_API}/save_weights_for_sampler", weights.save_for_sampler),
        post(f"{_API}/save_weights_external", weights.refuse_external),
        post(f"{_API}/load_weights", weights.load_weights),
        post(f"{_API}/weights_info", weights.weights_info),
        get(f"{_API}/training_runs", weights.list_runs),
        get(_RUN, weights.get_run),
        get(f"{_RUN}/checkpoints", weights.list_checkpoints),
        get(f"{_API}/checkpoints", weights.list_all_checkpoints),
        web.delete(_CHECKPOINT, weights.delete_checkpoint),
        web.put(f"{_CHECKPOINT}/ttl", weights.set_ttl),
        post(f"{_CHECKPOINT}/publish", weights.refuse_publishing),
        post(f"{_API}/create_sampling_session", sampling.create_session),
        post(f"{_API}/join_sampling_session", sampling.join_session),
        get(f"{_API}/samplers/{{sampler_id}}", sampling.get_sampler),
        post(f"{_API}/asample", sampling.sample),
        post(f"{_API}/retrieve_future", futures.retrieve),
        post(f"{_API}/cancel_future", futures.cancel),
    ]
