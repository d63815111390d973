"""What is said of turns, and the one reward that follows from it.

Everything is done for all the turns at once, and under the lock of their rows: two who say
something of the same turn at the same time both count.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db import connection

from apps.core.bulk import as_json
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.live.events import Changed, publish_on_commit
from apps.trajectories.errors import TurnNotFound
from apps.trajectories.models import Score, TurnSkill
from apps.trajectories.rewards import Opinion, Reward, reward_of
from apps.trajectories.types import GivenScore, RatedTurn, TakenScores

_LOCK = """
SELECT id, score, started_at, is_rollout FROM trajectories_turn
WHERE tenant_id = %s AND id = ANY(%s) ORDER BY id FOR NO KEY UPDATE
"""
_COLUMNS = {
    "id": "uuid",
    "turn_id": "uuid",
    "created_at": "timestamptz",
    "kind": "text",
    "value": "float8",
    "confidence": "float8",
    "source": "text",
    "author": "text",
    "author_id": "text",
    "comment": "text",
    "rationale": "text",
    "correction": "text",
    "votes": "jsonb",
    "judge_model": "text",
    "prompt_version": "text",
    "is_simulated": "bool",
    "saw_follow_up": "bool",
    "input_tokens": "int",
    "output_tokens": "int",
    "cost_micros": "bigint",
}
_REPLACED = ("created_at", "value", "confidence", "author", "comment", "rationale", "correction")
# A judge is asked once for each version of its prompt; others may think again.
_PUT = f"""
INSERT INTO trajectories_score (tenant_id, {", ".join(_COLUMNS)})
SELECT %(tenant)s, {", ".join(_COLUMNS)} FROM json_to_recordset(%(rows)s::json)
  new ({", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())})
ON CONFLICT (tenant_id, turn_id, kind, prompt_version, author_id, source) DO UPDATE
SET {", ".join(f"{name} = excluded.{name}" for name in _REPLACED)}
WHERE trajectories_score.kind <> 'judge' AND trajectories_score.created_at < excluded.created_at
RETURNING turn_id
"""  # noqa: S608  # names of our own columns
_REWARD = """
UPDATE trajectories_turn t SET score = m.score, reward = m.reward, reward_source = m.source
FROM json_to_recordset(%(rows)s::json) m (id uuid, score smallint, reward float8, source text)
WHERE t.tenant_id = %(tenant)s AND t.id = m.id
  AND (t.score, t.reward, t.reward_source) IS DISTINCT FROM (m.score, m.reward, m.source)
"""


def scores_put(*, tenant_id: UUID, scores: Sequence[GivenScore]) -> TakenScores:
    """Store what is said of turns; of each (turn, kind, author, source) what was said last counts.

    What follows from a changed outcome is the caller's to do, in the same transaction.
    """
    if not scores:
        return TakenScores([], [])
    with tenant_tx(tenant_id):
        turns = _lock(tenant_id, {score.turn_id for score in scores})
        wanted = _latest([score for score in scores if score.turn_id in turns])
        touched = _put(tenant_id, wanted) if wanted else set()
        rated = _rate(tenant_id, {one: turns[one] for one in turns if one in touched})
    return TakenScores(rated, [score for score in scores if score.turn_id not in turns])


def score_remove(*, tenant_id: UUID, turn_id: UUID, kind: str, author_id: str) -> list[RatedTurn]:
    """Take back what somebody said of a turn. Raises TurnNotFound."""
    with tenant_tx(tenant_id):
        turns = _lock(tenant_id, {turn_id})
        if not turns:
            raise TurnNotFound
        rows = Score.objects.for_tenant(tenant_id).filter(turn_id=turn_id, kind=kind)
        gone, _ = rows.filter(author_id=author_id).delete()
        return _rate(tenant_id, turns) if gone else []


_Turns = dict[UUID, tuple[int | None, Any, bool]]


def _lock(tenant_id: UUID, turn_ids: Collection[UUID]) -> _Turns:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [tenant_id, list(turn_ids)])
        return {turn_id: (score, at, played) for turn_id, score, at, played in cursor.fetchall()}


def _latest(scores: Sequence[GivenScore]) -> list[GivenScore]:
    """One statement cannot write a row twice."""
    latest: dict[tuple[Any, ...], GivenScore] = {}
    for score in sorted(scores, key=lambda one: one.at):
        version = score.verdict.prompt_version if score.verdict else ""
        latest[score.turn_id, score.kind, version, score.author_id, score.source] = score
    return list(latest.values())


def _put(tenant_id: UUID, scores: Sequence[GivenScore]) -> set[UUID]:
    with connection.cursor() as cursor:
        rows = as_json([_row(score) for score in scores])
        cursor.execute(_PUT, {"tenant": tenant_id, "rows": rows})
        return {row[0] for row in cursor.fetchall()}


def _row(score: GivenScore) -> dict[str, Any]:
    verdict = score.verdict
    return {
        "id": uuid7(),
        "turn_id": score.turn_id,
        "created_at": score.at,
        "kind": score.kind,
        "value": score.value,
        "confidence": score.confidence,
        "source": score.source,
        "author": score.author[:150],
        "author_id": score.author_id,
        "comment": score.comment,
        "rationale": score.rationale,
        "correction": score.correction,
        "votes": [asdict(vote) for vote in verdict.votes] if verdict else [],
        "judge_model": verdict.judge_model if verdict else "",
        "prompt_version": verdict.prompt_version if verdict else "",
        "is_simulated": verdict.is_simulated if verdict else False,
        "saw_follow_up": verdict.saw_follow_up if verdict else False,
        "input_tokens": verdict.input_tokens if verdict else 0,
        "output_tokens": verdict.output_tokens if verdict else 0,
        "cost_micros": verdict.cost_micros if verdict else None,
    }


def _rate(tenant_id: UUID, turns: _Turns) -> list[RatedTurn]:
    """Work out the rewards of these turns anew; their rows are locked."""
    if not turns:
        return []
    rewards = _rewards(tenant_id, turns)
    rows = [
        {"id": turn_id, "score": reward.outcome, "reward": reward.value, "source": reward.source}
        for turn_id, reward in rewards.items()
    ]
    with connection.cursor() as cursor:
        cursor.execute(_REWARD, {"tenant": tenant_id, "rows": as_json(rows)})
    changed = [one for one in turns if turns[one][0] != rewards[one].outcome]
    versions = _versions(tenant_id, changed)
    # One for all of them: whoever hears of it asks for the list again.
    publish_on_commit(tenant_id, Changed("trajectories.score", str(next(iter(turns))), "scored"))
    return [
        RatedTurn(turn_id, at, before, rewards[turn_id].outcome, tuple(versions[turn_id]), played)
        for turn_id, (before, at, played) in turns.items()
    ]


def _rewards(tenant_id: UUID, turns: _Turns) -> dict[UUID, Reward]:
    said: dict[UUID, list[Opinion]] = {turn_id: [] for turn_id in turns}
    rows = Score.objects.for_tenant(tenant_id).filter(turn_id__in=list(turns))
    for turn_id, kind, value, confidence in rows.values_list(
        "turn_id", "kind", "value", "confidence"
    ):
        said[turn_id].append(Opinion(kind, value, confidence))
    return {turn_id: reward_of(opinions) for turn_id, opinions in said.items()}


def _versions(tenant_id: UUID, turn_ids: Sequence[UUID]) -> dict[UUID, list[UUID]]:
    found: dict[UUID, list[UUID]] = defaultdict(list)
    if turn_ids:
        used = TurnSkill.objects.for_tenant(tenant_id).filter(turn_id__in=turn_ids)
        for turn_id, version_id in used.values_list("turn_id", "version_id"):
            found[turn_id].append(version_id)
    return found
