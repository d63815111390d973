import logging.config
import os

from celery import Celery
from celery.signals import setup_logging, worker_process_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")

app = Celery("metaclaw")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@setup_logging.connect
def keep_our_logging(loglevel: int, **_: object) -> None:
    """Without a receiver Celery puts up handlers of its own, which know nothing of our rules."""
    from django.conf import settings

    logging.config.dictConfig(settings.LOGGING)
    logging.getLogger("celery").setLevel(loglevel)


@worker_process_shutdown.connect
def send_the_last_spans(**_: object) -> None:
    from apps.core import tracing

    tracing.stop()
