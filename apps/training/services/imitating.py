"""Answers that members approved or wrote, in a policy's own tokens: supervised learning.

What is learned from is the conversation as it was asked, skills included, and the answer as it
should have been. Nobody sampled it, so it has no log-probabilities and no reward: the policy is
drawn to it word by word (``cross_entropy``).
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.chat import with_instructions
from apps.core.errors import DomainError
from apps.core.said import say, together
from apps.core.tenancy import tenant_tx
from apps.dialects import Untranslatable, chat_turn
from apps.integrations.tinker.errors import CannotRender
from apps.integrations.tinker.types import Training, Writer
from apps.jobs.handlers import JobRun
from apps.skills.selectors import generation_get
from apps.training.advantages import unweighed
from apps.training.errors import NothingToTrainOn
from apps.training.models import Batch, BatchSample, Sample, TrainingStep
from apps.training.recipe import Recipe
from apps.training.selectors.samples import REFUSALS, examples_listed
from apps.training.services.samples import samples_record
from apps.training.types import NewSample, Rewarded
from apps.trajectories import selectors as turns

# Turns gone through for one step: those whose conversation no template can write stay in the way.
_WRITTEN = 2_000


@dataclass(frozen=True, slots=True)
class Example:
    """An answer to imitate, behind the prompt that it answers, in tokens."""

    turn_id: UUID
    prompt: list[int]
    answer: list[int]
    version_ids: tuple[UUID, ...]


class NoExample(Exception):
    """This answer cannot be learned from; the text says why."""


def examples_gather(*, run: JobRun, step: TrainingStep, recipe: Recipe, training: Training) -> UUID:
    """Form the batch of a step from the oldest answers that no step has used; note it there.

    Raises NothingToTrainOn. No transaction may be open: the template may be fetched.
    """
    wanted, writer = recipe.groups_per_step, training.writer()
    with tenant_tx(run.tenant_id):
        known = examples_listed(tenant_id=run.tenant_id, agent=recipe.agent)
    found: list[Example] = []
    refused: list[str] = [REFUSALS[code] for _, code in known if code]
    for turn_id in [turn_id for turn_id, code in known if not code][:_WRITTEN]:
        try:
            found.append(_example(run.tenant_id, turn_id, writer, training.context))
        except NoExample as exc:
            refused.append(str(exc))
        if len(found) == wanted:
            return _note(run, step, recipe, found)
    english = "{count} more cannot be used, the first because:"
    more = say("answers_unfit", english, count=len(refused)) if refused else ""
    why = refused[0] if refused else ""
    english = (
        "There are {count} answers that members approved or wrote, {wanted} are wanted for a step."
    )
    few = say("answers_few", english, count=len(found), wanted=wanted)
    raise NothingToTrainOn(
        together(few, more, why),
        usable=len(found),
        flat=0,
    )


def _example(tenant_id: UUID, turn_id: UUID, writer: Writer, context: int | None) -> Example:
    """Raises NoExample."""
    try:
        with tenant_tx(tenant_id):
            turn = turns.expert_turn(tenant_id=tenant_id, turn_id=turn_id)
        given = None if turn.correction else turn.answer
        chat = chat_turn(turn.dialect, json.loads(turn.body), given)
        said: dict[str, Any] | None = chat.answer
        if turn.correction:
            said = {"role": "assistant", "content": turn.correction}
        if said is None:
            raise NoExample(say("turn_no_answer", "The turn has no answer on record."))
        messages = with_instructions(chat.messages, turn.skills)
        prompt = writer.prompt(messages, chat.tools)
        answer = writer.answer(messages, chat.tools, said)
    except (DomainError, CannotRender) as exc:
        raise NoExample(exc.detail if isinstance(exc, DomainError) else str(exc)) from exc
    except (Untranslatable, ValueError) as exc:
        english = "Its request cannot be written as a chat: {why}"
        raise NoExample(say("turn_no_chat", english, why=str(exc))) from exc
    if context is not None and len(prompt) + len(answer) > context:
        english = "It has {tokens:,} tokens; the model takes {limit:,}."
        raise NoExample(
            say("turn_too_long", english, tokens=len(prompt) + len(answer), limit=context)
        )
    return Example(turn_id, prompt, answer, turn.version_ids)


def _note(run: JobRun, step: TrainingStep, recipe: Recipe, found: Sequence[Example]) -> UUID:
    with run.effect():
        try:
            with transaction.atomic():
                batch = _batch(run.tenant_id, recipe, found)
        except IntegrityError as exc:
            # A turn taught a skill, or a skill in its prompt changed, since it was looked at.
            english = "An answer of the batch may not train any more: try again."
            raise NothingToTrainOn(say("batch_changed", english), usable=0, flat=0) from exc
        TrainingStep.objects.for_tenant(run.tenant_id).filter(id=step.id).update(batch=batch)
        return batch.id


def _batch(tenant_id: UUID, recipe: Recipe, found: Sequence[Example]) -> Batch:
    turn_ids = [one.turn_id for one in found]
    rows = Sample.objects.for_tenant(tenant_id).filter(
        turn_id__in=turn_ids, origin=Sample.Origin.EXPERT
    )
    # Of a batch that was given back: what it says may have been corrected since.
    rows.delete()
    generation = generation_get(tenant_id=tenant_id)
    samples_record(tenant_id=tenant_id, samples=[_sample(one, recipe, generation) for one in found])
    ids = dict(rows.all().values_list("turn_id", "id"))
    batch = Batch.objects.create(
        tenant_id=tenant_id,
        groups=len(found),
        normalisation=recipe.normalisation,
        needs_reward=False,
    )
    alone = [
        [Rewarded(ids[one.turn_id], one.turn_id, ids[one.turn_id], len(one.answer), None)]
        for one in found
    ]
    BatchSample.objects.bulk_create(
        BatchSample(
            tenant_id=tenant_id,
            batch=batch,
            sample_id=one.rewarded.sample_id,
            turn_id=one.rewarded.turn_id,
            advantage=0.0,
            weight=one.weight,
        )
        # Locks are taken in one order by everybody.
        for one in sorted(unweighed(alone, recipe.normalisation), key=lambda w: w.rewarded.turn_id)
    )
    return batch


def _sample(one: Example, recipe: Recipe, generation: int) -> NewSample:
    return NewSample(
        turn_id=one.turn_id,
        origin=Sample.Origin.EXPERT,
        group_id=None,
        base_model=recipe.base_model,
        checkpoint="",
        generation=generation,
        version_ids=one.version_ids,
        temperature=0.0,
        stop_reason="stop",
        prompt_tokens=one.prompt,
        tokens=one.answer,
        logprobs=(),
    )
