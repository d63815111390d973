"""Forming batches: whole groups, none of them flat, none of whose turns taught a skill."""

from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.tenancy import tenant_tx
from apps.training import selectors
from apps.training.advantages import Normalisation, by_group, is_flat, weighed
from apps.training.errors import NothingToTrainOn
from apps.training.models import Batch, BatchSample
from apps.training.types import Rewarded
from apps.trajectories.services import turns_untrain

# Samples looked at for one batch.
_LOOKED_AT = 10_000
_LEAST_IN_GROUP = 2


def batch_form(*, tenant_id: UUID, groups: int, normalisation: Normalisation = "token") -> Batch:
    """A batch of the oldest ``groups`` groups that something is to be learned from.

    A turn that teaches a skill while this runs is left to the database, which refuses it: then
    nothing of the batch is stored. Raises NothingToTrainOn, which counts the flat groups.
    """
    with tenant_tx(tenant_id):
        found = by_group(selectors.samples_eligible(tenant_id=tenant_id, limit=_LOOKED_AT))
        whole = [group for group in found.values() if len(group) >= _LEAST_IN_GROUP]
        telling = [group for group in whole if not is_flat(group)]
        flat = len(whole) - len(telling)
        if len(telling) < groups:
            raise NothingToTrainOn(
                f"There are {len(telling)} groups to learn from, {groups} are wanted;"
                f" {flat} more are worth the same throughout, {len(found) - len(whole)}"
                " have a single scored answer.",
            )
        try:
            with transaction.atomic():
                return _store(tenant_id, telling[:groups], flat, normalisation)
        except IntegrityError as exc:
            raise NothingToTrainOn(
                "A turn of the batch was used elsewhere at this moment: try again."
            ) from exc


def batch_release(*, tenant_id: UUID, batch_id: UUID) -> None:
    """Give back what no step has used: its turns may teach again, or train later."""
    with tenant_tx(tenant_id):
        rows = BatchSample.objects.for_tenant(tenant_id).filter(batch_id=batch_id)
        turn_ids = list(rows.values_list("turn_id", flat=True))
        rows.delete()
        Batch.objects.for_tenant(tenant_id).filter(id=batch_id).delete()
        turns_untrain(tenant_id=tenant_id, turn_ids=turn_ids)


def _store(
    tenant_id: UUID, chosen: list[list[Rewarded]], flat: int, normalisation: Normalisation
) -> Batch:
    batch = Batch.objects.create(
        tenant_id=tenant_id, groups=len(chosen), flat_groups=flat, normalisation=normalisation
    )
    BatchSample.objects.bulk_create(
        BatchSample(
            tenant_id=tenant_id,
            batch=batch,
            sample_id=one.rewarded.sample_id,
            turn_id=one.rewarded.turn_id,
            reward=one.rewarded.reward,
            advantage=one.advantage,
        )
        # Locks are taken in one order by everybody.
        for one in sorted(weighed(chosen, normalisation), key=lambda w: w.rewarded.turn_id)
    )
    return batch
