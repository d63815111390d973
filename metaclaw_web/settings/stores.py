"""Postgres, which is the truth, and Redis, which rings bells, with Celery on it. A part of ``base``."""

from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from metaclaw_web.env import env_url
from metaclaw_web.settings.schedule import SWEEPS


def database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": parts.port or 5432,
        # One connection per thread, checked before use: after a restart the first query works.
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "connect_timeout": 2,
            "options": "-c statement_timeout=30s -c idle_in_transaction_session_timeout=60s",
            **dict(parse_qsl(parts.query)),
        },
    }


_DATABASE_EXAMPLE = "postgres://mc_app:password@127.0.0.1:5432/metaclaw"
_POSTGRES = ("postgres", "postgresql")
DATABASE_URL = env_url("DATABASE_URL", schemes=_POSTGRES, example=_DATABASE_EXAMPLE)
# Migrations run as the owner of the tables, everything else as a role under the walls.
OWNER_DATABASE_URL = env_url("METACLAW_OWNER_DATABASE_URL", DATABASE_URL, schemes=_POSTGRES)
DATABASES = {"default": database(DATABASE_URL)}

# Redis ------------------------------------------------------------------------------------

REDIS_URL = env_url(
    "REDIS_URL", schemes=("redis", "rediss", "unix"), example="redis://127.0.0.1:6379/0"
)
# Redis only rings bells: nothing may wait for it longer than this.
REDIS_TIMEOUT_SECONDS = 0.3

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {
            "hosts": [{"address": REDIS_URL, "socket_connect_timeout": 1}],
            "prefix": "metaclaw",
        },
    }
}

# Counted for all console processes: tries to sign in, codes that were used.
CACHES = {
    "default": {
        "BACKEND": "apps.core.shared_cache.SharedCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "cache",
        "OPTIONS": {
            "socket_timeout": REDIS_TIMEOUT_SECONDS,
            "socket_connect_timeout": REDIS_TIMEOUT_SECONDS,
        },
    }
}

# Celery -----------------------------------------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_TASK_DEFAULT_QUEUE = "fast"
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_ACKS_ON_FAILURE_OR_TIMEOUT = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 210
CELERY_TASK_PUBLISH_RETRY = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 5
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    # Longer than twice the longest task, or a running task is delivered again.
    "visibility_timeout": 600,
    # kombu's defaults look for lost messages every 100 s only.
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 1,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
# Job rows are the truth; a lost bell costs at most one period of the first sweep.
CELERY_BEAT_SCHEDULE = SWEEPS
