"""The gateway's own process: ``python -m metaclaw_web.gateway``."""

import gc
import logging
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "metaclaw_web.settings.dev")

import django

from metaclaw_web.env import BadSetting

try:
    django.setup()
except BadSetting as exc:
    sys.exit(f"metaclaw: {exc}")

from django.conf import settings

from apps.proxy.gateway.app import Gateway

application = Gateway()

# What is loaded by now stays for the life of the process: looking through it again and again
# for garbage is a seventh of the gateway's work.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)


class _NotOurBug(logging.Filter):
    """The gateway leaves a cut stream unfinished on purpose; the server need not complain."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "without completing response" not in record.getMessage()


def main() -> None:
    import uvicorn

    logging.getLogger("uvicorn.error").addFilter(_NotOurBug())
    uvicorn.run(
        "metaclaw_web.gateway:application",
        host=settings.METACLAW_GATEWAY_HOST,
        port=settings.METACLAW_GATEWAY_PORT,
        workers=settings.METACLAW_GATEWAY_WORKERS,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        access_log=False,
        log_config=None,
        server_header=False,
        # Nobody here asks who the caller's address is.
        proxy_headers=False,
        # uvicorn waits for ever by default.
        timeout_graceful_shutdown=30,
        timeout_keep_alive=75,
        backlog=2048,
    )


if __name__ == "__main__":
    main()
