"""What is told of the processes to whoever runs them: traces and logs. A part of ``base``."""

from importlib.util import find_spec

from metaclaw_web.env import BadSetting, env_bool, env_choice, env_str

# Traces -----------------------------------------------------------------------------------

# OpenTelemetry's own variables say the rest: they are read by its packages, once these are loaded.
_COLLECTORS = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
METACLAW_OTEL = env_bool("METACLAW_OTEL", default=any(env_str(name, "") for name in _COLLECTORS))
if METACLAW_OTEL and find_spec("opentelemetry") is None:
    raise BadSetting(
        "METACLAW_OTEL",
        "is on, or OpenTelemetry has the address of a collector, but its packages are missing."
        " Install requirements/otel.txt, or set METACLAW_OTEL=0.",
    )

# Logs -------------------------------------------------------------------------------------

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
