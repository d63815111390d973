from django.conf import settings

from apps.core.said import say
from apps.training.errors import SandboxRefused
from apps.training.sandbox.room import Room


def tools_check() -> None:
    """Raises SandboxRefused where the operator has not switched tools on."""
    if not settings.METACLAW_ROLLOUT_TOOLS:
        english = (
            "Tasks with tools, and checkers that are commands, are switched off on this"
            " installation: its operator sets METACLAW_ROLLOUT_TOOLS=1 to allow them."
        )
        raise SandboxRefused(say("tools_switched_off", english))


def room_open() -> Room:
    """A room for one episode, as the operator allows it. Raises SandboxRefused."""
    tools_check()
    return Room(is_confined=settings.METACLAW_SANDBOX != "unconfined")
