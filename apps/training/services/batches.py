"""Forming batches: whole groups, none of them flat, none of whose turns taught a skill."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.training import selectors
from apps.training.advantages import Normalisation, by_group, is_flat, unweighed, weighed
from apps.training.errors import NothingToTrainOn
from apps.training.models import Batch, BatchSample
from apps.training.types import Rewarded
from apps.trajectories.services import turns_untrain

_LEAST_IN_GROUP = 2


@dataclass(frozen=True, slots=True)
class BatchWish:
    """What a batch is to be made of; empty fields and None stand for any."""

    groups: int
    normalisation: Normalisation = "token"
    base_model: str = ""
    agent: str = ""
    group_ids: Collection[UUID] | None = None
    # Without: for a teacher alone, who weighs every answer, scored or not, alike or not.
    needs_reward: bool = True


def batch_form(*, tenant_id: UUID, wish: BatchWish) -> Batch:
    """A batch of the oldest ``groups`` groups that something is to be learned from.

    A turn that teaches a skill while this runs is left to the database, which refuses it: then
    nothing of the batch is stored. Raises NothingToTrainOn, which counts the flat groups.
    """
    with tenant_tx(tenant_id):
        found = by_group(
            selectors.samples_eligible(
                tenant_id=tenant_id,
                limit=selectors.LOOKED_AT,
                base_model=wish.base_model,
                agent=wish.agent,
                group_ids=wish.group_ids,
                needs_reward=wish.needs_reward,
            )
        )
        whole = [one for one in found.values() if len(one) >= _LEAST_IN_GROUP]
        telling = [one for one in whole if not is_flat(one)]
        usable = telling if wish.needs_reward else list(found.values())
        flat = len(whole) - len(telling)
        if len(usable) < wish.groups:
            raise NothingToTrainOn(
                say(
                    "samples_few",
                    "There are {count} groups to learn from, {wanted} are wanted; {flat} more are"
                    " worth the same throughout, {single} have a single scored answer.",
                    count=len(usable),
                    wanted=wish.groups,
                    flat=flat,
                    single=len(found) - len(whole),
                ),
                usable=len(usable),
                flat=flat,
            )
        try:
            with transaction.atomic():
                return _store(tenant_id, usable[: wish.groups], flat, wish)
        except IntegrityError as exc:
            raise NothingToTrainOn(
                say(
                    "samples_taken",
                    "A turn of the batch was used elsewhere at this moment: try again.",
                ),
                usable=0,
                flat=flat,
            ) from exc


def batch_release(*, tenant_id: UUID, batch_id: UUID) -> None:
    """Give back what no step has used: its turns may teach again, or train later."""
    with tenant_tx(tenant_id):
        rows = BatchSample.objects.for_tenant(tenant_id).filter(batch_id=batch_id)
        turn_ids = list(rows.values_list("turn_id", flat=True))
        rows.delete()
        Batch.objects.for_tenant(tenant_id).filter(id=batch_id).delete()
        turns_untrain(tenant_id=tenant_id, turn_ids=turn_ids)


def _store(tenant_id: UUID, chosen: list[list[Rewarded]], flat: int, wish: BatchWish) -> Batch:
    batch = Batch.objects.create(
        tenant_id=tenant_id,
        groups=len(chosen),
        flat_groups=flat,
        normalisation=wish.normalisation,
        needs_reward=wish.needs_reward,
    )
    weigh = weighed if wish.needs_reward else unweighed
    BatchSample.objects.bulk_create(
        BatchSample(
            tenant_id=tenant_id,
            batch=batch,
            sample_id=one.rewarded.sample_id,
            turn_id=one.rewarded.turn_id,
            reward=one.rewarded.reward,
            advantage=one.advantage,
            weight=one.weight,
        )
        # Locks are taken in one order by everybody.
        for one in sorted(weigh(chosen, wish.normalisation), key=lambda w: w.rewarded.turn_id)
    )
    return batch
