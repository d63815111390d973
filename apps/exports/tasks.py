from uuid import UUID

from celery import shared_task

from apps.exports import services
from apps.jobs.handlers import JobRun, handles


@handles(services.EXPORT_KIND)
def export(run: JobRun) -> None:
    services.export_run(run=run, export_id=UUID(run.payload["export_id"]))


@handles(services.DELETE_KIND)
def delete_workspace(run: JobRun) -> None:
    services.workspace_delete(run=run)


@shared_task(name="exports.sweep")
def sweep() -> None:
    services.exports_sweep()
    services.deletions_sweep()
