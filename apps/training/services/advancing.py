"""Moving a job: one step after the other, each on record before and after it is taken.

A worker may die anywhere. What it leaves behind is a step that was sent and not confirmed; the
next worker loads the last state that was stored and sends the same batch again. Whatever the
trainer did in between belongs to weights that nobody loads any more, so that the planned number
of steps is what the final weights have behind them, and no sample counts twice.
"""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID

from django.conf import settings
from django.db.models import F, QuerySet

from apps.core.clock import now
from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.types import Training
from apps.jobs.handlers import JobRun
from apps.live.events import Changed, publish_on_commit
from apps.tenants.types import SYSTEM
from apps.training.errors import BudgetReached, JudgeLate, NothingToTrainOn, TeacherUnfit
from apps.training.models import Batch, TrainingJob, TrainingStep
from apps.training.recipe import Recipe
from apps.training.selectors.jobs import job_get, step_last
from apps.training.selectors.windows import verdict
from apps.training.services.budgets import budget_reserve
from apps.training.services.checkpoints import gate_start
from apps.training.services.gathering import Gather
from apps.training.services.jobs import STATE_TTL
from apps.training.services.making import checkpoint_make
from apps.training.services.standing import Stop, job_again, job_move, job_stand, job_trouble
from apps.training.services.stepping import Lessons, lessons_of, step_take
from apps.training.teaching import Teacher

Status = TrainingJob.Status


class Opening(Protocol):
    """Opens the trainer of a job. ``state_path``: empty for a new adapter."""

    def __call__(
        self, *, base_model: str, rank: int, state_path: str
    ) -> AbstractContextManager[Training]: ...


@dataclass(frozen=True, slots=True)
class Tools:
    """What a job is done with: the outside world, as arguments."""

    open_training: Opening
    # None: the job has no teacher. Opened with the job, closed with it.
    open_teacher: Callable[[Recipe, ExitStack], Teacher | None]
    gather: Gather


def job_advance(*, run: JobRun, job_id: UUID, tools: Tools) -> None:
    """Take steps until the job is done, has to wait, or its time slice is over.

    Safe to repeat and to kill. Goes on in a job of its own when the slice is over, so that
    workspaces take turns.
    """
    try:
        job = _begin(run, job_id)
        if job is None:
            return
        with ExitStack() as opened:
            _advance(run, job, tools, opened)
    except Stop as stop:
        job_stand(run, job_id, stop)
    except BudgetReached as exc:
        job_stand(run, job_id, Stop(Status.PAUSED, "budget", exc.detail))
    except NothingToTrainOn as exc:
        job_stand(run, job_id, Stop(Status.PAUSED, "no_samples", exc.detail))
    except TeacherUnfit as exc:
        job_stand(run, job_id, Stop(Status.FAILED, "teacher", exc.detail))
    except (JudgeLate, TrainerFailed) as exc:
        job_trouble(run, job_id, exc)


def _begin(run: JobRun, job_id: UUID) -> TrainingJob | None:
    with run.effect():
        job = job_get(tenant_id=run.tenant_id, job_id=job_id)
        if job.status in TrainingJob.ENDED or job.status == Status.GATING:
            return None
        _check_wishes(job)
        if job.status != Status.RUNNING:
            job_move(job, Status.RUNNING, started_at=job.started_at or now())
        return job


def _advance(run: JobRun, job: TrainingJob, tools: Tools, opened: ExitStack) -> None:
    recipe = Recipe.read(job.settings)
    until = time.monotonic() + settings.METACLAW_TRAINING_SLICE_SECONDS
    with tenant_tx(run.tenant_id):
        path = _state_before(job)
    training = opened.enter_context(
        tools.open_training(base_model=recipe.base_model, rank=recipe.rank, state_path=path)
    )
    teacher = tools.open_teacher(recipe, opened)
    while True:
        step = _plan(run, job, path)
        if step is None:
            break
        try:
            lessons = _lessons(run, job, step, recipe, training, tools)
        except NothingToTrainOn as exc:
            # What is all answered alike will not be answered differently later.
            if not recipe.is_played or step.number == 1:
                raise
            _finish(run, job, training, steps=step.number - 1, why=exc.detail)
            return
        _send(run, step, recipe, lessons)
        figures = step_take(training=training, lessons=lessons, recipe=recipe, teacher=teacher)
        stored = _store(training, _name(job, step.number))
        path = stored.state
        _confirm(run, job, step, stored, figures)
        if time.monotonic() >= until and step.number < job.planned_steps:
            _go_on_later(run, job)
            return
    _finish(run, job, training, steps=job.planned_steps)


@dataclass(frozen=True, slots=True)
class _Stored:
    """Paths at the trainer: to go on from, and to sample with."""

    state: str
    sampler: str


def _store(training: Training, name: str) -> _Stored:
    seconds = int(STATE_TTL.total_seconds())
    state = training.save_state(name, ttl_seconds=seconds)
    return _Stored(state, training.save_sampler(name, ttl_seconds=seconds))


def _plan(run: JobRun, job: TrainingJob, path: str) -> TrainingStep | None:
    """The next step that is not confirmed; None: all of them are."""
    with run.effect():
        fresh = job_get(tenant_id=run.tenant_id, job_id=job.id)
        last = step_last(tenant_id=run.tenant_id, job_id=job.id)
        number = last.number + 1 if last else 1
        if number > job.planned_steps:
            return None
        _check_wishes(fresh)
        step, _ = TrainingStep.objects.for_tenant(run.tenant_id).get_or_create(
            tenant_id=run.tenant_id, job=job, number=number, defaults={"from_path": path}
        )
        return step


def _check_wishes(job: TrainingJob) -> None:
    """Raise Stop where somebody, or the window, wants the job to stand still."""
    if job.wants_cancel:
        raise Stop(Status.CANCELLED)
    if job.wants_pause:
        raise Stop(Status.PAUSED, "by_hand", say("job_paused_by_hand", "Paused by a person."))
    if job.is_now:
        return
    found = verdict(tenant_id=job.tenant_id, at=now())
    if not found.is_open:
        began = job.started_at is not None
        status = Status.PAUSED if began else Status.WAITING_WINDOW
        raise Stop(status, found.code, found.sentence)


def _lessons(
    run: JobRun,
    job: TrainingJob,
    step: TrainingStep,
    recipe: Recipe,
    training: Training,
    tools: Tools,
) -> Lessons:
    """The step's batch; formed now unless it was before."""
    if step.batch_id is None:
        step.batch_id = tools.gather(run=run, job=job, step=step, recipe=recipe, training=training)
    with tenant_tx(run.tenant_id):
        batch = Batch.objects.for_tenant(run.tenant_id).get(id=step.batch_id)
        return lessons_of(tenant_id=run.tenant_id, batch=batch)


def _send(run: JobRun, step: TrainingStep, recipe: Recipe, lessons: Lessons) -> None:
    tokens = lessons.tokens
    cost = recipe.cost(tokens)
    with run.effect():
        budget_reserve(tenant_id=run.tenant_id, tokens=tokens, micros=cost)
        _steps(run).filter(id=step.id).update(
            status=TrainingStep.Status.SENT,
            sends=F("sends") + 1,
            tokens=tokens,
            cost_micros=cost,
            sent_at=now(),
        )


def _confirm(
    run: JobRun, job: TrainingJob, step: TrainingStep, stored: _Stored, figures: dict[str, float]
) -> None:
    with run.effect():
        _steps(run).filter(id=step.id).update(
            status=TrainingStep.Status.CONFIRMED,
            state_path=stored.state,
            sampler_path=stored.sampler,
            metrics=figures,
            confirmed_at=now(),
        )
        # Whatever was wrong is over.
        TrainingJob.objects.for_tenant(run.tenant_id).filter(id=job.id).update(
            reason="", note="", trouble_since=None, tries=0
        )
        publish_on_commit(run.tenant_id, Changed("training.job", str(job.id), "stepped"))


def _finish(
    run: JobRun, job: TrainingJob, training: Training, *, steps: int, why: str = ""
) -> None:
    """So many steps are confirmed and no more will be: keep the weights for good, and have them
    tried."""
    name = f"{_name(job, steps)}-final"
    state_path, sampler_path = training.save_state(name), training.save_sampler(name)
    early = say(
        "job_ended_early",
        "Ended after {steps} of {planned} steps.",
        steps=steps,
        planned=job.planned_steps,
    )
    with run.effect():
        checkpoint = checkpoint_make(
            job=job, steps=steps, state_path=state_path, sampler_path=sampler_path
        )
        _steps(run).filter(job=job, number__gt=steps).delete()
        made = say("job_made", "Made checkpoint {step}.", step=checkpoint.step)
        note = together(made, early, why) if why else made
        job_move(job, Status.GATING, reason="", note=note)
        # Goes on by itself when the gate has decided, or could not be held.
        gate_start(tenant_id=run.tenant_id, actor=SYSTEM, checkpoint_id=checkpoint.id)


def _go_on_later(run: JobRun, job: TrainingJob) -> None:
    with run.effect():
        job_again(run, job, after=timedelta())


def _state_before(job: TrainingJob) -> str:
    last = step_last(tenant_id=job.tenant_id, job_id=job.id)
    if last is not None:
        return last.state_path
    return job.start.state_path if job.start_id and job.start else ""


def _steps(run: JobRun) -> QuerySet[TrainingStep]:
    return TrainingStep.objects.for_tenant(run.tenant_id)


def _name(job: TrainingJob, step: int) -> str:
    """Of a stored state: the same when it is stored again."""
    return f"job-{job.id.hex[:12]}-step-{step}"
