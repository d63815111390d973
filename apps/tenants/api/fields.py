from typing import Any
from zoneinfo import available_timezones

from rest_framework import serializers

from apps.tenants.models import Tenant
from apps.tenants.types import MODE_ALIASES


class ModeField(serializers.ChoiceField):
    """A mode of serving; the reference implementation's names are taken too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(choices=Tenant.Mode.choices, **options)

    def to_internal_value(self, data: Any) -> Any:
        return super().to_internal_value(MODE_ALIASES.get(data, data) if data else data)


def check_time_zone(name: str) -> None:
    """Raises a validation error for what is no IANA time zone."""
    if name not in available_timezones():
        raise serializers.ValidationError(f"There is no time zone called {name}.")
