"""Where the samples of a step come from."""

from typing import Protocol
from uuid import UUID

from apps.integrations.tinker.types import Training
from apps.jobs.handlers import JobRun
from apps.training.models import TrainingJob, TrainingStep
from apps.training.recipe import Recipe
from apps.training.services.batches import BatchWish, batch_form
from apps.training.services.imitating import examples_gather
from apps.training.services.rollouts.stepping import PlayedGroups, step_groups_play


class Gather(Protocol):
    """Forms the batch of a step and notes it there; answers with its id.

    Raises NothingToTrainOn. Called again after a crash only if no batch was noted.
    """

    def __call__(
        self,
        *,
        run: JobRun,
        job: TrainingJob,
        step: TrainingStep,
        recipe: Recipe,
        training: Training,
    ) -> UUID: ...


def gather(
    *, run: JobRun, job: TrainingJob, step: TrainingStep, recipe: Recipe, training: Training
) -> UUID:
    """What the policy's source says: recorded turns, what is played for this step, or answers that
    members stand behind."""
    if recipe.is_played:
        played = step_groups_play(job=job, step=step, recipe=recipe, training=training)
        return batch_note(run=run, step=step, wish=_of_played(played, recipe))
    if recipe.imitates:
        return examples_gather(run=run, step=step, recipe=recipe, training=training)
    wish = BatchWish(
        groups=recipe.groups_per_step,
        normalisation=recipe.normalisation,
        base_model=recipe.base_model,
        agent=recipe.agent,
        needs_reward=recipe.has_rewards,
    )
    return batch_note(run=run, step=step, wish=wish)


def _of_played(played: PlayedGroups, recipe: Recipe) -> BatchWish:
    return BatchWish(
        groups=min(recipe.groups_per_step, played.telling),
        normalisation=recipe.normalisation,
        group_ids=played.group_ids,
        needs_reward=recipe.has_rewards,
    )


def batch_note(*, run: JobRun, step: TrainingStep, wish: BatchWish) -> UUID:
    """Form a batch and note it in its step, both or neither."""
    with run.effect():
        batch = batch_form(tenant_id=run.tenant_id, wish=wish)
        TrainingStep.objects.for_tenant(run.tenant_id).filter(id=step.id).update(batch=batch)
        return batch.id
