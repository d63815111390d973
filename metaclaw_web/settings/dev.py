"""The embedded default: one machine, loopback, plain HTTP."""

from metaclaw_web.settings.base import *  # noqa: F403
