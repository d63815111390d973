from celery import shared_task

from apps.demo import selectors, services
from apps.evolution.services import canaries_sweep
from apps.jobs.handlers import JobRun, handles


@handles(services.LOAD_KIND)
def load(run: JobRun) -> None:
    services.demo_load(run=run)


@shared_task(name="demo.sweep_canaries")
def sweep_canaries() -> None:
    """Have canaries looked at that run on in demos: people send requests there, and start some.

    Not before the story is told: it looks itself, and what a sweep decides is dated today.
    """
    canaries_sweep(demos=selectors.told_ids())
