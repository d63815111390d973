from collections.abc import Collection
from uuid import UUID

from django.db.models import F

from apps.trajectories.models import Turn


def turns_mark_support(*, tenant_id: UUID, turn_ids: Collection[UUID]) -> None:
    """These turns taught a skill: they are evidence now and never training data."""
    Turn.objects.for_tenant(tenant_id).filter(id__in=turn_ids).update(is_support=True)


def turns_untrain(*, tenant_id: UUID, turn_ids: Collection[UUID]) -> None:
    """These turns are in no batch any more. The database refuses for one that is."""
    Turn.objects.for_tenant(tenant_id).filter(id__in=turn_ids).update(is_trained=False)


def turns_considered(*, tenant_id: UUID, turn_ids: Collection[UUID]) -> None:
    """These turns were shown to an evolver, whatever came of it."""
    Turn.objects.for_tenant(tenant_id).filter(id__in=turn_ids).update(
        evolve_attempts=F("evolve_attempts") + 1
    )
