"""The learning loop: scores, skills, training and when it may run. A part of ``base``."""

from metaclaw_web.env import (
    env_bool,
    env_choice,
    env_float,
    env_int,
    env_str,
    env_url,
    quiet_tinker_sdk,
    secret,
)

METACLAW_MODEL_TIMEOUT_SECONDS = env_int("METACLAW_MODEL_TIMEOUT_SECONDS", 60, least=1, most=180)
# How long a turn's score waits for the user's reply, which often says what was wrong.
METACLAW_JUDGE_WAIT_SECONDS = env_float("METACLAW_JUDGE_WAIT_SECONDS", 20.0, least=0, most=3600)
METACLAW_EVOLVE_WAIT_SECONDS = env_float("METACLAW_EVOLVE_WAIT_SECONDS", 3.0, least=0, most=3600)

# Training ---------------------------------------------------------------------------------

quiet_tinker_sdk()
# A training job gives its worker back after so long; others may be waiting.
METACLAW_TRAINING_SLICE_SECONDS = env_int("METACLAW_TRAINING_SLICE_SECONDS", 120, least=1)

# Whether tasks may have tools run: commands that a policy, or whoever wrote the task, thought of.
METACLAW_ROLLOUT_TOOLS = env_bool("METACLAW_ROLLOUT_TOOLS", default=False)
# "unconfined" runs them even where the kernel offers no walls: with limits, but with the network
# and the worker's own files before them.
METACLAW_SANDBOX = env_choice("METACLAW_SANDBOX", "confined", ("confined", "unconfined"))

# Calendars --------------------------------------------------------------------------------

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
