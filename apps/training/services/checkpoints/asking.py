"""Answers to one prompt from both sides, each judged by itself by who does not know whose it is.

Network calls alone: nothing here touches the database.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from statistics import fmean
from typing import Any
from uuid import UUID

from apps.core.chat import readable
from apps.core.storable import storable
from apps.integrations.llm.client import ChatModel
from apps.integrations.tinker.types import Sampled, Sampler, SamplingWish
from apps.training.degeneracy import Figures, is_refusal, repetition
from apps.training.services.checkpoints.prompts import Prompt
from apps.trajectories.errors import NoVote
from apps.trajectories.services.judging import verdict_get
from apps.trajectories.types import JudgeInput, Verdict

# Of each side, to each prompt.
ANSWERS = 2

# A sampler of the weights under a path; of the base model where that is empty.
OpenSampler = Callable[[str], AbstractContextManager[Sampler]]


@dataclass(frozen=True, slots=True)
class Marked:
    """What an answer is worth, from -1 to 1; None where nobody can say."""

    reward: float | None
    why: str = ""
    verdict: Verdict | None = None


# Says what an answer to a prompt is worth. Called by several threads.
Mark = Callable[[Prompt, str], Marked]
# Says what an answer is worth to a task's own checker.
Checker = Callable[[Mapping[str, Any], str], Marked]


@dataclass(frozen=True, slots=True)
class Asked:
    """What both sides made of a prompt."""

    baseline: list[Figures]
    candidate: list[Figures]
    verdicts: list[Verdict] = field(default_factory=list)

    @property
    def is_judged(self) -> bool:
        return all(
            any(one.reward is not None for one in side) for side in (self.baseline, self.candidate)
        )


def mark_by_judge(judge: ChatModel, *, is_simulated: bool) -> Mark:
    """The workspace's judge. It sees one answer at a time and not what was said afterwards."""

    def mark(prompt: Prompt, answer: str) -> Marked:
        seen = JudgeInput(
            turn_id=UUID(int=0),
            at=prompt.at,
            system=prompt.system,
            user=prompt.user,
            response=answer,
            follow_up=None,
            skills=[],
        )
        try:
            found = verdict_get(model=judge, turn=seen, is_simulated=is_simulated, votes_asked=1)
        except NoVote as exc:
            return Marked(None, exc.detail)
        return Marked(float(found.value), found.rationale, found)

    return mark


def mark_by_task(otherwise: Mark, checker: Checker | None = None) -> Mark:
    """A task's own checker where it has one; the judge for all else."""

    def mark(prompt: Prompt, answer: str) -> Marked:
        found = prompt.task.get("checker")
        if not found:
            return otherwise(prompt, answer)
        return Marked(None, "No checker runs here.") if checker is None else checker(found, answer)

    return mark


def unmarked(prompt: Prompt, answer: str) -> Marked:
    """Where there is no judge."""
    return Marked(None, "There is no judge.")


def ask(
    prompt: Prompt,
    *,
    seed: int,
    wish: SamplingWish,
    candidate: Sampler,
    baseline: Sampler | None,
    mark: Mark,
) -> Asked:
    """Ask both; without a ``baseline`` what was answered then stands for it.

    Raises CannotRender where the template has no place for the prompt, TrainerFailed,
    UpstreamFailed.
    """
    renderer = candidate.renderer()
    tokens = renderer.prompt(prompt.messages, prompt.tools)
    sides: dict[str, list[tuple[str, Sampled | None]]] = {"baseline": [], "candidate": []}
    for name, sampler in (("baseline", baseline), ("candidate", candidate)):
        if sampler is not None:
            found = sampler.sample(tokens, ANSWERS, wish)
            sides[name] = [(readable(renderer.said(one.tokens).message()), one) for one in found]
    if baseline is None:
        sides["baseline"] = [(prompt.answered or "", None)]
    order = [(name, at) for name, side in sides.items() for at in range(len(side))]
    # In an order that says nothing.
    random.Random(seed).shuffle(order)  # noqa: S311  # an order, not a secret
    marks = {place: _marked(mark, prompt, sides[place[0]][place[1]][0]) for place in order}
    figures = {
        name: [_figures(text, sampled, marks[name, at]) for at, (text, sampled) in enumerate(side)]
        for name, side in sides.items()
    }
    return Asked(
        figures["baseline"],
        figures["candidate"],
        [one.verdict for one in marks.values() if one.verdict is not None],
    )


def _marked(mark: Mark, prompt: Prompt, text: str) -> Marked:
    if not text.strip():
        return Marked(-1.0, "It says nothing.")
    return mark(prompt, text)


def _figures(text: str, sampled: Sampled | None, marked: Marked) -> Figures:
    logprobs: Sequence[float] = sampled.logprobs if sampled else ()
    return Figures(
        # A policy may say anything, NUL included.
        text=storable(text),
        reward=marked.reward,
        why=storable(marked.why),
        tokens=len(sampled.tokens) if sampled else 0,
        repetition=round(repetition(text), 4),
        is_refusal=is_refusal(text),
        is_cut=sampled is not None and sampled.stop_reason == "length",
        surprise=-fmean(logprobs) if logprobs else None,
    )
