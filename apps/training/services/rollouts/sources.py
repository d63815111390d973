"""What a training step plays: tasks of a set, or recorded prompts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol

from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.training.errors import RolloutRefused
from apps.training.models import Rollout, RolloutEpisode, TrainingJob, TrainingPolicy, TrainingStep
from apps.training.recipe import Recipe
from apps.training.selectors.rollouts import rollout_of_step
from apps.training.services.rollouts.creating import resample_create, rollout_create, tasks_next
from apps.training.services.rollouts.recorded import prompts_choose

CONCURRENCY: Final = 8


class Source(Protocol):
    noun: ClassVar[str]

    def begin(self, checkpoint: str) -> Rollout:
        """The step's rollout, the same however often it is asked for. Raises RolloutRefused,
        SandboxRefused and NotFound."""

    def more(self, rollout: Rollout, count: int) -> Sequence[str]:
        """What else could be played in it; empty where there is nothing else. In the caller's
        transaction."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """Jobs that follow each other go on in the set, as steps do."""

    noun: ClassVar[str] = "tasks"
    job: TrainingJob
    step: TrainingStep
    recipe: Recipe

    def begin(self, checkpoint: str) -> Rollout:
        return rollout_create(
            groups=self.recipe.groups_per_step,
            first=self._first(),
            group_size=self.recipe.group_size,
            **_wish(self.job, self.step, self.recipe, checkpoint),
        )

    def more(self, rollout: Rollout, count: int) -> Sequence[str]:
        return tasks_next(rollout=rollout, first=self._first() + rollout.groups, count=count)

    def _first(self) -> int:
        with tenant_tx(self.job.tenant_id):
            age = self.job.start.step if self.job.start is not None else 0
        return (age + self.step.number - 1) * self.recipe.groups_per_step


@dataclass(frozen=True, slots=True)
class Prompts:
    """Each step has those that were asked least often; none has the same prompt twice."""

    noun: ClassVar[str] = "recorded prompts"
    job: TrainingJob
    step: TrainingStep
    recipe: Recipe

    def begin(self, checkpoint: str) -> Rollout:
        tenant_id, wanted = self.job.tenant_id, self.recipe.groups_per_step
        with tenant_tx(tenant_id):
            # What others would be chosen by now is of no interest to a step that has begun.
            known = rollout_of_step(tenant_id=tenant_id, job_id=self.job.id, step=self.step.number)
            if known is not None:
                return known
            chosen = self._chosen(wanted)
            if len(chosen) < wanted:
                english = "A step asks {wanted} of them, and there are {count} that can be asked."
                raise RolloutRefused(
                    say("step_asks_more", english, wanted=wanted, count=len(chosen))
                )
            return resample_create(
                turn_ids=chosen,
                count=self.recipe.group_size,
                **_wish(self.job, self.step, self.recipe, checkpoint),
            )

    def more(self, rollout: Rollout, count: int) -> Sequence[str]:
        episodes = RolloutEpisode.objects.for_tenant(rollout.tenant_id).filter(rollout=rollout)
        return self._chosen(count, set(episodes.values_list("task_id", flat=True)))

    def _chosen(self, count: int, without: frozenset[str] | set[str] = frozenset()) -> list[str]:
        return prompts_choose(
            tenant_id=self.job.tenant_id,
            policy_id=self.job.policy_id,
            agent=self.recipe.agent,
            count=count,
            without=without,
        )


def source_of(job: TrainingJob, step: TrainingStep, recipe: Recipe) -> Source:
    if recipe.source == TrainingPolicy.Source.PROMPTS:
        return Prompts(job, step, recipe)
    return Tasks(job, step, recipe)


def _wish(job: TrainingJob, step: TrainingStep, recipe: Recipe, checkpoint: str) -> dict[str, Any]:
    return {
        "tenant_id": job.tenant_id,
        "policy_id": job.policy_id,
        "concurrency": CONCURRENCY,
        "checkpoint": checkpoint,
        "job_id": job.id,
        "step": step.number,
        "max_tokens": recipe.max_tokens,
        "temperature": recipe.temperature,
    }
