from celery import shared_task

from apps.core.clock import now
from apps.jobs.handlers import JobRun, handles
from apps.training.calendars import calendar_opened
from apps.training.services import calendars, windows


@shared_task(name="training.sweep_windows")
def sweep_windows() -> None:
    windows.windows_sweep()
    calendars.calendars_sweep(at=now())


@handles(calendars.FETCH_KIND)
def fetch_calendar(run: JobRun) -> None:
    calendars.calendar_fetch(run=run, opened=calendar_opened)
