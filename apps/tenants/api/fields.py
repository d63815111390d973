from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers

from apps.core.said import say
from apps.core.said_output import unfit
from apps.tenants.models import Tenant
from apps.tenants.types import AGENT_NAME, AGENT_NAME_LENGTH, MODE_ALIASES


class AgentNameField(serializers.CharField):
    """The name of an agent: something that an HTTP header can carry."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=AGENT_NAME_LENGTH, **options)

    def to_internal_value(self, data: Any) -> str:
        name: str = super().to_internal_value(data)
        if name and not AGENT_NAME.fullmatch(name):
            english = (
                "An agent's name has letters without accents, digits, signs and single blanks: it"
                " is sent as a header."
            )
            raise unfit(say("agent_name", english))
        return name


class ModeField(serializers.ChoiceField):
    """A mode of serving; the reference implementation's names are taken too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Tenant.Mode.choices, **options)

    def to_internal_value(self, data: Any) -> Any:
        known = MODE_ALIASES.get(data, data) if isinstance(data, str) else data
        return super().to_internal_value(known)


def check_time_zone(name: str) -> None:
    """Raises a validation error for what is no IANA time zone."""
    if name not in available_timezones():
        raise unfit(say("time_zone_unknown", "There is no time zone called {name}.", name=name))
