"""What one training step learns from: played with the weights as they are, until it is enough."""

import time
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from apps.core.errors import DomainError, NotFound
from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.types import Sampler, Training
from apps.training.advantages import by_group, is_flat
from apps.training.errors import JudgeLate, NothingToTrainOn, RolloutRefused, SandboxRefused
from apps.training.models import Rollout, RolloutEpisode, TrainingJob, TrainingStep
from apps.training.recipe import Recipe
from apps.training.selectors.jobs import step_last
from apps.training.selectors.rollouts import rollout_get, rollout_used
from apps.training.selectors.samples import samples_eligible
from apps.training.services.budgets import sampling_reserve, sampling_settle
from apps.training.services.rollouts.creating import rollout_extend
from apps.training.services.rollouts.playing import rollout_play
from apps.training.services.rollouts.sources import Source, source_of

# Groups whose answers are all worth the same teach nothing: others are played in their place,
# but a policy that knows its tasks by heart would never be done.
MOST_ROUNDS: Final = 3
# How long a judge is waited for by a worker; then others have a turn.
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
    """Play what a step is to learn from until ``groups_per_step`` groups say something, or thrice
    as many do not. Goes on where an earlier worker was killed. No transaction may be open.

    Raises NothingToTrainOn, BudgetReached, JudgeLate and TrainerFailed.
    """
    source = source_of(job, step, recipe)
    try:
        return _until_enough(job, step, source, recipe, training)
    except (RolloutRefused, SandboxRefused, NotFound) as exc:
        english = "The {noun} of step {step} cannot be played:"
        failed = say("step_cannot_play", english, noun=source.noun, step=step.number)
        raise NothingToTrainOn(together(failed, exc.detail), usable=0, flat=0) from exc


def _until_enough(
    job: TrainingJob, step: TrainingStep, source: Source, recipe: Recipe, training: Training
) -> PlayedGroups:
    tenant_id, wanted = job.tenant_id, recipe.groups_per_step
    with tenant_tx(tenant_id):
        path = _weights_before(job)
    sampler, rollout = training.sampler(path), source.begin(path)
    while True:
        found = _played(rollout, step, sampler, recipe)
        missing = wanted - found.telling
        if missing <= 0 or not rollout_extend(
            tenant_id=tenant_id,
            rollout_id=rollout.id,
            groups=missing,
            most=wanted * MOST_ROUNDS,
            more=source.more,
        ):
            break
    if not found.group_ids:
        with tenant_tx(tenant_id):
            played = rollout_get(tenant_id=tenant_id, rollout_id=rollout.id)
        raise RolloutRefused(played.note)
    if not found.telling:
        english = (
            "All answers to the {noun} of step {step} were worth the same, {count} groups of them:"
            " there is nothing to learn from."
        )
        raise NothingToTrainOn(
            say(
                "step_all_the_same",
                english,
                noun=source.noun,
                step=rollout.step,
                count=len(found.group_ids),
            ),
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


def _played(rollout: Rollout, step: TrainingStep, sampler: Sampler, recipe: Recipe) -> PlayedGroups:
    tenant_id = rollout.tenant_id
    rollout_play(
        tenant_id=tenant_id,
        rollout_id=rollout.id,
        sampler=sampler,
        is_wanted=lambda: True,
        booked=partial(_booked, rollout, step, recipe),
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


@contextmanager
def _booked(rollout: Rollout, step: TrainingStep, recipe: Recipe, most: int) -> Iterator[None]:
    """The day's budget holds what is sampled. Whoever is killed in here settles nothing."""
    tenant_id, before = rollout.tenant_id, _used(rollout)
    sampling_reserve(tenant_id=tenant_id, step_id=step.id, tokens=most, cost=recipe.cost)

    def settle() -> None:
        used = _used(rollout) - before
        sampling_settle(
            tenant_id=tenant_id, step_id=step.id, reserved=most, used=used, cost=recipe.cost
        )

    try:
        yield
    except DomainError:
        settle()
        raise
    settle()


def _used(rollout: Rollout) -> int:
    with tenant_tx(rollout.tenant_id):
        return rollout_used(tenant_id=rollout.tenant_id, rollout_id=rollout.id)


def _await_judge(tenant_id: UUID, group_ids: Collection[UUID]) -> None:
    until = time.monotonic() + _JUDGE_SECONDS
    while unscored := _unscored(tenant_id, group_ids):
        if time.monotonic() > until:
            raise JudgeLate(
                say(
                    "judge_late",
                    "{count} answers of the policy wait for the judge.",
                    count=unscored,
                )
            )
        time.sleep(_LOOK_SECONDS)


def _unscored(tenant_id: UUID, group_ids: Collection[UUID]) -> int:
    with tenant_tx(tenant_id):
        found = samples_eligible(
            tenant_id=tenant_id, limit=_MOST_SAMPLES, group_ids=group_ids, needs_reward=False
        )
    return sum(one.reward is None for one in found)
