"""Which samples may be used, and why the others may not: as the database says."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.db.models import CharField, F, Func, Value
from django.db.models.functions import Length

from apps.core.said import say
from apps.training.advantages import by_group, is_flat
from apps.training.models import BatchSample, Sample, TrainingPolicy
from apps.training.types import Rewarded
from apps.trajectories.selectors import expert_turns

# Samples looked at for one batch.
LOOKED_AT = 10_000
# Reason codes of the database's function, as people read them.
REFUSALS = {
    "gone": say("kept_out_gone", "Its turn was forgotten."),
    "support": say(
        "kept_out_support",
        "It taught a skill: such turns never train the weights under that skill.",
    ),
    "trained": say("kept_out_trained", "It was trained on already; no sample is used twice."),
    "not_complete": say("kept_out_ended_badly", "Its turn did not end well."),
    "unscored": say("kept_out_turn_unscored", "Nobody scored its turn yet, so it has no reward."),
    "older_skills": say("kept_out_older_skills", "A skill in its prompt has changed since."),
}


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many samples there are, how many may be used, and what keeps the others out."""

    captured: int
    eligible: int
    refused: dict[str, int]


def samples_eligible(
    *,
    tenant_id: UUID,
    limit: int,
    base_model: str = "",
    agent: str = "",
    group_ids: Collection[UUID] | None = None,
    needs_reward: bool = True,
) -> list[Rewarded]:
    """Samples of groups that the database would let into a batch, the oldest group first.

    Of one base model, one agent or some groups only, where these are named. Without
    ``needs_reward`` also those that nobody scored, for a batch that a teacher alone weighs.
    """
    fine = [""] if needs_reward else ["", "unscored"]
    rows = (
        Sample.objects.for_tenant(tenant_id)
        # What the function would refuse anyway: most samples have been trained on, and a sweep
        # asks again and again.
        .filter(group_id__isnull=False, turn__is_trained=False, turn__is_support=False)
        .annotate(refusal=_refusal(tenant_id), reward=F("turn__reward"), size=Length("tokens"))
        .filter(refusal__in=fine)
    )
    if base_model:
        rows = rows.filter(base_model=base_model)
    if agent:
        rows = rows.filter(turn__agent=agent)
    if group_ids is not None:
        rows = rows.filter(group_id__in=list(group_ids))
    found = rows.order_by("group_id", "id").values_list(
        "id", "turn_id", "group_id", "size", "reward"
    )
    return [
        Rewarded(sample_id, turn_id, group_id, size // 4, reward)
        for sample_id, turn_id, group_id, size, reward in found[:limit]
        if group_id is not None
    ]


def groups_telling(*, tenant_id: UUID, base_model: str, agent: str, has_rewards: bool) -> int:
    """How many groups there are that a batch could be made of."""
    found = by_group(
        samples_eligible(
            tenant_id=tenant_id,
            limit=LOOKED_AT,
            base_model=base_model,
            agent=agent,
            needs_reward=has_rewards,
        )
    )
    if not has_rewards:
        return len(found)
    return sum(1 for group in found.values() if len(group) > 1 and not is_flat(group))


def examples_listed(*, tenant_id: UUID, agent: str) -> list[tuple[UUID, str]]:
    """The turns whose answers members approved or wrote and no step has used, the oldest first,
    each with the code of what the database has against it; empty: nothing."""
    turn_ids = expert_turns(tenant_id=tenant_id, agent=agent, limit=LOOKED_AT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, training_refusal(%s, id) FROM unnest(%s::uuid[]) AS id",
            [tenant_id, turn_ids],
        )
        refusals = dict(cursor.fetchall())
    return [(turn_id, refusals[turn_id]) for turn_id in turn_ids]


def examples_waiting(policy: TrainingPolicy) -> int:
    """How many of them may train."""
    found = examples_listed(tenant_id=policy.tenant_id, agent=policy.agent)
    return sum(not refusal for _, refusal in found)


def funnel(*, tenant_id: UUID) -> Funnel:
    """Over all samples on record that a policy said."""
    said = Sample.objects.for_tenant(tenant_id).exclude(origin=Sample.Origin.EXPERT)
    rows = said.annotate(refusal=_refusal(tenant_id))
    counted = Counter(rows.values_list("refusal", flat=True))
    eligible = counted.pop("", 0)
    return Funnel(eligible + counted.total(), eligible, dict(counted))


def is_batched(*, tenant_id: UUID, turn_id: UUID) -> bool:
    return BatchSample.objects.for_tenant(tenant_id).filter(turn_id=turn_id).exists()


def has_tokens(*, tenant_id: UUID, turn_id: UUID) -> bool:
    """Whether the answer's tokens are on record."""
    rows = Sample.objects.for_tenant(tenant_id).exclude(origin=Sample.Origin.EXPERT)
    return rows.filter(turn_id=turn_id).exists()


def _refusal(tenant_id: UUID) -> Func:
    """What the database itself would say to a turn's sample; empty: nothing against it."""
    whose = Value(tenant_id)
    return Func(whose, F("turn_id"), function="training_refusal", output_field=CharField())
