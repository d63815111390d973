"""Job handlers: open the trainer, call one service."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any
from uuid import UUID

from celery import shared_task

from apps.core.clock import now
from apps.core.errors import UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.integrations.llm.client import OpenAiChat
from apps.integrations.tinker.errors import TrainerFailed
from apps.integrations.tinker.types import Sampler
from apps.jobs.handlers import JobRun, handles
from apps.training import services
from apps.training.calendars import calendar_opened
from apps.training.checkers import answer_check
from apps.training.connecting import client_for, trainer_get
from apps.training.errors import CheckerFailed
from apps.training.recipe import Recipe
from apps.training.selectors.checkpoints import gate_get
from apps.training.selectors.jobs import job_get
from apps.training.services import calendars, checkpoints, windows
from apps.training.services.advancing import Tools, job_advance
from apps.training.services.gathering import gather
from apps.training.services.rollouts import ROLLOUT_KIND, rollout_run, rollouts_sweep
from apps.training.teachers import teacher_open
from apps.training.teaching import Teacher
from apps.upstreams.asking import llm_connection
from apps.upstreams.selectors import connection_find


@handles(services.ADVANCE_KIND)
def advance(run: JobRun) -> None:
    job_id = UUID(run.payload["job_id"])
    with tenant_tx(run.tenant_id):
        job = job_get(tenant_id=run.tenant_id, job_id=job_id)
        upstream_id = job.policy.upstream_id
    connection = trainer_get(tenant_id=run.tenant_id, upstream_id=upstream_id)

    def open_teacher(recipe: Recipe, opened: ExitStack) -> Teacher | None:
        return teacher_open(
            tenant_id=run.tenant_id, recipe=recipe, connection=connection, opened=opened
        )

    tools = Tools(
        open_training=partial(client_for(connection).open_training, connection),
        open_teacher=open_teacher,
        gather=gather,
    )
    job_advance(run=run, job_id=job_id, tools=tools)


@shared_task(name="training.sweep_jobs")
def sweep_jobs() -> None:
    services.jobs_sweep()


@shared_task(name="training.sweep_windows")
def sweep_windows() -> None:
    windows.windows_sweep()
    calendars.calendars_sweep(at=now())


@handles(calendars.FETCH_KIND)
def fetch_calendar(run: JobRun) -> None:
    calendars.calendar_fetch(run=run, opened=calendar_opened)


@handles(checkpoints.GATE_KIND)
def gate(run: JobRun) -> None:
    gate_id = UUID(run.payload["gate_id"])
    with tenant_tx(run.tenant_id):
        checkpoint = gate_get(tenant_id=run.tenant_id, gate_id=gate_id).checkpoint
        judge = connection_find(tenant_id=run.tenant_id, use="judge")
    policy = checkpoint.policy
    connection = trainer_get(tenant_id=run.tenant_id, upstream_id=policy.upstream_id)
    mark: checkpoints.Mark = checkpoints.unmarked
    is_simulated = is_free = False
    if judge is not None and judge.model:
        is_simulated, is_free = judge.is_simulated, judge.is_free
        mark = checkpoints.mark_by_judge(
            OpenAiChat(llm_connection(judge)), is_simulated=is_simulated
        )
    try:
        checkpoints.gate_run(
            run=run,
            gate_id=gate_id,
            open_sampler=lambda path: client_for(connection).open_sampler(
                connection, base_model=checkpoint.base_model, path=path
            ),
            mark=checkpoints.mark_by_task(mark, _checked),
            is_simulated=is_simulated,
            is_free=is_free,
        )
    except UpstreamFailed as exc:
        if isinstance(exc, TrainerFailed) and exc.reason == "gone":
            # One of the two is not there any more: find out which.
            checkpoints.checkpoints_check_later(tenant_id=run.tenant_id, policy_id=policy.id)
        if exc.permanent:
            checkpoints.gate_fail(
                tenant_id=run.tenant_id, gate_id=gate_id, reason="provider", note=exc.detail
            )
        raise


def _checked(checker: Mapping[str, Any], answer: str) -> checkpoints.Marked:
    """What a task's own checker says; one that would run a command runs none here."""
    try:
        found = answer_check(checker, answer, None)
    except CheckerFailed as exc:
        return checkpoints.Marked(None, exc.detail)
    return checkpoints.Marked(found.reward, found.why)


@handles(checkpoints.TRIAL_KIND)
def look_at_trial(run: JobRun) -> None:
    checkpoints.trial_look(run=run, trial_id=UUID(run.payload["trial_id"]))


@handles(checkpoints.CHECK_KIND)
def check_checkpoints(run: JobRun) -> None:
    checkpoints.checkpoints_check(run=run, policy_id=UUID(run.payload["policy_id"]))


@handles(checkpoints.DELETE_KIND)
def delete_checkpoint(run: JobRun) -> None:
    checkpoints.checkpoint_let_go(run=run, checkpoint_id=UUID(run.payload["checkpoint_id"]))


@shared_task(name="training.sweep_trials")
def sweep_trials() -> None:
    checkpoints.trials_sweep()


@shared_task(name="training.sweep_gates")
def sweep_gates() -> None:
    checkpoints.gates_sweep()


@shared_task(name="training.sweep_checkpoints")
def sweep_checkpoints() -> None:
    checkpoints.checkpoints_sweep()


@shared_task(name="training.sweep_rollouts")
def sweep_rollouts() -> None:
    rollouts_sweep()


@handles(ROLLOUT_KIND)
def play_rollout(run: JobRun) -> None:
    @contextmanager
    def open_sampler(upstream_id: UUID, base_model: str, path: str) -> Iterator[Sampler]:
        connection = trainer_get(tenant_id=run.tenant_id, upstream_id=upstream_id)
        client = client_for(connection)
        with client.open_sampler(connection, base_model=base_model, path=path) as sampler:
            yield sampler

    rollout_run(run=run, rollout_id=UUID(run.payload["rollout_id"]), open_sampler=open_sampler)
