"""Doing a gate. Every prompt is stored when it is done: a worker that dies loses those in hand,
and whoever takes over goes on behind the last one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import F

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import CannotRender
from apps.integrations.tinker.types import Sampler, SamplingWish
from apps.jobs.handlers import JobRun
from apps.training.models import Gate, GateCase
from apps.training.plain import NotFaithful
from apps.training.selectors import checkpoints as selectors
from apps.training.services.checkpoints.asking import Asked, Mark, OpenSampler, ask
from apps.training.services.checkpoints.gates import gate_end
from apps.training.services.checkpoints.prompts import Prompt, prompt_of
from apps.training.services.checkpoints.rows import announce
from apps.training.services.checkpoints.verdict import finding
from apps.trajectories.services.judging import verdict_priced
from apps.trajectories.types import Verdict

# Prompts that are asked and judged at the same time.
_AT_ONCE = 4
_NO_MARK = "Nobody could say what its answers are worth."

# What to ask, or why it cannot be asked.
_Ready = tuple[GateCase, Prompt | str]


def gate_run(
    *,
    run: JobRun,
    gate_id: UUID,
    open_sampler: OpenSampler,
    mark: Mark,
    is_simulated: bool = False,
    is_free: bool = False,
) -> None:
    """Do what is left of a gate. Safe to run again. ``is_free``: nobody pays the judge.

    Raises TrainerFailed and UpstreamFailed.
    """
    with tenant_tx(run.tenant_id):
        gate = selectors.gate_get(tenant_id=run.tenant_id, gate_id=gate_id)
        waiting = selectors.cases_waiting(gate=gate)
    if gate.status != Gate.Status.RUNNING:
        return
    if waiting:
        with (
            open_sampler(gate.checkpoint.sampler_path) as candidate,
            _baseline(gate, open_sampler) as baseline,
        ):
            for ready in _in_turn(gate, waiting):
                done = _asked(gate, ready, candidate, baseline, mark)
                if not _store(run, gate, done, is_free=is_free or is_simulated):
                    return
    with run.effect():
        cases = list(GateCase.objects.for_tenant(run.tenant_id).filter(gate=gate))
        Gate.objects.for_tenant(run.tenant_id).filter(id=gate.id).update(is_simulated=is_simulated)
        gate_end(gate, finding(cases, margin=gate.margin))


def _baseline(gate: Gate, open_sampler: OpenSampler) -> AbstractContextManager[Sampler | None]:
    """Nobody has to be asked what was answered already."""
    if gate.stage == Gate.Stage.SHADOW:
        return nullcontext()
    return open_sampler(gate.baseline_path)


def _in_turn(gate: Gate, waiting: list[GateCase]) -> Iterator[list[_Ready]]:
    for at in range(0, len(waiting), _AT_ONCE):
        with tenant_tx(gate.tenant_id):
            ready = [(case, _prompt(gate, case)) for case in waiting[at : at + _AT_ONCE]]
        yield ready


def _prompt(gate: Gate, case: GateCase) -> Prompt | str:
    try:
        return prompt_of(case, gate.checkpoint.policy)
    except NotFaithful as exc:
        return str(exc)


def _asked(
    gate: Gate, ready: list[_Ready], candidate: Sampler, baseline: Sampler | None, mark: Mark
) -> list[tuple[GateCase, Asked | str]]:
    policy = gate.checkpoint.policy

    def one(case: GateCase, prompt: Prompt | str) -> Asked | str:
        if isinstance(prompt, str):
            return prompt
        seed = case.id.int % 2**31
        wish = SamplingWish(policy.max_tokens, temperature=policy.temperature, seed=seed)
        try:
            return ask(
                prompt, seed=seed, wish=wish, candidate=candidate, baseline=baseline, mark=mark
            )
        except CannotRender as exc:
            return exc.detail

    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        found = list(pool.map(lambda pair: one(*pair), ready))
    return [(case, asked) for (case, _), asked in zip(ready, found, strict=True)]


def _store(
    run: JobRun, gate: Gate, done: list[tuple[GateCase, Asked | str]], *, is_free: bool
) -> bool:
    """False if the gate is over: somebody passed the checkpoint by hand."""
    with run.effect():
        rows = Gate.objects.for_tenant(run.tenant_id).filter(id=gate.id)
        if not rows.filter(status=Gate.Status.RUNNING).exists():
            return False
        for case, asked in done:
            GateCase.objects.for_tenant(run.tenant_id).filter(id=case.id).update(**_fields(asked))
        verdicts = [
            one for _, asked in done if not isinstance(asked, str) for one in asked.verdicts
        ]
        tokens = sum(one.input_tokens + one.output_tokens for one in verdicts)
        micros = _micros(run.tenant_id, verdicts, is_free=is_free)
        rows.update(
            judge_tokens=F("judge_tokens") + tokens,
            # What one part cost is not known: then neither is the whole.
            cost_micros=None if micros is None else F("cost_micros") + micros,
        )
        announce(gate.checkpoint)
    return True


def _micros(tenant_id: UUID, verdicts: list[Verdict], *, is_free: bool) -> int | None:
    priced = [
        verdict_priced(tenant_id=tenant_id, verdict=one, is_free=is_free).cost_micros
        for one in verdicts
    ]
    return None if None in priced else sum(filter(None, priced))


def _fields(asked: Asked | str) -> dict[str, Any]:
    if isinstance(asked, str):
        return {"status": GateCase.Status.SKIPPED, "reason": asked}
    sides = {
        "baseline": [asdict(one) for one in asked.baseline],
        "candidate": [asdict(one) for one in asked.candidate],
    }
    if not asked.is_judged:
        why = next((one.why for one in (*asked.candidate, *asked.baseline) if one.why), _NO_MARK)
        return {"status": GateCase.Status.SKIPPED, "reason": why, **sides}
    return {"status": GateCase.Status.DONE, **sides}
