"""Filters that a member keeps under names, for themselves alone: nothing of it is audited."""

from typing import Final
from uuid import UUID

from apps.core.errors import NotFound
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants.errors import FilterNameTaken, TooManyFilters
from apps.tenants.models import Membership, SavedFilter
from apps.tenants.selectors.saved_filters import filter_get, filters_of

MOST_FILTERS: Final = 100


def filter_keep(
    *,
    tenant_id: UUID,
    user_id: str,
    page: str,
    name: str,
    search: dict[str, str | float],
    was: str = "",
) -> SavedFilter:
    """Keep filters under a name, in the place of what the member kept under it before.

    ``was`` is the name that they have now, and get another one instead. Raises NotFound,
    FilterNameTaken (renaming over another) and TooManyFilters.
    """
    with tenant_tx(tenant_id):
        # Two tabs of one member keep one after the other.
        members = Membership.objects.for_tenant(tenant_id).select_for_update()
        membership = members.get(user_id=user_id)
        mine = filters_of(tenant_id=tenant_id, user_id=user_id).filter(page=page)
        row = mine.filter(name=was or name).first()
        if was and row is None:
            raise NotFound
        if was and was != name and mine.filter(name=name).exists():
            taken = say(
                "filters_name_taken", "You keep other filters as {name} already.", name=name
            )
            raise FilterNameTaken(taken)
        if row is None:
            if filters_of(tenant_id=tenant_id, user_id=user_id).count() >= MOST_FILTERS:
                english = "You keep {count} filters: delete some first."
                raise TooManyFilters(say("filters_too_many", english, count=MOST_FILTERS))
            row = SavedFilter(tenant_id=tenant_id, membership=membership, page=page)
        row.name, row.search = name, search
        row.save()
        return row


def filter_delete(*, tenant_id: UUID, user_id: str, filter_id: UUID) -> None:
    with tenant_tx(tenant_id):
        filter_get(tenant_id=tenant_id, user_id=user_id, filter_id=filter_id).delete()
