"""Scoring a turn: several independent votes of a judge model, and the majority."""

import json
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from uuid import UUID

from pydantic import BaseModel, Field, ValidationError

from apps.core.clock import now
from apps.core.said import say
from apps.integrations.llm.client import ChatModel, Completion
from apps.jobs.services import job_enqueue
from apps.trajectories.errors import NoVote
from apps.trajectories.models import Score
from apps.trajectories.rewards import ENOUGH
from apps.trajectories.services.scores import scores_put
from apps.trajectories.types import GivenScore, JudgeInput, Verdict, Vote
from apps.usage.selectors import price_table

JUDGE_KIND = "trajectories.judge_turn"
PROMPT_VERSION = "judge-v1"
VOTES = 3
_PROMPT = files("apps.trajectories").joinpath(f"prompts/{PROMPT_VERSION}.md").read_text()
_JSON = re.compile(r"\{.*\}", re.DOTALL)


class _Answer(BaseModel):
    vote: int = Field(ge=-1, le=1)
    rationale: str = Field(default="", max_length=4000)


def turn_ask_judge(*, tenant_id: UUID, turn_id: UUID, at: datetime) -> None:
    """Have the turn scored at ``at``; asking again can only make it earlier."""
    job_enqueue(
        tenant_id=tenant_id,
        kind=JUDGE_KIND,
        payload={"turn_id": str(turn_id)},
        run_after=at,
        dedupe_key=str(turn_id),
    )


def verdict_get(
    *, model: ChatModel, turn: JudgeInput, is_simulated: bool, votes_asked: int = VOTES
) -> Verdict:
    """Ask the judge. Makes network calls: no transaction may be open.

    Raises NoVote when no vote could be understood: such a turn stays unscored.
    """
    question = json.dumps(
        {
            "task": "judge",
            "system": turn.system,
            "user": turn.user,
            "response": turn.response,
            "follow_up": turn.follow_up,
        },
        ensure_ascii=False,
    )
    answers = [model.complete(system=_PROMPT, user=question) for _ in range(votes_asked)]
    votes = [_vote(answer) for answer in answers]
    counted = Counter([vote.value for vote in votes if vote.value is not None])
    if not counted:
        raise NoVote(
            say("judge_no_vote", "The judge gave no vote that could be understood."),
            permanent=False,
        )
    value = _majority(counted)
    return Verdict(
        value=value,
        rationale=next((v.rationale for v in votes if v.value == value and v.rationale), ""),
        votes=votes,
        judge_model=answers[0].model,
        prompt_version=PROMPT_VERSION,
        is_simulated=is_simulated,
        saw_follow_up=turn.follow_up is not None,
        input_tokens=sum(answer.input_tokens or 0 for answer in answers),
        output_tokens=sum(answer.output_tokens or 0 for answer in answers),
    )


def verdict_priced(*, tenant_id: UUID, verdict: Verdict, is_free: bool) -> Verdict:
    """The verdict with what it cost by the prices of now.

    ``is_free``: its provider is paid by nobody.
    """
    if is_free or verdict.is_simulated:
        return replace(verdict, cost_micros=0)
    price = price_table(tenant_id=tenant_id).price_of(verdict.judge_model)
    if price is None:
        return replace(verdict, cost_micros=None)
    cost = price.cost(input_tokens=verdict.input_tokens, output_tokens=verdict.output_tokens)
    return replace(verdict, cost_micros=cost)


def score_record(*, tenant_id: UUID, turn_id: UUID, verdict: Verdict) -> bool:
    """Store a verdict inside the caller's transaction; False if the turn had one already."""
    return bool(scores_put(tenant_id=tenant_id, scores=[score_of(turn_id, verdict)]).rated)


def score_of(turn_id: UUID, verdict: Verdict) -> GivenScore:
    """A verdict as a score: as sure as its votes agree."""
    agreeing = sum(vote.value == verdict.value for vote in verdict.votes)
    share = agreeing / len(verdict.votes) if verdict.votes else 0
    return GivenScore(
        turn_id=turn_id,
        kind=Score.Kind.JUDGE,
        value=verdict.value,
        # What a judge finds is an outcome, even where its votes are split.
        confidence=max(ENOUGH, share),
        at=now(),
        rationale=verdict.rationale,
        verdict=verdict,
    )


def _vote(answer: Completion) -> Vote:
    found = _JSON.search(answer.text)
    if found is None:
        return Vote(None, "The judge did not answer in JSON.")
    try:
        parsed = _Answer.model_validate_json(found[0])
    except ValidationError:
        return Vote(None, "The judge's answer does not have the form asked for.")
    return Vote(parsed.vote, parsed.rationale)


def _majority(counted: Counter[int]) -> int:
    """The value with the most votes; a tie says nothing, which is 0."""
    (first, times), *rest = counted.most_common()
    return 0 if rest and rest[0][1] == times else first
