"""Scores that people, programs and the course of a conversation give, on their way to a turn.

Who stores them does not wait: they travel as jobs, together with what follows from them.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.jobs.selectors import jobs_waiting
from apps.jobs.services import JobWanted, jobs_enqueue
from apps.tenants.types import Actor
from apps.trajectories.models import Score
from apps.trajectories.signals import Signal
from apps.trajectories.types import GivenScore

logger = logging.getLogger(__name__)

SCORES_KIND = "trajectories.take_scores"
# Whoever rates an answer may be mistaken; a reviewer's word is final.
FEEDBACK_CONFIDENCE = 0.9
# How long feedback waits for its turn, from one try to the next: a day in all.
_WAITS = [timedelta(seconds=s) for s in (5, 55, 540, 3000, 18_000, 64_800)]
# Feedback on turns that never come must not fill the table of jobs.
_WAITING_MOST = 1000
_JOB_SIZE = 200


def feedback_of(
    *, turn_id: UUID, value: float, comment: str, by: Actor, at: datetime
) -> GivenScore:
    """What somebody who used the answer says of it."""
    return GivenScore(
        turn_id=turn_id,
        kind=Score.Kind.EXPLICIT,
        value=value,
        confidence=FEEDBACK_CONFIDENCE,
        at=at,
        author=by.label,
        author_id=by.id,
        comment=comment,
    )


def human_verdict(
    *, turn_id: UUID, value: int, comment: str, by: Actor, at: datetime, correction: str = ""
) -> GivenScore:
    """What a reviewer says who looked at the turn, and would have answered."""
    return GivenScore(
        turn_id=turn_id,
        kind=Score.Kind.HUMAN,
        value=value,
        confidence=1,
        at=at,
        author=by.label,
        author_id=by.id,
        comment=comment,
        correction=correction,
    )


def signal_score(*, turn_id: UUID, signal: Signal, at: datetime) -> GivenScore:
    """What the course of the conversation says."""
    return GivenScore(
        turn_id=turn_id,
        kind=Score.Kind.IMPLICIT,
        value=signal.value,
        confidence=signal.confidence,
        at=at,
        source=signal.source,
        rationale=signal.rationale,
    )


def scores_queue(*, tenant_id: UUID, scores: Sequence[GivenScore]) -> None:
    """Have these scores stored soon, with all that follows from them."""
    _enqueue(tenant_id, scores, tries=0, at=now(), name=str(uuid7()))


def scores_wait(*, tenant_id: UUID, scores: Sequence[GivenScore], tries: int, after: UUID) -> None:
    """Try feedback on turns that are not recorded again, a while from now; at last let it go."""
    waiting = [score for score in scores if score.kind == Score.Kind.EXPLICIT]
    if not waiting:
        return
    is_full = jobs_waiting(tenant_id=tenant_id, kind=SCORES_KIND) >= _WAITING_MOST
    if tries > len(_WAITS) or is_full:
        logger.info("feedback.turn_unknown", extra={"tenant_id": tenant_id, "n": len(waiting)})
        return
    # Named after the job before it: one that is done twice does not leave two.
    _enqueue(tenant_id, waiting, tries=tries, at=now() + _WAITS[tries - 1], name=f"after {after}")


def scores_wanted(payload: Mapping[str, Any]) -> tuple[list[GivenScore], int]:
    """The scores in a job, and how often they were tried."""
    return [_score(one) for one in payload["scores"]], int(payload["tries"])


def _enqueue(
    tenant_id: UUID, scores: Sequence[GivenScore], *, tries: int, at: datetime, name: str
) -> None:
    wanted = [
        JobWanted(
            payload={"scores": [_plain(one) for one in scores[i : i + _JOB_SIZE]], "tries": tries},
            dedupe_key=f"{name} {i}",
            run_after=at,
        )
        for i in range(0, len(scores), _JOB_SIZE)
    ]
    jobs_enqueue(tenant_id=tenant_id, kind=SCORES_KIND, wanted=wanted)


def _plain(score: GivenScore) -> dict[str, Any]:
    plain = {name: value for name, value in asdict(score).items() if value not in ("", None)}
    return plain | {"turn_id": str(score.turn_id), "at": score.at.isoformat()}


def _score(plain: Mapping[str, Any]) -> GivenScore:
    turn_id, at = UUID(plain["turn_id"]), datetime.fromisoformat(plain["at"])
    return GivenScore(**{**plain, "turn_id": turn_id, "at": at})
