from typing import Any

from rest_framework import serializers

from apps.core.said import say
from apps.core.said_output import PatternField, unfit
from apps.trajectories.models import Turn
from apps.trajectories.selectors.filters import OUTCOMES, SPLITS


class TurnFiltersInput(serializers.Serializer[Any]):
    """The query of lists of turns; becomes :class:`selectors.TurnFilters`."""

    outcome = serializers.ChoiceField(choices=list(OUTCOMES), required=False)
    status = serializers.ChoiceField(choices=Turn.Status.choices, required=False)
    session = serializers.UUIDField(required=False)
    agent = serializers.CharField(max_length=120, required=False)
    model = serializers.CharField(max_length=200, required=False)
    route = serializers.CharField(max_length=200, required=False)
    upstream = serializers.CharField(max_length=80, required=False)
    key = serializers.UUIDField(required=False)
    skill = PatternField(
        r"^[^@]+(@\d{1,9})?$",
        max_length=75,
        required=False,
        said=say("as_name_version", "Write it as name, or as name@version."),
    )
    split = serializers.ChoiceField(choices=list(SPLITS), required=False)
    score_min = serializers.FloatField(min_value=-1, max_value=1, required=False)
    score_max = serializers.FloatField(min_value=-1, max_value=1, required=False)
    since = serializers.DateTimeField(required=False)
    until = serializers.DateTimeField(required=False)
    tag = PatternField(
        r"^[^:]+:",
        max_length=250,
        required=False,
        said=say("as_name_value", "Write it as name:value."),
    )
    attempts = serializers.ChoiceField(choices=["latest", "all"], required=False)
    q = serializers.CharField(max_length=200, required=False)

    class Meta:
        ref_name = "TurnFilters"

    def validate_since(self, value: Any) -> Any:
        return _after_1970(value)

    def validate_until(self, value: Any) -> Any:
        return _after_1970(value)


def _after_1970(value: Any) -> Any:
    if value.timestamp() < 0:
        raise unfit(say("before_1970", "Nothing was recorded before 1970."))
    return value
