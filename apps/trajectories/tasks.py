from celery import shared_task

from apps.jobs.handlers import JobRun, handles
from apps.trajectories import services


@handles(services.INDEX_KIND)
def index_texts(run: JobRun) -> None:
    services.texts_index(run=run)


@handles(services.MEANING_KIND)
def make_vectors(run: JobRun) -> None:
    services.turn_vectors_make(run=run)


@shared_task(name="trajectories.sweep_sessions")
def sweep_sessions() -> None:
    services.sessions_close_idle()


@shared_task(name="trajectories.sweep_turns")
def sweep_turns() -> None:
    services.turns_sweep()


@shared_task(name="trajectories.sweep_search")
def sweep_search() -> None:
    services.search_sweep()
