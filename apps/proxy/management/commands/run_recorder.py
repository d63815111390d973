import signal
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.proxy.recorder.loop import Recorder


class Command(BaseCommand):
    help = "Follow the gateway's spool and store its turns."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        Recorder(settings.METACLAW_SPOOL_DIR).run(stopped.is_set)
