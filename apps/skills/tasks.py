from celery import shared_task

from apps.jobs.handlers import JobRun, handles
from apps.skills import services


@handles(services.EMBED_KIND)
def make_vectors(run: JobRun) -> None:
    services.vectors_make(run=run)


@shared_task(name="skills.sweep_vectors")
def sweep_vectors() -> None:
    services.vectors_sweep()


@shared_task(name="skills.sweep_standings")
def sweep_standings() -> None:
    services.standings_sweep()
