"""The ledger: what every version of a skill did, and what that is held against."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.evolution import services
from apps.skills.selectors import ledger_list, skill_get, values_of
from apps.skills.types import VersionValue
from apps.tenants.api import TenantApi

_SLUGS_MAX = 200


class LiftOutput(serializers.Serializer[Any]):
    """Success with it minus success without it (−1 to 1), with a 95 % interval.

    ``control``: sessions of a canary that did without it, or recorded turns asked both ways.
    """

    control = serializers.ChoiceField(choices=["canary", "replay"])
    source_id = serializers.UUIDField()
    difference = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    pairs = serializers.IntegerField()
    is_simulated = serializers.BooleanField()
    at = serializers.DateTimeField()

    class Meta:
        ref_name = "Lift"


class LedgerLineOutput(serializers.Serializer[Any]):
    """One version. Needs ``values`` and ``lifts`` (by id of the version) in its context."""

    slug = serializers.CharField(source="skill.slug")
    version = serializers.IntegerField(source="number")
    created_at = serializers.DateTimeField()
    reach = serializers.ChoiceField(choices=["relevant", "always"])
    # live: in prompts; trial: in those of some sessions; past: in none.
    state = serializers.SerializerMethodField()
    # Turns for which it came into question, those that carried it, and how they went.
    considered = serializers.SerializerMethodField()
    injected = serializers.SerializerMethodField()
    passed = serializers.SerializerMethodField()
    failed = serializers.SerializerMethodField()
    # Null: there is no control.
    lift = serializers.SerializerMethodField()
    # What it added to prompts. Money in USD / 10⁶, of the turns whose model has a known price.
    tokens_added = serializers.SerializerMethodField()
    micros_added = serializers.SerializerMethodField()
    unpriced = serializers.SerializerMethodField()
    last_used_at = serializers.SerializerMethodField()
    # The latest hour of which an outcome is known: how old its evidence is.
    evidence_at = serializers.SerializerMethodField()
    # What its relevance is multiplied by in retrieval.
    factor = serializers.SerializerMethodField()
    # Uses by day, today last.
    daily = serializers.SerializerMethodField()

    class Meta:
        ref_name = "LedgerLine"

    @extend_schema_field(serializers.ChoiceField(choices=["live", "trial", "past"]))
    def get_state(self, row: Any) -> str:
        if row.skill.status == "live" and row.skill.live_version_id == row.id:
            return "live"
        return "trial" if row.skill.trial_version_id == row.id else "past"

    @extend_schema_field(LiftOutput(allow_null=True))
    def get_lift(self, row: Any) -> Any:
        lifts: Mapping[UUID, services.Lift] = self.context["lifts"]
        return LiftOutput(lifts[row.id]).data if row.id in lifts else None

    def get_considered(self, row: Any) -> int:
        return self._value(row).considered

    def get_injected(self, row: Any) -> int:
        return self._value(row).uses

    def get_passed(self, row: Any) -> int:
        return self._value(row).passed

    def get_failed(self, row: Any) -> int:
        return self._value(row).failed

    def get_tokens_added(self, row: Any) -> int:
        return self._value(row).tokens

    def get_micros_added(self, row: Any) -> int:
        return self._value(row).micros

    def get_unpriced(self, row: Any) -> int:
        return self._value(row).unpriced

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_last_used_at(self, row: Any) -> Any:
        return self._value(row).last_used_at

    @extend_schema_field(serializers.DateTimeField(allow_null=True))
    def get_evidence_at(self, row: Any) -> Any:
        return self._value(row).scored_at

    def get_factor(self, row: Any) -> float:
        return self._value(row).factor

    def get_daily(self, row: Any) -> list[int]:
        return list(self._value(row).daily)

    def _value(self, row: Any) -> VersionValue:
        values: Mapping[UUID, VersionValue] = self.context["values"]
        return values[row.id]


class _LedgerApi(TenantApi):
    def shown(self, versions: Sequence[Any]) -> Any:
        hashes = {row.id: row.sha256 for row in versions}
        context = {
            "values": values_of(tenant_id=self.tenant_id, version_ids=list(hashes)),
            "lifts": services.lifts_of(tenant_id=self.tenant_id, sha256_of=hashes),
        }
        return LedgerLineOutput(versions, many=True, context=context).data


class LedgerApi(_LedgerApi):
    class Filters(serializers.Serializer[Any]):
        versions = serializers.ChoiceField(
            choices=["live", "all"],
            required=False,
            default="live",
            help_text="Live is also what some sessions get, on trial.",
        )
        slug = serializers.ListField(
            child=serializers.CharField(max_length=64), required=False, max_length=_SLUGS_MAX
        )

        class Meta:
            ref_name = "LedgerFilters"

    @extend_schema(
        operation_id="skills_ledger", parameters=[Filters], responses=LedgerLineOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        rows = ledger_list(
            tenant_id=self.tenant_id,
            slugs=filters.validated_data.get("slug", ()),
            is_live_only=filters.validated_data["versions"] == "live",
        )
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response(self.shown(page))


class SkillLedgerApi(_LedgerApi):
    @extend_schema(operation_id="skills_ledger_of", responses=LedgerLineOutput(many=True))
    def get(self, request: Request, tenant_slug: str, slug: str) -> Response:
        """All versions of one skill, the newest first."""
        skill = skill_get(tenant_id=self.tenant_id, slug=slug)
        rows = ledger_list(tenant_id=self.tenant_id, slugs=[skill.slug])
        pages = self.pagination_class()
        page = pages.paginate_queryset(rows, request, view=self) or []
        return pages.get_paginated_response(self.shown(page))


class PrecisionOutput(serializers.Serializer[Any]):
    author_model = serializers.CharField()
    prompt_version = serializers.CharField()
    is_simulated = serializers.BooleanField()
    proposed = serializers.IntegerField()
    approved = serializers.IntegerField()
    edited = serializers.IntegerField()
    rejected = serializers.IntegerField()
    quarantined = serializers.IntegerField()
    waiting = serializers.IntegerField()
    # Approved of those that are decided; null while none is.
    precision = serializers.FloatField(allow_null=True)
    last_at = serializers.DateTimeField()

    class Meta:
        ref_name = "EvolverPrecision"


class PrecisionListOutput(serializers.Serializer[Any]):
    results = PrecisionOutput(many=True)

    class Meta:
        ref_name = "EvolverPrecisionList"


class PrecisionApi(TenantApi):
    @extend_schema(operation_id="evolvers_precision", responses=PrecisionListOutput)
    def get(self, request: Request, tenant_slug: str) -> Response:
        """What people made of the proposals, by the model and the prompt that wrote them."""
        rows = services.precision_list(tenant_id=self.tenant_id)
        return Response(PrecisionListOutput({"results": rows}).data)
