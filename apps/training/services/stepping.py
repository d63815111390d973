"""One optimizer step: from a batch on record to what the trainer made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from apps.integrations.tinker.types import Row, Training
from apps.training.figures import Learned, figures_of, likeness_of, rewards_of
from apps.training.models import Batch, BatchSample
from apps.training.recipe import Recipe
from apps.training.teaching import Teacher

# What a loss takes for its bounds where the policy names none (docs of the Tinker API, "Losses").
_BOUNDS = {"ppo": (0.8, 1.2), "cispo": (0.0, 4.0)}


@dataclass(frozen=True, slots=True)
class Lesson:
    """One sample of a batch, ready to be learned from."""

    prompt: tuple[int, ...]
    answer: tuple[int, ...]
    logprobs: tuple[float, ...]
    # Of each token, for the reward alone.
    advantage: float
    weight: float
    reward: float | None


@dataclass(frozen=True, slots=True)
class Lessons:
    """A whole batch. ``tokens``: what the trainer will be asked to compute, prompts included."""

    rows: tuple[Lesson, ...]
    flat_groups: int
    groups: int

    @property
    def tokens(self) -> int:
        return sum(len(row.prompt) + len(row.answer) for row in self.rows)


def lessons_of(*, tenant_id: UUID, batch: Batch) -> Lessons:
    """The batch as it was formed; always in the same order."""
    found = (
        BatchSample.objects.for_tenant(tenant_id)
        .filter(batch_id=batch.id)
        .select_related("sample")
        .order_by("id")
    )
    rows = tuple(
        Lesson(
            prompt=tuple(np.frombuffer(one.sample.prompt_tokens, "<i4").tolist()),
            answer=tuple(np.frombuffer(one.sample.tokens, "<i4").tolist()),
            logprobs=tuple(np.frombuffer(one.sample.logprobs, "<f4").tolist()),
            advantage=one.advantage,
            weight=one.weight,
            reward=one.reward,
        )
        for one in found
    )
    return Lessons(rows=rows, flat_groups=batch.flat_groups, groups=batch.groups)


def step_take(
    *, training: Training, lessons: Lessons, recipe: Recipe, teacher: Teacher | None
) -> dict[str, float]:
    """Ask the trainer for one step on these; answers with the figures of it.

    No transaction may be open: this takes as long as the trainer does. Raises TrainerFailed and
    TeacherUnfit.
    """
    if recipe.imitates:
        return _imitate(training, lessons, recipe)
    taught = [_taught(row, teacher) for row in lessons.rows]
    advantages = [
        _advantages(row, by_teacher, recipe.kl_coefficient)
        for row, by_teacher in zip(lessons.rows, taught, strict=True)
    ]
    stepped = training.step(
        [
            Row(prompt=row.prompt, answer=row.answer, logprobs=row.logprobs, advantages=worth)
            for row, worth in zip(lessons.rows, advantages, strict=True)
        ],
        loss=recipe.loss,
        config=recipe.loss_config,
        learning_rate=recipe.learning_rate,
    )
    learned = [
        Learned(advantages=worth, sampled=row.logprobs, trained=now)
        for row, worth, now in zip(lessons.rows, advantages, stepped.logprobs, strict=True)
    ]
    own = figures_of(learned, clip=_bounds(recipe))
    found = own | rewards_of([row.reward for row in lessons.rows if row.reward is not None])
    if teacher is not None:
        found["teacher_kl"] = _distance(lessons.rows, taught)
    found |= {"groups": float(lessons.groups), "flat_groups": float(lessons.flat_groups)}
    for name, value in stepped.metrics.items():
        found.setdefault(f"trainer.{name}", float(value))
    return found


def _imitate(training: Training, lessons: Lessons, recipe: Recipe) -> dict[str, float]:
    stepped = training.step(
        [
            Row(prompt=row.prompt, answer=row.answer, weights=[row.weight] * len(row.answer))
            for row in lessons.rows
        ],
        loss=recipe.loss,
        config={},
        learning_rate=recipe.learning_rate,
    )
    found = likeness_of(stepped.logprobs) | {"groups": float(lessons.groups)}
    for name, value in stepped.metrics.items():
        found.setdefault(f"trainer.{name}", float(value))
    return found


def _taught(row: Lesson, teacher: Teacher | None) -> list[float]:
    """By how much more likely each token was to the teacher than to the policy that said it."""
    if teacher is None:
        return []
    theirs = teacher.logprobs(row.prompt, row.answer)
    return [other - own for other, own in zip(theirs, row.logprobs, strict=True)]


def _advantages(row: Lesson, taught: Sequence[float], coefficient: float) -> list[float]:
    if not taught:
        return [row.advantage] * len(row.answer)
    return [row.advantage + coefficient * value * row.weight for value in taught]


def _distance(rows: Sequence[Lesson], taught: Sequence[Sequence[float]]) -> float:
    """Reverse KL to the teacher over what was said: of a token, in nats."""
    values = [value for one in taught for value in one]
    return -float(np.mean(values)) if values else 0.0


def _bounds(recipe: Recipe) -> tuple[float, float] | None:
    if recipe.loss not in _BOUNDS:
        return None
    low, high = _BOUNDS[recipe.loss]
    config = recipe.loss_config
    return config.get("clip_low_threshold", low), config.get("clip_high_threshold", high)
