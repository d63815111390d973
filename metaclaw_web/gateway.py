"""The gateway's own process: ``python -m metaclaw_web.gateway``.

With more than one worker a parent holds the port and the workers share it. On SIGHUP the parent
replaces them one after another, each new one serving before the old one goes: no connection is
refused meanwhile.
"""

import atexit
import logging
import os
import shutil
import sys
import tempfile
from typing import TYPE_CHECKING

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")

import django
from django.conf import settings

from metaclaw_web import collecting
from metaclaw_web.env import BadSetting, hand_down

if TYPE_CHECKING:
    from apps.proxy.gateway.app import Gateway

_GRACE_SECONDS = 5
_READY_SECONDS = 30


def _make() -> "Gateway":
    django.setup()
    from apps.proxy.gateway.app import Gateway

    made = Gateway()
    collecting.settle()
    return made


class _NotOurBug(logging.Filter):
    """The gateway leaves a cut stream unfinished on purpose; the server need not complain."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "without completing response" not in record.getMessage()


def main() -> None:
    import uvicorn

    logging.getLogger("uvicorn.error").addFilter(_NotOurBug())
    if settings.METACLAW_GATEWAY_WORKERS > 1:
        # Where the workers put their figures together.
        shared = tempfile.mkdtemp(prefix="metaclaw-metrics-")
        atexit.register(shutil.rmtree, shared, ignore_errors=True)
        hand_down("PROMETHEUS_MULTIPROC_DIR", shared)
    uvicorn.run(
        "metaclaw_web.gateway:application",
        host=settings.METACLAW_GATEWAY_HOST,
        port=settings.METACLAW_GATEWAY_PORT,
        workers=settings.METACLAW_GATEWAY_WORKERS,
        loop="uvloop",
        http="apps.proxy.gateway.strict_http:StrictHttp",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        # Nobody here asks who the caller's address is.
        proxy_headers=False,
        # The gateway ends what does not end by itself; this is for what even that does not end.
        timeout_graceful_shutdown=settings.METACLAW_DRAIN_SECONDS + _GRACE_SECONDS,
        timeout_worker_healthcheck=_READY_SECONDS,
        timeout_keep_alive=75,
        backlog=2048,
    )


try:
    if __name__ == "__main__":
        main()
    elif __name__ == "metaclaw_web.gateway":
        application = _make()
except BadSetting as exc:
    sys.exit(f"metaclaw: {exc}")
