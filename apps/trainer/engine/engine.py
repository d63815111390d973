"""The engine: takes what was accepted, one piece after the other, and says when it is done."""

import logging
import queue
import threading
import time
from collections.abc import Callable

import orjson

from apps.trainer.engine.adapters import AdapterMemory
from apps.trainer.engine.bases import Bases
from apps.trainer.engine.lanes import Lane, PolicyLane, RunLane, Turns
from apps.trainer.engine.trainer import Trainer
from apps.trainer.errors import Refused, RequestFailed
from apps.trainer.sampling.asks import read_ask
from apps.trainer.sampling.batch import Batch, Job
from apps.trainer.sampling.results import Sampled
from apps.trainer.store import Store
from apps.trainer.training.adapter import Adapter
from apps.trainer.types import Request, Sampler
from apps.trainer.wire.answers import sample_answer

log = logging.getLogger(__name__)

# Tokens of a batch before others get their turn.
_TOKENS_PER_TURN = 16
_PAUSE_AFTER_FAILURE = 0.5


class Engine:
    """``on_done`` is called in the engine's thread with the id of a request that has an outcome."""

    def __init__(
        self, store: Store, bases: Bases, on_done: Callable[[str], None], *, most_adapters: int
    ) -> None:
        self._store = store
        self._bases = bases
        self._on_done = on_done
        self._memory = AdapterMemory(most_adapters)
        self._trainer = Trainer(store, bases, self._memory)
        self._inbox: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._runs: dict[str, RunLane] = {}
        self._policies: dict[tuple[str, str, str | None], PolicyLane] = {}
        self._turns = Turns()
        self._cancelled: set[str] = set()
        self._thread = threading.Thread(target=self._work, name="engine", daemon=True)

    def start(self) -> None:
        """Take up what a former process accepted and did not finish, and begin."""
        for request in self._store.requests.pending():
            self.submit(request)
        self._thread.start()

    def stop(self) -> None:
        """Finish the piece in hand. The rest waits on disk."""
        self._inbox.put(None)
        self._thread.join(timeout=30)

    def submit(self, request: Request) -> None:
        """Take an accepted request. Its caller is told through ``on_done``."""
        self._inbox.put(lambda: self._take(request))

    def sample(self, sampler: Sampler, job: Job) -> None:
        """Take a job that somebody waits for right now."""
        self._inbox.put(lambda: self._lane_of(sampler).add(job))

    def cancel(self, request_id: str) -> None:
        self._cancelled.add(request_id)

    def forget_run(self, run_id: str) -> None:
        def forget() -> None:
            self._runs.pop(run_id, None)
            self._memory.forget(run_id)

        self._inbox.put(forget)

    # --- the thread

    def _work(self) -> None:
        is_open = True
        while is_open:
            lane = self._turns.next([*self._runs.values(), *self._policies.values()])
            is_open = self._read_inbox(wait=lane is None)
            if is_open and lane is not None:
                self._serve(lane)

    def _read_inbox(self, *, wait: bool) -> bool:
        """Do what others left for this thread. False once it is to end."""
        while True:
            try:
                note = self._inbox.get(block=wait)
            except queue.Empty:
                return True
            if note is None:
                return False
            wait = False
            try:
                note()
            except Exception:  # the edge of the thread: one bad note must not end it
                log.exception("A note to the engine could not be read.")

    def _serve(self, lane: Lane) -> None:
        if isinstance(lane, RunLane):
            self._train(lane)
        elif isinstance(lane, PolicyLane):
            self._sample(lane)

    def _take(self, request: Request) -> None:
        if request.kind == "sample":
            self._take_sample(request)
            return
        assert request.run_id is not None
        lane = self._runs.get(request.run_id)
        if lane is None:
            run = self._store.runs.find(request.run_id)
            if run is None:
                return
            lane = self._runs[run.id] = RunLane(run.tenant, run.id, run.applied)
        lane.add(request)

    def _train(self, lane: RunLane) -> None:
        request = lane.next()
        run = self._store.runs.find(lane.run_id)
        if run is None:
            self._runs.pop(lane.run_id, None)
            return
        try:
            self._trainer.do(run, request)
        except Exception:  # the edge of the thread: others must go on being served
            log.exception("A %s request of %s broke.", request.kind, run.id)
            if not self._lost(lane, request):
                return
        lane.is_done()
        self._on_done(request.id)

    def _lost(self, lane: RunLane, request: Request) -> bool:
        """Store that the request broke. False if even that fails: then it is tried again."""
        run = self._store.runs.find(lane.run_id)
        if run is None:
            return True
        try:
            self._trainer.lose(run, request, "The trainer failed at this request; see its log.")
        except Exception:  # a full disk, most likely: the request stays accepted
            log.exception("Its outcome could not be stored either.")
            time.sleep(_PAUSE_AFTER_FAILURE)
            return False
        return True

    # --- sampling

    def _take_sample(self, request: Request) -> None:
        sampler = self._store.samplers.find(request.sampler_id or "")
        try:
            if sampler is None:
                raise RequestFailed("The weights of this sampling session were deleted.")
            base = self._bases.get(sampler.base)
            ask = read_ask(
                orjson.loads(request.payload), vocabulary=base.vocabulary, context=base.context
            )
        except (RequestFailed, Refused) as exc:
            self._fail_sample(request, exc.message, "user")
            return
        job = Job(
            ask=ask,
            seed=request.seed,
            done=lambda result: self._finish_sample(request, result),
            failed=lambda message, category: self._fail_sample(request, message, category),
            is_wanted=lambda: request.id not in self._cancelled,
        )
        self._lane_of(sampler).add(job)

    def _lane_of(self, sampler: Sampler) -> PolicyLane:
        key = (sampler.tenant, sampler.base, sampler.file)
        if key not in self._policies:
            rank = sampler.lora.rank if sampler.lora else 0
            self._policies[key] = PolicyLane(*key, rank)
        return self._policies[key]

    def _sample(self, lane: PolicyLane) -> None:
        """Start what waits, then go on with the batch that has waited longest."""
        jobs = lane.take()
        try:
            if jobs:
                lane.batches.append(Batch(self._bases.get(lane.base), self._adapter(lane), jobs))
                jobs = []
            batch = lane.batches.popleft()
            jobs = batch.jobs
            if not batch.advance(_TOKENS_PER_TURN):
                lane.batches.append(batch)
        except FileNotFoundError:
            self._fail_jobs(jobs, "The weights of this sampling session were deleted.", "user")
        except Exception:  # the edge of the thread: others must go on being served
            log.exception("A batch of samples broke.")
            self._fail_jobs(jobs, "The trainer failed at this request; see its log.", "server")
        if not lane.is_ready():
            self._policies.pop((lane.tenant, lane.base, lane.file), None)

    def _adapter(self, lane: PolicyLane) -> Adapter | None:
        name = lane.file
        if name is None:
            return None
        device = self._bases.get(lane.base).device
        return self._memory.get(
            name,
            lambda: Adapter.of(self._store.files.read(name), rank=lane.rank, step=0, device=device),
        )

    @staticmethod
    def _fail_jobs(jobs: list[Job], message: str, category: str) -> None:
        for job in jobs:
            job.failed(message, category)

    def _finish_sample(self, request: Request, result: Sampled) -> None:
        self._cancelled.discard(request.id)
        self._store.requests.finish(request, sample_answer(result))
        self._on_done(request.id)

    def _fail_sample(self, request: Request, message: str, category: str) -> None:
        self._cancelled.discard(request.id)
        self._store.requests.fail(request, message, category)
        self._on_done(request.id)
