"""The tasks of one training step: played with the weights as they are, until enough is learned."""

import time
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from apps.core.errors import NotFound
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.types import Sampler, Training
from apps.training.advantages import by_group, is_flat
from apps.training.errors import NothingToTrainOn, RolloutRefused, SandboxRefused
from apps.training.models import Rollout, RolloutEpisode, TrainingJob, TrainingStep
from apps.training.recipe import Recipe
from apps.training.selectors.jobs import step_last
from apps.training.selectors.rollouts import rollout_get
from apps.training.selectors.samples import samples_eligible
from apps.training.services.rollouts.creating import rollout_create, rollout_extend
from apps.training.services.rollouts.playing import rollout_play

# Groups whose answers are all worth the same teach nothing: others are played in their place,
# but a policy that knows its tasks by heart would never be done.
MOST_ROUNDS: Final = 3
CONCURRENCY: Final = 8
# How long a judge is waited for, where tasks have no checker.
_JUDGE_SECONDS = 90.0
_LOOK_SECONDS = 1.0
_MOST_SAMPLES = 100_000


@dataclass(frozen=True, slots=True)
class PlayedGroups:
    """Groups of a step, and how many of them there is something to be learned from."""

    group_ids: list[UUID]
    telling: int


def step_groups_play(
    *, job: TrainingJob, step: TrainingStep, recipe: Recipe, training: Training
) -> PlayedGroups:
    """Play tasks for a step until ``groups_per_step`` groups say something, or thrice as many do
    not. Goes on where an earlier worker was killed. No transaction may be open.

    Raises NothingToTrainOn and TrainerFailed.
    """
    try:
        return _until_enough(job, step, recipe, training)
    except (RolloutRefused, SandboxRefused, NotFound) as exc:
        raise NothingToTrainOn(
            f"The tasks of step {step.number} cannot be played: {exc.detail}", usable=0, flat=0
        ) from exc


def _until_enough(
    job: TrainingJob, step: TrainingStep, recipe: Recipe, training: Training
) -> PlayedGroups:
    tenant_id, wanted = job.tenant_id, recipe.groups_per_step
    with tenant_tx(tenant_id):
        path, first = _weights_before(job), (_age(job) + step.number - 1) * wanted
    sampler = training.sampler(path)
    rollout = rollout_create(
        tenant_id=tenant_id,
        policy_id=job.policy_id,
        groups=wanted,
        first=first,
        group_size=recipe.group_size,
        concurrency=CONCURRENCY,
        checkpoint=path,
        job_id=job.id,
        step=step.number,
        max_tokens=recipe.max_tokens,
        temperature=recipe.temperature,
    )
    while True:
        found = _played(rollout, sampler, recipe)
        missing = wanted - found.telling
        if missing <= 0 or not rollout_extend(
            tenant_id=tenant_id,
            rollout_id=rollout.id,
            first=first,
            groups=missing,
            most=wanted * MOST_ROUNDS,
        ):
            break
    if not found.group_ids:
        with tenant_tx(tenant_id):
            played = rollout_get(tenant_id=tenant_id, rollout_id=rollout.id)
        raise RolloutRefused(played.note)
    if not found.telling:
        raise NothingToTrainOn(
            f"All answers to the tasks of step {step.number} were worth the same,"
            f" {len(found.group_ids)} groups of them: there is nothing to learn from.",
            usable=0,
            flat=len(found.group_ids),
        )
    return found


def _weights_before(job: TrainingJob) -> str:
    """The path of the weights that the step starts from; empty: the base model's own."""
    last = step_last(tenant_id=job.tenant_id, job_id=job.id)
    if last is not None:
        return last.sampler_path
    return job.start.sampler_path if job.start is not None else ""


def _age(job: TrainingJob) -> int:
    """Jobs that follow each other go on in the tasks as well."""
    return job.start.step if job.start is not None else 0


def _played(rollout: Rollout, sampler: Sampler, recipe: Recipe) -> PlayedGroups:
    tenant_id = rollout.tenant_id
    rollout_play(
        tenant_id=tenant_id, rollout_id=rollout.id, sampler=sampler, is_wanted=lambda: True
    )
    with tenant_tx(tenant_id):
        episodes = RolloutEpisode.objects.for_tenant(tenant_id).filter(rollout=rollout)
        found = set(episodes.values_list("group_id", flat=True))
    group_ids = sorted(one for one in found if one is not None)
    if not recipe.has_rewards:
        return PlayedGroups(group_ids, len(group_ids))
    _await_judge(tenant_id, group_ids)
    with tenant_tx(tenant_id):
        groups = by_group(
            samples_eligible(tenant_id=tenant_id, limit=_MOST_SAMPLES, group_ids=group_ids)
        )
    telling = [one for one in groups.values() if len(one) > 1 and not is_flat(one)]
    return PlayedGroups(group_ids, len(telling))


def _await_judge(tenant_id: UUID, group_ids: Collection[UUID]) -> None:
    until = time.monotonic() + _JUDGE_SECONDS
    while unscored := _unscored(tenant_id, group_ids):
        if time.monotonic() > until:
            raise NothingToTrainOn(
                f"{unscored} answers to tasks without a checker wait for the judge.",
                usable=0,
                flat=0,
            )
        time.sleep(_LOOK_SECONDS)


def _unscored(tenant_id: UUID, group_ids: Collection[UUID]) -> int:
    with tenant_tx(tenant_id):
        found = samples_eligible(
            tenant_id=tenant_id, limit=_MOST_SAMPLES, group_ids=group_ids, needs_reward=False
        )
    return sum(one.reward is None for one in found)
