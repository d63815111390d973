"""Training requests, each done exactly once.

A run's file holds its weights and optimizer as they were after request ``stored``. What has
happened since (gradients of passes) is in memory only, and is computed again from the stored
requests when the memory is lost: same data, same order, same numbers. The outcome of a request,
the run's place in its sequence and the file that belongs to it change in one transaction.
"""

import time
from dataclasses import dataclass

import orjson

from apps.trainer.engine.adapters import AdapterMemory
from apps.trainer.engine.bases import Bases
from apps.trainer.errors import NotFound, RequestFailed
from apps.trainer.names import SAMPLER, TRAINING, TinkerPath
from apps.trainer.store import Store
from apps.trainer.training.adapter import Adapter
from apps.trainer.training.data import checked_examples
from apps.trainer.training.losses import loss_named
from apps.trainer.training.optimizer import AdamParams, forget_gradients, take_step
from apps.trainer.training.passes import PassResult, run_pass
from apps.trainer.types import Answer, Checkpoint, Request, Run, Sampler
from apps.trainer.wire.answers import json_answer, pass_answer
from apps.trainer.wire.datums import read_pass


@dataclass(frozen=True)
class _State:
    """The run's weights are now in ``file``."""

    file: str | None
    step: int


class Trainer:
    def __init__(self, store: Store, bases: Bases, memory: AdapterMemory) -> None:
        self._store = store
        self._bases = bases
        self._memory = memory
        self._kinds = {
            "create_model": self._create,
            "load_weights": self._load,
            "forward_backward": self._forward_backward,
            "forward": self._forward,
            "optim_step": self._optim_step,
            "save_weights": self._save_weights,
            "save_weights_for_sampler": self._save_for_sampler,
        }

    def do(self, run: Run, request: Request) -> None:
        """Do the request, which is the run's next, and store its outcome."""
        try:
            self._kinds[request.kind](run, request)
        except RequestFailed as exc:
            self._fail(run, request, exc)

    def lose(self, run: Run, request: Request, message: str) -> None:
        """Something broke that is not the caller's doing; go on from what is on disk."""
        self._memory.forget(run.id)
        self._fail(run, request, RequestFailed(message, "server"))

    def adapter(self, run: Run) -> Adapter:
        """The run's adapter as of its last done request."""
        return self._memory.get(run.id, lambda: self._restored(run))

    def _restored(self, run: Run) -> Adapter:
        base = self._bases.get(run.base)
        if run.file is None:
            raise RequestFailed("The weights of this model are not here.", "server")
        adapter = Adapter.of(
            self._store.files.read(run.file),
            rank=run.lora.rank,
            step=run.step,
            device=base.device,
        ).learns()
        for request in self._store.requests.to_repeat(run.id, after=run.stored, upto=run.applied):
            self._pass(run, request, adapter, backward=True)
        return adapter

    # --- kinds of requests

    def _create(self, run: Run, request: Request) -> None:
        adapter = Adapter.fresh(self._bases.get(run.base), run.lora).learns()
        answer = json_answer({"model_id": run.id, "type": "create_model"})
        self._finish(run, request, answer, state=self._stored(adapter))
        self._memory.put(run.id, adapter)

    def _load(self, run: Run, request: Request) -> None:
        asked = orjson.loads(request.payload)
        try:
            checkpoint = self._store.checkpoints.get(run.tenant, asked["path"])
        except NotFound as exc:
            raise RequestFailed(exc.message) from None
        self._check_fits(run, checkpoint)
        with_optimizer = bool(asked.get("optimizer"))
        if with_optimizer and not checkpoint.has_optimizer:
            raise RequestFailed("This checkpoint holds no optimizer state.")
        tensors = self._store.files.read(checkpoint.file)
        if not with_optimizer:
            tensors = {n: t for n, t in tensors.items() if not n.startswith("optimizer.")}
        adapter = Adapter.of(
            tensors,
            rank=run.lora.rank,
            step=checkpoint.step if with_optimizer else 0,
            device=self._bases.get(run.base).device,
        ).learns()
        answer = {"path": checkpoint.path, "model_id": run.id, "type": "load_weights"}
        self._finish(run, request, json_answer(answer), state=self._stored(adapter))
        self._memory.put(run.id, adapter)

    def _forward_backward(self, run: Run, request: Request) -> None:
        result = self._pass(run, request, self.adapter(run), backward=True)
        self._finish(run, request, pass_answer(result), keep_payload=True)

    def _forward(self, run: Run, request: Request) -> None:
        result = self._pass(run, request, self.adapter(run), backward=False)
        self._finish(run, request, pass_answer(result))

    def _optim_step(self, run: Run, request: Request) -> None:
        adapter = self.adapter(run)
        try:
            metrics = take_step(adapter, AdamParams(**orjson.loads(request.payload)))
        except RequestFailed as exc:
            forget_gradients(adapter)
            # Stored: after a restart, too, these gradients must not come back.
            self._fail(run, request, exc, state=_State(run.file, run.step))
            return
        answer = json_answer({"metrics": metrics, "type": "optim_step"})
        self._finish(run, request, answer, state=self._stored(adapter))

    def _save_weights(self, run: Run, request: Request) -> None:
        asked = orjson.loads(request.payload)
        path = self._save(run, asked, TRAINING)
        answer = json_answer({"path": str(path.path), "type": "save_weights"})
        self._finish(run, request, answer, checkpoint=path)

    def _save_for_sampler(self, run: Run, request: Request) -> None:
        asked = orjson.loads(request.payload)
        kind = "save_weights_for_sampler"
        if asked["sampler_id"] is None:
            checkpoint = self._save(run, asked, SAMPLER)
            answer = json_answer({"path": checkpoint.path, "type": kind})
            self._finish(run, request, answer, checkpoint=checkpoint)
            return
        file, _ = self._store.files.write(self.adapter(run).tensors(with_optimizer=False))
        sampler = Sampler(
            id=asked["sampler_id"],
            tenant=run.tenant,
            session_id=run.session_id,
            base=run.base,
            lora=run.lora,
            file=file,
            model_path=None,
        )
        answer = json_answer({"path": None, "sampling_session_id": sampler.id, "type": kind})
        live = run.id if asked["is_live"] else None
        with self._store.database.transaction():
            self._store.samplers.create(sampler, live_run_id=live)
            old = self._store.samplers.move_live(run.id, file) if live else []
            self._finish(run, request, answer)
        for name in old:
            self._memory.forget(name)

    # --- parts of them

    def _pass(self, run: Run, request: Request, adapter: Adapter, *, backward: bool) -> PassResult:
        base = self._bases.get(run.base)
        asked = read_pass(request.payload)
        loss = loss_named(asked.loss)
        settings = loss.settings(asked.config)
        data = asked.data()
        examples = checked_examples(data, loss, vocabulary=base.vocabulary, context=base.context)
        try:
            return run_pass(base, adapter, examples, loss, settings, backward=backward)
        except RequestFailed:
            # Some gradients of it may be in already; the next request reads the adapter again.
            self._memory.forget(run.id)
            raise

    def _save(self, run: Run, asked: dict[str, object], kind: str) -> Checkpoint:
        path = TinkerPath(run.id, kind, str(asked["name"]))
        found = self._store.checkpoints.find(run.tenant, str(path))
        if found is not None and not asked["overwrite"]:
            raise RequestFailed(f"{path} exists already; pass overwrite to replace it.")
        adapter = self.adapter(run)
        with_optimizer = kind == TRAINING
        file, size = self._store.files.write(adapter.tensors(with_optimizer=with_optimizer))
        now = time.time()
        ttl, metadata = asked["ttl_seconds"], asked["metadata"]
        return Checkpoint(
            path=str(path),
            tenant=run.tenant,
            run_id=run.id,
            kind=kind,
            name=path.name,
            base=run.base,
            lora=run.lora,
            step=adapter.step,
            file=file,
            size=size,
            has_optimizer=with_optimizer,
            metadata=metadata if isinstance(metadata, dict) else None,
            created_at=now,
            expires_at=now + ttl if isinstance(ttl, int) else None,
        )

    @staticmethod
    def _check_fits(run: Run, checkpoint: Checkpoint) -> None:
        ours, theirs = run.lora.as_dict() | {"seed": 0}, checkpoint.lora.as_dict() | {"seed": 0}
        if run.base != checkpoint.base or ours != theirs:
            raise RequestFailed("This checkpoint is of another base model or adapter shape.")

    def _stored(self, adapter: Adapter) -> _State:
        file, _ = self._store.files.write(adapter.tensors(with_optimizer=True))
        return _State(file, adapter.step)

    # --- outcomes

    def _finish(
        self,
        run: Run,
        request: Request,
        answer: Answer,
        *,
        state: _State | None = None,
        checkpoint: Checkpoint | None = None,
        keep_payload: bool = False,
    ) -> None:
        old: list[str | None] = []
        with self._store.database.transaction():
            self._store.requests.finish(request, answer, keep_payload=keep_payload)
            self._store.runs.applied(run.id, request.seq)
            if state is not None:
                self._store.runs.stored(run.id, seq=request.seq, step=state.step, file=state.file)
                old.append(run.file)
            if checkpoint is not None:
                old.append(self._store.checkpoints.save(checkpoint))
        self._store.remove_unused(*old)

    def _fail(
        self, run: Run, request: Request, exc: RequestFailed, *, state: _State | None = None
    ) -> None:
        with self._store.database.transaction():
            self._store.requests.fail(request, exc.message, exc.category)
            self._store.runs.applied(run.id, request.seq)
            if state is not None:
                self._store.runs.stored(run.id, seq=request.seq, step=state.step, file=state.file)
