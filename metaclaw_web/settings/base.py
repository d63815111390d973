"""Settings of every environment: complete and safe. The others change as little as possible.

Each variable is read here, once, through ``metaclaw_web.env``; ``.env.example`` lists them.
"""

import base64
import binascii
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from apps.upstreams.presets import KINDS
from metaclaw_web.env import (
    BadSetting,
    env_bool,
    env_choice,
    env_float,
    env_int,
    env_list,
    env_str,
    env_url,
    quiet_tinker_sdk,
    secret,
)
from metaclaw_web.settings.people import *  # noqa: F403
from metaclaw_web.settings.schedule import SWEEPS

BASE_DIR = Path(__file__).resolve().parents[2]
VAR_DIR = Path(env_str("METACLAW_VAR_DIR", str(BASE_DIR / "var")))

METACLAW_VERSION = "0.1.0"
DEBUG = False
SECRET_KEY = secret("METACLAW_SECRET_KEY")
ALLOWED_HOSTS = env_list("METACLAW_ALLOWED_HOSTS", ["127.0.0.1", "localhost", "[::1]"])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "channels",
    "rest_framework",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.headless",
    "allauth.usersessions",
    "apps.core",
    "apps.jobs",
    "apps.tenants",
    "apps.live",
    "apps.upstreams",
    "apps.usage",
    "apps.trajectories",
    "apps.skills",
    "apps.evolution",
    "apps.training",
    "apps.exports",
    "apps.proxy",
    "apps.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "apps.core.security_headers.SecurityHeadersMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    # What the framework says itself, of a field that is missing or of a password that is weak.
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "apps.tenants.sign_in.seen.SeenMiddleware",
]

ROOT_URLCONF = "metaclaw_web.urls"
ASGI_APPLICATION = "metaclaw_web.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]  # those of the console
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEST_RUNNER = "django.test.runner.DiscoverRunner"


# Database ----------------------------------------------------------------------------------


def _database(url: str) -> dict[str, Any]:
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
DATABASES = {"default": _database(DATABASE_URL)}

# Redis and Celery --------------------------------------------------------------------------

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

# Secrets -----------------------------------------------------------------------------------


def _master_key() -> bytes:
    try:
        key = base64.b64decode(secret("METACLAW_MASTER_KEY"), validate=True)
    except binascii.Error:
        raise BadSetting("METACLAW_MASTER_KEY", "is not base64.") from None
    if len(key) != 32:
        raise BadSetting("METACLAW_MASTER_KEY", f"has {len(key)} bytes, 32 are needed.")
    return key


METACLAW_KEY_PEPPER = secret("METACLAW_KEY_PEPPER").encode()
METACLAW_MASTER_KEY = _master_key()

# REST --------------------------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "apps.tenants.authentication.ApiKeyAuthentication",
        "apps.tenants.authentication.BrowserSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "apps.core.http.answer_error",
    "UNAUTHENTICATED_USER": None,
}
SPECTACULAR_SETTINGS = {
    # Several columns are called status, kind or state: each has a name of its own for clients.
    "ENUM_NAME_OVERRIDES": {
        "BackgroundJobStatusEnum": "apps.jobs.models.Job.Status",
        "TurnStatusEnum": "apps.trajectories.models.Turn.Status",
        "TurnKindEnum": "apps.trajectories.models.Turn.Kind",
        "ProposalStatusEnum": "apps.evolution.models.Proposal.Status",
        "ProposalKindEnum": "apps.evolution.models.Proposal.Kind",
        "CanaryStatusEnum": "apps.evolution.models.Canary.Status",
        "ReplayStatusEnum": "apps.evolution.models.Replay.Status",
        "AnnotationStateEnum": "apps.evolution.models.AnnotationItem.State",
        "TrainingJobStatusEnum": "apps.training.models.TrainingJob.Status",
        "TrainingJobTriggerEnum": "apps.training.models.TrainingJob.Trigger",
        "TrainingStepStatusEnum": "apps.training.models.TrainingStep.Status",
        "CheckpointStatusEnum": "apps.training.models.Checkpoint.Status",
        "GateStatusEnum": "apps.training.models.Gate.Status",
        "GateCaseStatusEnum": "apps.training.models.GateCase.Status",
        "RolloutStatusEnum": "apps.training.models.Rollout.Status",
        "RolloutEpisodeStatusEnum": "apps.training.models.RolloutEpisode.Status",
        "TrainingModeEnum": "apps.training.models.TrainingPolicy.Mode",
        "TrainingSourceEnum": "apps.training.models.TrainingPolicy.Source",
        "TrainingLossEnum": "apps.training.models.TrainingPolicy.Loss",
        "ModeEnum": "apps.tenants.models.Tenant.Mode",
        "SourceEnum": "apps.skills.models.Skill.Source",
        "SkillStatusEnum": "apps.skills.models.Skill.Status",
        "LinkedSkillStatusEnum": ["live", "retired", "missing"],
        "ReferenceTroubleEnum": ["missing", "retired", "not_for_all"],
        "ImportedTextOutcomeEnum": ["proposed", "unchanged", "known", "waiting"],
        "OutcomeEnum": ["passed", "failed", "neutral", "unscored", "error"],
        "ExportKindEnum": [
            ("turns", "Turns that meet some filters"),
            ("workspace", "Everything the workspace owns"),
        ],
        "ReplayVerdictEnum": [
            ("lift", "It helps"),
            ("no_lift", "No measurable lift"),
            ("harm", "It does harm"),
        ],
        "VerdictEnum": [(-1, -1), (0, 0), (1, 1)],
    },
    "TITLE": "MetaClaw Web",
    "DESCRIPTION": "Workspaces, turns, skills, proposals, keys and upstreams.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "SERVE_AUTHENTICATION": [],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_GENERATE_CHOICE_DESCRIPTION": False,
}

# Console -----------------------------------------------------------------------------------

STATIC_URL = "/static/"
CONSOLE_DIST = BASE_DIR / "frontend" / "dist"
STATICFILES_DIRS = [("console", CONSOLE_DIST)] if CONSOLE_DIST.is_dir() else []
# Served from where the build left them; nothing is collected into another place.
WHITENOISE_USE_FINDERS = True
_HASHED_NAME = re.compile(r"^.+[.-][0-9A-Za-z_-]{8}\..+$")


def WHITENOISE_IMMUTABLE_FILE_TEST(path: str, url: str) -> bool:
    """Vite puts a content hash into every file name but that of the page."""
    return bool(_HASHED_NAME.match(url))


DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

# Gateway -----------------------------------------------------------------------------------

METACLAW_GATEWAY_HOST = env_str("METACLAW_GATEWAY_HOST", "127.0.0.1")
METACLAW_GATEWAY_PORT = env_int("METACLAW_GATEWAY_PORT", 30000, least=1, most=65535)
METACLAW_GATEWAY_URL = env_url("METACLAW_GATEWAY_URL", f"http://127.0.0.1:{METACLAW_GATEWAY_PORT}")
METACLAW_GATEWAY_WORKERS = env_int("METACLAW_GATEWAY_WORKERS", 1, least=1, most=64)
METACLAW_CONSOLE_URL = env_url("METACLAW_CONSOLE_URL", "http://127.0.0.1:8000")
METACLAW_SPOOL_DIR = Path(env_str("METACLAW_SPOOL_DIR", str(VAR_DIR / "spool")))
METACLAW_SPOOL_MAX_BYTES = env_int("METACLAW_SPOOL_MAX_MB", 2048, least=1) * 1024 * 1024
METACLAW_MAX_BODY_BYTES = env_int("METACLAW_MAX_BODY_MB", 32, least=1, most=512) * 1024 * 1024
METACLAW_BODY_TIMEOUT_SECONDS = env_int("METACLAW_BODY_TIMEOUT_SECONDS", 30, least=1)
METACLAW_FIRST_BYTE_TIMEOUT_SECONDS = env_int("METACLAW_FIRST_BYTE_TIMEOUT_SECONDS", 300, least=1)
# Opens /metrics of the gateway to whoever sends it as a bearer token; without it there is none.
METACLAW_METRICS_TOKEN = env_str("METACLAW_METRICS_TOKEN", "")
# Where the workers of a gateway put their figures together; its parent hands it down.
METACLAW_METRICS_DIR = env_str("PROMETHEUS_MULTIPROC_DIR", "")
# So long a budget is held against what was known of it last, with nobody to ask.
METACLAW_MONEY_GRACE_SECONDS = env_int("METACLAW_MONEY_GRACE_SECONDS", 120, least=0)
# A gateway that is told to stop lets answers go on for so long; then it ends them.
METACLAW_DRAIN_SECONDS = env_int("METACLAW_DRAIN_SECONDS", 25, least=0)
METACLAW_IDLE_TIMEOUT_SECONDS = env_int("METACLAW_IDLE_TIMEOUT_SECONDS", 600, least=1)
# Off: only public addresses. The embedded default turns it on, for model servers next door.
METACLAW_ALLOW_PRIVATE_UPSTREAMS = env_bool("METACLAW_ALLOW_PRIVATE_UPSTREAMS", default=False)

# The provider of the first workspace; without it, the practice model.
METACLAW_UPSTREAM_URL = env_url("METACLAW_UPSTREAM_URL", "", example="https://api.example.com/v1")
METACLAW_UPSTREAM_KEY = secret("METACLAW_UPSTREAM_KEY", "")
METACLAW_UPSTREAM_MODEL = env_str("METACLAW_UPSTREAM_MODEL", "")
METACLAW_UPSTREAM_KIND = env_choice("METACLAW_UPSTREAM_KIND", "openai", KINDS)
METACLAW_PRACTICE_URL = env_url("METACLAW_PRACTICE_URL", "")
# The process that answers from policies with their tokens; the launcher starts one.
METACLAW_POLICY_URL = env_url("METACLAW_POLICY_URL", "", example="http://127.0.0.1:30004")
METACLAW_EMBEDDINGS_URL = env_url(
    "METACLAW_EMBEDDINGS_URL", "", example="https://api.example.com/v1"
)
METACLAW_EMBEDDINGS_KEY = secret("METACLAW_EMBEDDINGS_KEY", "")
METACLAW_EMBEDDINGS_MODEL = env_str("METACLAW_EMBEDDINGS_MODEL", "")
METACLAW_EMBEDDINGS_DEADLINE_MS = env_int("METACLAW_EMBEDDINGS_DEADLINE_MS", 15, least=1, most=1000)

if METACLAW_UPSTREAM_URL and not METACLAW_UPSTREAM_MODEL:
    raise BadSetting(
        "METACLAW_UPSTREAM_MODEL",
        "is not set, but METACLAW_UPSTREAM_URL is; judge and evolver need a model name.",
        example="gpt-5-mini",
    )

# Learning ----------------------------------------------------------------------------------

METACLAW_MODEL_TIMEOUT_SECONDS = env_int("METACLAW_MODEL_TIMEOUT_SECONDS", 60, least=1, most=180)
# How long a turn's score waits for the user's reply, which often says what was wrong.
METACLAW_JUDGE_WAIT_SECONDS = env_float("METACLAW_JUDGE_WAIT_SECONDS", 20.0, least=0, most=3600)
METACLAW_EVOLVE_WAIT_SECONDS = env_float("METACLAW_EVOLVE_WAIT_SECONDS", 3.0, least=0, most=3600)

# Rollouts -------------------------------------------------------------------------------------

# Whether tasks may have tools run: commands that a policy, or whoever wrote the task, thought of.
METACLAW_ROLLOUT_TOOLS = env_bool("METACLAW_ROLLOUT_TOOLS", default=False)
# "unconfined" runs them even where the kernel offers no walls: with limits, but with the network
# and the worker's own files before them.
METACLAW_SANDBOX = env_choice("METACLAW_SANDBOX", "confined", ("confined", "unconfined"))
# Calendars ---------------------------------------------------------------------------------

# What Google knows the installation by: https://console.cloud.google.com, an OAuth client for the
# web whose redirect address is that of the console with /calendars/google behind it.
METACLAW_GOOGLE_CLIENT_ID = env_str("METACLAW_GOOGLE_CLIENT_ID", "")
METACLAW_GOOGLE_CLIENT_SECRET = secret("METACLAW_GOOGLE_CLIENT_SECRET", "")
METACLAW_GOOGLE_CONSENT_URL = env_url(
    "METACLAW_GOOGLE_CONSENT_URL", "https://accounts.google.com/o/oauth2/v2/auth"
)
METACLAW_GOOGLE_TOKEN_URL = env_url(
    "METACLAW_GOOGLE_TOKEN_URL", "https://oauth2.googleapis.com/token"
)
METACLAW_GOOGLE_REVOKE_URL = env_url(
    "METACLAW_GOOGLE_REVOKE_URL", "https://oauth2.googleapis.com/revoke"
)
METACLAW_GOOGLE_CALENDAR_URL = env_url(
    "METACLAW_GOOGLE_CALENDAR_URL", "https://www.googleapis.com/calendar/v3"
)

# Exports and deletion -----------------------------------------------------------------------

# Workers write them, consoles hand them out: where these are on several machines, they share it.
quiet_tinker_sdk()
# A training job gives its worker back after so long; others may be waiting.
METACLAW_TRAINING_SLICE_SECONDS = env_int("METACLAW_TRAINING_SLICE_SECONDS", 120, least=1)
METACLAW_EXPORTS_DIR = Path(env_str("METACLAW_EXPORTS_DIR", str(VAR_DIR / "exports")))
METACLAW_EXPORT_DAYS = env_int("METACLAW_EXPORT_DAYS", 7, least=1, most=365)
# So long an owner can undo the deletion of a workspace.
METACLAW_DELETION_GRACE_HOURS = env_float(
    "METACLAW_DELETION_GRACE_HOURS", 168.0, least=0, most=8760
)

# Traces ------------------------------------------------------------------------------------

# OpenTelemetry's own variables say the rest: they are read by its packages, once these are loaded.
_COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
METACLAW_OTEL = env_bool("METACLAW_OTEL", default=any(env_str(name, "") for name in _COLLECTORS))
if METACLAW_OTEL and find_spec("opentelemetry") is None:
    raise BadSetting(
        "METACLAW_OTEL",
        "is on, or OpenTelemetry has the address of a collector, but its packages are missing."
        " Install requirements/otel.txt, or set METACLAW_OTEL=0.",
    )

# Logs --------------------------------------------------------------------------------------

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"libraries": {"()": "apps.core.logs.LibraryFilter"}},
    "formatters": {
        "event": {
            "()": "apps.core.logs.EventFormatter",
            # What exceptions say, too: it may hold parts of requests and answers.
            "with_text": env_bool("METACLAW_LOG_EXCEPTION_TEXT", default=False),
        }
    },
    "handlers": {
        "stderr": {
            "class": "logging.StreamHandler",
            "formatter": "event",
            "filters": ["libraries"],
        }
    },
    "root": {
        "handlers": ["stderr"],
        "level": env_choice("METACLAW_LOG_LEVEL", "INFO", ["DEBUG", "INFO", "WARNING", "ERROR"]),
    },
    "loggers": {
        "httpx2": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "openai": {"level": "WARNING"},
        "django.channels.server": {"level": "WARNING"},
    },
}
