from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from apps.core.errors import Forbidden
from apps.core.said import say
from apps.core.said_output import unfit
from apps.tenants import services
from apps.tenants.api.base import TenantApi
from apps.tenants.models import Membership, SavedFilter
from apps.tenants.selectors.saved_filters import filters_of

_MOST_NAMES = 30
_LONGEST = 300


@extend_schema_field(
    {
        "type": "object",
        "additionalProperties": {"oneOf": [{"type": "string"}, {"type": "number"}]},
    }
)
class AddressField(serializers.Field[Any, Any, Any, Any]):
    """What stands behind the question mark of a page's address. The page knows what it means."""

    def to_internal_value(self, data: Any) -> dict[str, str | float]:
        if not isinstance(data, dict) or not 0 < len(data) <= _MOST_NAMES:
            raise unfit(say("filters_shape", "Names and values, at least one of them."))
        for name, value in data.items():
            is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
            if not is_plain or max(len(name), len(str(value))) > _LONGEST:
                english = "{name}: a short text or a number."
                raise unfit(say("filters_value", english, name=name[:40]))
        return data

    def to_representation(self, value: Any) -> Any:
        return value


class SavedFilterOutput(serializers.ModelSerializer[SavedFilter]):
    search = AddressField()

    class Meta:
        model = SavedFilter
        ref_name = "SavedFilter"
        fields = ["id", "page", "name", "search", "created_at"]


class _PersonalApi(TenantApi):
    """A person's own: every role may, a key is nobody."""

    write_role = Membership.Role.VIEWER

    @property
    def user_id(self) -> str:
        if self.actor.kind != "user":
            english = "Filters are kept by people, not by keys."
            raise Forbidden(say("filters_of_people", english))
        return self.actor.id


class SavedFilterListApi(_PersonalApi):
    class Input(serializers.Serializer[Any]):
        page = serializers.ChoiceField(choices=SavedFilter.Page.choices)
        name = serializers.CharField(max_length=60)
        search = AddressField()
        # The name they are kept under until now, to rename them.
        was = serializers.CharField(max_length=60, required=False)

        class Meta:
            ref_name = "SavedFilterInput"

    @extend_schema(operation_id="saved_filters_list", responses=SavedFilterOutput(many=True))
    def get(self, request: Request, tenant_slug: str) -> Response:
        rows = filters_of(tenant_id=self.tenant_id, user_id=self.user_id)
        return self.page_of(rows, SavedFilterOutput)

    @extend_schema(operation_id="saved_filters_keep", request=Input, responses=SavedFilterOutput)
    def put(self, request: Request, tenant_slug: str) -> Response:
        body = self.Input(data=request.data)
        body.is_valid(raise_exception=True)
        row = services.filter_keep(
            tenant_id=self.tenant_id, user_id=self.user_id, **body.validated_data
        )
        return Response(SavedFilterOutput(row).data)


class SavedFilterDetailApi(_PersonalApi):
    @extend_schema(operation_id="saved_filters_delete", responses={204: None})
    def delete(self, request: Request, tenant_slug: str, filter_id: UUID) -> Response:
        services.filter_delete(tenant_id=self.tenant_id, user_id=self.user_id, filter_id=filter_id)
        return Response(status=status.HTTP_204_NO_CONTENT)
