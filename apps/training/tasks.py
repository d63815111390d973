"""Job handlers: open the trainer, call one service."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from uuid import UUID

from celery import shared_task

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.types import Sampler
from apps.jobs.handlers import JobRun, handles
from apps.training import services
from apps.training.connecting import trainer_get
from apps.training.recipe import Recipe
from apps.training.selectors.jobs import job_get
from apps.training.services.advancing import Tools, job_advance
from apps.training.services.gathering import gather
from apps.training.services.rollouts import ROLLOUT_KIND, rollout_run
from apps.training.teachers import teacher_open
from apps.training.teaching import Teacher


@handles(services.ADVANCE_KIND)
def advance(run: JobRun) -> None:
    # The SDK takes a second to load, and only this needs it.
    from apps.integrations.tinker.client import open_training

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
        open_training=partial(open_training, connection), open_teacher=open_teacher, gather=gather
    )
    job_advance(run=run, job_id=job_id, tools=tools)


@shared_task(name="training.sweep_jobs")
def sweep_jobs() -> None:
    services.jobs_sweep()


@handles(ROLLOUT_KIND)
def play_rollout(run: JobRun) -> None:
    @contextmanager
    def open_sampler(upstream_id: UUID, base_model: str, path: str) -> Iterator[Sampler]:
        # The SDK takes a second to load, and only this needs it.
        from apps.integrations.tinker import client

        connection = trainer_get(tenant_id=run.tenant_id, upstream_id=upstream_id)
        with client.open_sampler(connection, base_model=base_model, path=path) as sampler:
            yield sampler

    rollout_run(run=run, rollout_id=UUID(run.payload["rollout_id"]), open_sampler=open_sampler)
