from apps.trajectories.models import Turn
from apps.trajectories.training import Reason, TurnFacts, reasons_against
from apps.trajectories.types import UsedSkill


def training_reasons(turn: Turn) -> list[Reason]:
    """Why the turn may not train a model; empty if it may (apps.trajectories.training)."""
    used = turn.skills.all()
    return reasons_against(
        TurnFacts(
            tenant_id=turn.tenant_id,
            turn_id=turn.id,
            status=turn.status,
            kind=turn.kind,
            is_repeated=turn.is_repeated,
            is_simulated=turn.is_simulated,
            is_support=turn.is_support,
            outcome=turn.score,
            reward=turn.reward,
            upstream=turn.upstream,
            skills=tuple(UsedSkill(u.version_id, u.slug, u.version, u.score) for u in used),
        )
    )
