from celery import shared_task

from apps.demo import services
from apps.jobs.handlers import JobRun, handles


@handles(services.LOAD_KIND)
def load(run: JobRun) -> None:
    services.demo_load(run=run)


@shared_task(name="demo.sweep_canaries")
def sweep_canaries() -> None:
    services.canaries_sweep()
