from celery import shared_task

from apps.usage import services


@shared_task(name="usage.sweep")
def sweep() -> None:
    services.usage_sweep()
