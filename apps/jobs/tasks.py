from uuid import UUID

from celery import shared_task

from apps.jobs import runner, services


@shared_task(name=services.RUN_JOB_TASK)
def run_job(*, tenant_id: str, job_id: str) -> None:
    runner.job_run(tenant_id=UUID(tenant_id), job_id=UUID(job_id))


@shared_task(name="jobs.sweep")
def sweep() -> None:
    runner.jobs_sweep()


@shared_task(name="jobs.prune")
def prune() -> None:
    runner.jobs_prune()
