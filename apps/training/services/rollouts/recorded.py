"""Recorded prompts: what may be asked again of them, and which come next."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db.models import Count

from apps.core.clock import now
from apps.core.errors import DomainError
from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.training.errors import RolloutRefused
from apps.training.held_out import is_held_out
from apps.training.models import Rollout, RolloutEpisode
from apps.training.plain import NotFaithful, plain_chat
from apps.trajectories import selectors as turns

_LOOK_BACK: Final = timedelta(days=60)
# Of the latest: a prompt is as old as the work that it is of.
_LOOKED_AT: Final = 2_000


@dataclass(frozen=True, slots=True)
class Recorded:
    """A recorded prompt as the Chat Completions API has it, without skills."""

    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    user_text: str


@dataclass(frozen=True, slots=True)
class OpenPrompt:
    """A prompt that a policy may be trained on, and in how many of its rollouts it was."""

    turn_id: UUID
    asked: int


def recorded_prompt(*, tenant_id: UUID, turn_id: UUID) -> Recorded:
    """Whatever its API. Raises a DomainError where it cannot be asked."""
    with tenant_tx(tenant_id):
        found = turns.recorded_prompt(tenant_id=tenant_id, turn_id=turn_id)
    try:
        chat = plain_chat(found)
    except NotFaithful as exc:
        why = say("prompt_not_askable", "The prompt cannot be asked as it was.")
        raise RolloutRefused(together(why, str(exc))) from exc
    return Recorded(chat.messages, chat.tools, found.user_text)


def prompts_open(*, tenant_id: UUID, policy_id: UUID, agent: str) -> list[OpenPrompt]:
    """Those first that the policy was asked least often, and of them the newest.

    Not what gates are held on, and not what taught a skill (P6). Requests that the practice
    provider answered count only where there are no others: they are of somebody who tries
    things out.
    """
    found = turns.prompts_asked(
        tenant_id=tenant_id, since=now() - _LOOK_BACK, limit=_LOOKED_AT, agent=agent
    )
    support = {one.asked_hash or one.turn_id for one in found if one.is_support}
    found = [one for one in found if not one.is_simulated] or found
    asked = _asked(tenant_id, policy_id)
    latest: dict[bytes | UUID, UUID] = {}
    times: Counter[bytes | UUID] = Counter()
    for one in found:
        prompt = one.asked_hash or one.turn_id
        if prompt in support or is_held_out(one.user_text):
            continue
        latest.setdefault(prompt, one.turn_id)
        times[prompt] += asked[str(one.turn_id)]
    listed = [OpenPrompt(turn_id, times[prompt]) for prompt, turn_id in latest.items()]
    return sorted(listed, key=lambda one: one.asked)


def prompts_choose(
    *, tenant_id: UUID, policy_id: UUID, agent: str, count: int, without: Collection[str] = ()
) -> list[str]:
    """The turns whose prompts come next; fewer where no more can be asked."""
    chosen: list[str] = []
    for one in prompts_open(tenant_id=tenant_id, policy_id=policy_id, agent=agent):
        if len(chosen) == count:
            break
        if str(one.turn_id) in without or not _can_be_asked(tenant_id, one.turn_id):
            continue
        chosen.append(str(one.turn_id))
    return chosen


def _asked(tenant_id: UUID, policy_id: UUID) -> Counter[str]:
    rows = RolloutEpisode.objects.for_tenant(tenant_id).filter(
        rollout__policy_id=policy_id,
        rollout__origin=Rollout.Origin.RESAMPLE,
        rollout__created_at__gte=now() - _LOOK_BACK,
    )
    counted = rows.values_list("task_id").annotate(n=Count("rollout", distinct=True)).order_by()
    return Counter(dict(counted))


def _can_be_asked(tenant_id: UUID, turn_id: UUID) -> bool:
    try:
        recorded_prompt(tenant_id=tenant_id, turn_id=turn_id)
    except DomainError:
        return False
    return True
