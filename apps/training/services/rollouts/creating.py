"""Asking for rollouts. What is to be played is written down at once, episode by episode."""

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count

from apps.core.bulk import rows_insert
from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.training.errors import RolloutRefused
from apps.training.held_out import is_held_out
from apps.training.models import Rollout, RolloutEpisode, TaskSet, TrainingPolicy
from apps.training.sandbox.opening import tools_check

MOST_EPISODES: Final = 20_000


def rollout_create(
    *,
    tenant_id: UUID,
    policy_id: UUID,
    task_set_id: UUID | None = None,
    groups: int | None = None,
    first: int = 0,
    group_size: int | None = None,
    concurrency: int = 8,
    checkpoint: str = "",
    seed: int | None = None,
    job_id: UUID | None = None,
    step: int | None = None,
    asked_by: str = "",
    max_tokens: int | None = None,
    temperature: float | None = None,
) -> Rollout:
    """Some groups of a task set, to be answered by a policy.

    The tasks are taken in an order that is shuffled once for each set: ``groups`` of them from
    the ``first`` on, beginning anew behind the last; by default each once. What is left out of
    the set, the size of groups and how to sample is as the policy says. For the same ``job_id``
    and ``step`` there is one rollout, however often it is asked for.

    Raises NotFound, RolloutRefused and SandboxRefused.
    """
    with tenant_tx(tenant_id):
        policy = _policy(tenant_id, policy_id)
        task_set = _task_set(tenant_id, task_set_id or policy.task_set_id)
        order = _shuffled(task_set) if job_id is None else _trained_on(task_set)
        wanted = len(order) if groups is None else groups
        chosen = _from(order, first, wanted)
        rollout = Rollout(
            tenant_id=tenant_id,
            policy=policy,
            task_set=task_set,
            job_id=job_id,
            step=step,
            groups=wanted,
            group_size=group_size or policy.group_size,
            concurrency=concurrency,
            checkpoint=checkpoint,
            seed=seed,
            asked_by=asked_by[:254],
            max_tokens=max_tokens or policy.max_tokens,
            temperature=policy.temperature if temperature is None else temperature,
        )
        return _store(rollout, chosen)


# What else a rollout could play: so many names at most.
More = Callable[[Rollout, int], Sequence[str]]


def rollout_extend(
    *, tenant_id: UUID, rollout_id: UUID, groups: int, most: int, more: More
) -> bool:
    """Some more groups for a rollout of a step, as long as it has fewer than ``most``; whether it
    got any. ``more`` is asked for them in the transaction that holds the rollout."""
    with tenant_tx(tenant_id):
        rows = Rollout.objects.for_tenant(tenant_id).filter(id=rollout_id)
        rollout = rows.select_for_update(of=("self",)).get()
        wanted = min(groups, most - rollout.groups)
        found = more(rollout, wanted) if wanted > 0 else ()
        if not found:
            return False
        _store_episodes(rollout, found)
        rows.update(
            groups=rollout.groups + len(found), status=Rollout.Status.RUNNING, reason="", note=""
        )
        return True


def tasks_next(*, rollout: Rollout, first: int, count: int) -> list[str]:
    """Tasks of the rollout's set that may be trained on, ``first`` and those behind it."""
    order = _trained_on(_task_set(rollout.tenant_id, rollout.task_set_id))
    return _from(order, first, count)


def resample_create(
    *,
    tenant_id: UUID,
    policy_id: UUID,
    turn_ids: Sequence[UUID] | Sequence[str],
    count: int,
    concurrency: int = 8,
    checkpoint: str = "",
    seed: int | None = None,
    job_id: UUID | None = None,
    step: int | None = None,
    asked_by: str = "",
    max_tokens: int | None = None,
    temperature: float | None = None,
) -> Rollout:
    """The prompts of recorded turns, to be asked ``count`` times each. As :func:`rollout_create`.

    Turns that cannot be asked again (with pictures, or forgotten) fail when they are played.
    """
    with tenant_tx(tenant_id):
        policy = _policy(tenant_id, policy_id)
        rollout = Rollout(
            tenant_id=tenant_id,
            policy=policy,
            origin=Rollout.Origin.RESAMPLE,
            job_id=job_id,
            step=step,
            groups=len(turn_ids),
            group_size=count,
            concurrency=concurrency,
            checkpoint=checkpoint,
            seed=seed,
            asked_by=asked_by[:254],
            max_tokens=max_tokens or policy.max_tokens,
            temperature=policy.temperature if temperature is None else temperature,
        )
        return _store(rollout, [str(turn_id) for turn_id in turn_ids])


def _policy(tenant_id: UUID, policy_id: UUID) -> TrainingPolicy:
    found = TrainingPolicy.objects.for_tenant(tenant_id).filter(id=policy_id).first()
    if found is None:
        raise NotFound
    return found


def _task_set(tenant_id: UUID, task_set_id: UUID | None) -> TaskSet:
    if task_set_id is None:
        raise RolloutRefused(say("rollout_no_task_set", "The policy has no task set: name one."))
    found = TaskSet.objects.for_tenant(tenant_id).filter(id=task_set_id).first()
    if found is None:
        raise NotFound
    return found


def _trained_on(task_set: TaskSet) -> list[dict[str, Any]]:
    """The tasks without those that gates are held on; all of them where that leaves none."""
    order = _shuffled(task_set)
    return [one for one in order if not is_held_out(str(one["task_id"]))] or order


def _shuffled(task_set: TaskSet) -> list[dict[str, Any]]:
    """The same order always: a job that goes on after a crash goes on in it."""
    found = list(task_set.tasks)
    random.Random(task_set.sha256).shuffle(found)  # noqa: S311  # an order, not a secret
    return found


def _from(order: Sequence[dict[str, Any]], first: int, count: int) -> list[str]:
    """The names of so many tasks. Raises SandboxRefused where they need what is switched off."""
    chosen = [order[(first + at) % len(order)] for at in range(count)]
    _check_tools(chosen)
    return [one["task_id"] for one in chosen]


def _check_tools(tasks: Sequence[dict[str, Any]]) -> None:
    """Sooner than when it is played. Raises SandboxRefused."""
    for one in tasks:
        if one.get("tools") or (one.get("checker") or {}).get("kind") == "command":
            tools_check()
            return


def _store(rollout: Rollout, task_ids: Sequence[str]) -> Rollout:
    tenant_id, size = rollout.tenant_id, rollout.group_size
    if not 1 <= len(task_ids) * size <= MOST_EPISODES or size > 64:
        english = (
            "{count} groups of {limit} cannot be played at once: groups have 1 to 64 members, and"
            " there are at most {most:,} episodes."
        )
        raise RolloutRefused(
            say("rollout_too_large", english, count=len(task_ids), limit=size, most=MOST_EPISODES)
        )
    try:
        with transaction.atomic():
            rollout.save(force_insert=True)
    except IntegrityError:
        if rollout.job_id is None:
            raise
        known = Rollout.objects.for_tenant(tenant_id)
        return known.get(job_id=rollout.job_id, step=rollout.step)
    _store_episodes(rollout, task_ids)
    publish_on_commit(tenant_id, Changed("training.rollout", str(rollout.id), rollout.status))
    return rollout


def _store_episodes(rollout: Rollout, task_ids: Sequence[str]) -> None:
    """A task that comes again has another group, behind those that it has."""
    known = RolloutEpisode.objects.for_tenant(rollout.tenant_id).filter(rollout=rollout)
    counted = known.values_list("task_id").annotate(n=Count("id")).order_by()
    begin: Counter[str] = Counter(dict(counted))
    rows = []
    for task_id in task_ids:
        members = range(begin[task_id], begin[task_id] + rollout.group_size)
        begin[task_id] += rollout.group_size
        rows += [_episode(rollout, task_id, member) for member in members]
    rows_insert(RolloutEpisode, rows)


def _episode(rollout: Rollout, task_id: str, member: int) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "tenant_id": rollout.tenant_id,
        "created_at": now(),
        "rollout_id": rollout.id,
        "task_id": task_id,
        "member": member,
        "status": RolloutEpisode.Status.WAITING,
        "turn_ids": [],
        "error": "",
    }
