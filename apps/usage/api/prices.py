from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.said import say
from apps.core.said_output import PatternField
from apps.tenants.api import TenantApi
from apps.usage import selectors, services
from apps.usage.selectors import EffectivePrice
from apps.usage.types import Price

_NAMES = ("input", "output", "cache_read", "cache_write")


class PriceFields(serializers.Serializer[Any]):
    """USD micro-units per million tokens: 2,500,000 is $2.50."""

    input = serializers.IntegerField(min_value=0, max_value=10**12)
    output = serializers.IntegerField(min_value=0, max_value=10**12)
    # Without one, cached input costs what other input does.
    cache_read = serializers.IntegerField(min_value=0, max_value=10**12, required=False)
    cache_write = serializers.IntegerField(min_value=0, max_value=10**12, required=False)


class PriceInput(PriceFields):
    # A model's name as its provider has it, or its beginning with a star behind it.
    pattern = PatternField(
        r"^[^\s*]*\*?$",
        max_length=200,
        said=say("price_pattern", "A model's name, or its beginning with a * behind it."),
    )

    class Meta:
        ref_name = "PriceInput"


class PriceOutput(PriceInput):
    origin = serializers.ChoiceField(choices=["own", "listed"])

    class Meta:
        ref_name = "Price"


class PriceForget(serializers.Serializer[Any]):
    pattern = serializers.CharField(max_length=200)


class PriceListApi(TenantApi):
    class Filters(serializers.Serializer[Any]):
        q = serializers.CharField(max_length=200, required=False, allow_blank=True)

    @extend_schema(
        operation_id="prices_list", parameters=[Filters], responses=PriceOutput(many=True)
    )
    def get(self, request: Request, tenant_slug: str) -> Response:
        filters = self.Filters(data=request.query_params)
        filters.is_valid(raise_exception=True)
        found = selectors.price_list(tenant_id=self.tenant_id, **filters.validated_data)
        return Response({"results": [_shown(one) for one in found], "next": None})

    @extend_schema(operation_id="prices_set", request=PriceInput, responses=PriceOutput)
    def put(self, request: Request, tenant_slug: str) -> Response:
        body = PriceInput(data=request.data)
        body.is_valid(raise_exception=True)
        given: dict[str, Any] = dict(body.validated_data)
        pattern = given.pop("pattern")
        plain = {"cache_read": given["input"], "cache_write": given["input"]}
        price = Price(**(plain | given))
        services.price_set(tenant_id=self.tenant_id, actor=self.actor, pattern=pattern, price=price)
        return Response(_shown(EffectivePrice(pattern, price, "own")))

    @extend_schema(operation_id="prices_forget", parameters=[PriceForget], responses={204: None})
    def delete(self, request: Request, tenant_slug: str) -> Response:
        asked = PriceForget(data=request.query_params)
        asked.is_valid(raise_exception=True)
        services.price_forget(
            tenant_id=self.tenant_id, actor=self.actor, pattern=asked.validated_data["pattern"]
        )
        return Response(status=status.HTTP_204_NO_CONTENT)


def _shown(one: EffectivePrice) -> dict[str, Any]:
    numbers = {name: getattr(one.price, name) for name in _NAMES}
    return dict(PriceOutput({"pattern": one.pattern, "origin": one.origin} | numbers).data)
