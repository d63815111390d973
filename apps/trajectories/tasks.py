from celery import shared_task

from apps.trajectories import services


@shared_task(name="trajectories.sweep_sessions")
def sweep_sessions() -> None:
    services.sessions_close_idle()


@shared_task(name="trajectories.sweep_turns")
def sweep_turns() -> None:
    services.turns_sweep()
