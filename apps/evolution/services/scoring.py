"""Scoring a turn and what follows from it: this app knows turns, skills and learning."""

from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.evolution.services.learning import evolution_request
from apps.integrations.llm.client import ChatModel
from apps.jobs.handlers import JobRun
from apps.skills import services as skills
from apps.trajectories import selectors as turns
from apps.trajectories import services as trajectories
from apps.trajectories.services.judging import verdict_get


def turn_score(*, run: JobRun, turn_id: UUID, model: ChatModel, is_simulated: bool) -> None:
    """Have a turn judged; a failing one asks for evolution in the same transaction."""
    with tenant_tx(run.tenant_id):
        turn = turns.judge_input(tenant_id=run.tenant_id, turn_id=turn_id)
    verdict = verdict_get(model=model, turn=turn, is_simulated=is_simulated)
    with run.effect():
        is_new = trajectories.score_record(
            tenant_id=run.tenant_id, turn_id=turn_id, verdict=verdict
        )
        if not is_new:
            return
        skills.skills_scored(
            tenant_id=run.tenant_id,
            version_ids=[used.version_id for used in turn.skills],
            at=turn.at,
            value=verdict.value,
        )
        if verdict.value < 0:
            evolution_request(tenant_id=run.tenant_id)
