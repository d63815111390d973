"""A policy that was trained in three nights of the story, and what it said in its own tokens."""

from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.demo.story.learning import Act
from apps.demo.story.setting import REVIEWER, TRAINER
from apps.demo.story.stage import Stage
from apps.training.selectors.jobs import policy_list
from apps.training.services import history_show, policy_create, samples_record
from apps.training.types import NewSample
from apps.trajectories.selectors import TurnFilters, turn_list
from apps.upstreams.selectors import upstream_list

_AGENT = "dispatch"
_BASE_MODEL = "local/demo-1"
_GATE_PROMPTS = 32
_SAMPLED = 24


def train(number: int) -> Act:
    """The night's job, its checkpoint and its gate."""

    def act(stage: Stage) -> None:
        turns = _turns(stage)
        policy_id = _policy(stage)
        _sample(stage, turns[:_SAMPLED])
        history_show(
            samples=_SAMPLED,
            tenant_id=stage.tenant_id,
            policy_id=policy_id,
            actor=REVIEWER,
            at=stage.at,
            number=number,
            prompts=turns[:_GATE_PROMPTS],
        )

    return act


def _policy(stage: Stage) -> UUID:
    with tenant_tx(stage.tenant_id):
        found = policy_list(tenant_id=stage.tenant_id).first()
        if found is None:
            upstreams = upstream_list(tenant_id=stage.tenant_id)
            found = policy_create(
                tenant_id=stage.tenant_id,
                actor=REVIEWER,
                name=_AGENT,
                agent=_AGENT,
                upstream_id=next(one.id for one in upstreams if one.name == TRAINER),
                base_model=_BASE_MODEL,
                token_price_micros=1_000_000,
            )
        policy_id: UUID = found.id
        return policy_id


def _turns(stage: Stage) -> list[UUID]:
    """The agent's turns until then that were answered, the latest first."""
    with tenant_tx(stage.tenant_id):
        filters = TurnFilters(agent=_AGENT, status="complete", until=stage.at)
        rows = turn_list(tenant_id=stage.tenant_id, filters=filters)
        return [row.id for row in rows[:_GATE_PROMPTS]]


def _sample(stage: Stage, turn_ids: list[UUID]) -> None:
    samples = []
    for turn_id in turn_ids:
        dice = stage.dice("sample", turn_id)
        tokens = [dice.randrange(1, 32_000) for _ in range(dice.randint(14, 30))]
        samples.append(
            NewSample(
                turn_id=turn_id,
                origin="serving",
                group_id=None,
                base_model=_BASE_MODEL,
                checkpoint="",
                generation=stage.snapshot.library.generation,
                version_ids=(),
                temperature=1.0,
                stop_reason="stop",
                prompt_tokens=[dice.randrange(1, 32_000) for _ in range(40)],
                tokens=tokens,
                logprobs=[-dice.expovariate(2) for _ in tokens],
            )
        )
    samples_record(tenant_id=stage.tenant_id, samples=samples)
