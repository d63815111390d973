from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said_output import SaidOutput
from apps.tenants.api import TenantApi
from apps.trajectories import selectors, services
from apps.trajectories.api.filters import TurnFiltersInput
from apps.trajectories.api.output import ExcerptPartOutput, TurnOutput
from apps.trajectories.services.searching import MODES

_LIMIT, _MOST = 50, 200


class TurnSearchInput(TurnFiltersInput):
    q = serializers.CharField(max_length=200)
    mode = serializers.ChoiceField(choices=MODES, default="both")
    limit = serializers.IntegerField(min_value=1, max_value=_MOST, default=_LIMIT)

    class Meta:
        ref_name = "TurnSearch"


class FoundTurnOutput(serializers.Serializer[Any]):
    turn = TurnOutput()
    found_by = serializers.ListField(child=serializers.ChoiceField(choices=["text", "meaning"]))
    closeness = serializers.FloatField(allow_null=True)
    excerpt = ExcerptPartOutput(many=True)

    class Meta:
        ref_name = "FoundTurn"


class FindingOutput(serializers.Serializer[Any]):
    results = FoundTurnOutput(many=True)
    searched_by = serializers.ChoiceField(choices=MODES, source="mode")
    # Why the search was not made in the way that was asked for; empty where it was.
    note = serializers.CharField()
    note_said = SaidOutput(source="note")

    class Meta:
        ref_name = "Finding"


class TurnSearchApi(TenantApi):
    """The best turns for some words, by the words and by what they mean. Not paged: a search
    that needs a second page needs another word."""

    # Asks the embedder.
    opens_own_transactions = True

    @extend_schema(
        operation_id="turns_search", parameters=[TurnSearchInput], responses=FindingOutput
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        asked = TurnSearchInput(data=request.query_params)
        asked.is_valid(raise_exception=True)
        wanted = dict(asked.validated_data)
        mode, limit = wanted.pop("mode"), wanted.pop("limit")
        finding = services.turns_search(
            tenant_id=self.tenant_id,
            filters=selectors.TurnFilters(**wanted),
            mode=mode,
            limit=limit,
        )
        return Response(FindingOutput(finding).data)
