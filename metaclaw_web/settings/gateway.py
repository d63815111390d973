"""The gateway, and the servers that it and the learning loop ask. A part of ``base``."""

from pathlib import Path

from apps.upstreams.presets import KINDS
from metaclaw_web.env import (
    BadSetting,
    env_bool,
    env_choice,
    env_int,
    env_str,
    env_url,
    secret,
)
from metaclaw_web.settings.places import VAR_DIR

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

# Providers --------------------------------------------------------------------------------

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
