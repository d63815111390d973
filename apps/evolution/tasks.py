"""Job handlers: find the model, call one service."""

from uuid import UUID

from celery import shared_task

from apps.core.errors import UpstreamFailed
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.integrations.llm.client import ChatModel, OpenAiChat
from apps.jobs.handlers import JobRun, handles
from apps.trajectories.services import JUDGE_KIND, SCORES_KIND
from apps.upstreams.asking import llm_connection
from apps.upstreams.selectors import connection_for
from apps.upstreams.types import UpstreamConnection, Use


@handles(JUDGE_KIND)
def judge_turn(run: JobRun) -> None:
    model, found = _model(run, "judge")
    services.turn_score(
        run=run,
        turn_id=UUID(run.payload["turn_id"]),
        model=model,
        is_simulated=found.is_simulated,
        is_free=found.is_free,
    )


@handles(SCORES_KIND)
def take_scores(run: JobRun) -> None:
    services.scores_take(run=run)


@handles(services.EVOLVE_KIND)
def learn(run: JobRun) -> None:
    model, found = _model(run, "evolve")
    services.evolution_run(
        run=run, model=model, is_simulated=found.is_simulated, is_free=found.is_free
    )


@shared_task(name="evolution.sweep_triggers")
def sweep_triggers() -> None:
    services.triggers_sweep()


@handles(services.REPLAY_KIND)
def replay(run: JobRun) -> None:
    replay_id = UUID(run.payload["replay_id"])
    try:
        judge, found = _model(run, "judge")
        services.replay_run(
            run=run,
            replay_id=replay_id,
            judge=judge,
            is_simulated=found.is_simulated,
            is_free=found.is_free,
        )
    except UpstreamFailed as exc:
        if exc.permanent:
            services.replay_fail(tenant_id=run.tenant_id, replay_id=replay_id, reason=exc.detail)
        raise


@shared_task(name="evolution.sweep_replays")
def sweep_replays() -> None:
    services.replays_sweep()


@handles(services.CANARY_KIND)
def look_at_canary(run: JobRun) -> None:
    services.canary_look(run=run, canary_id=UUID(run.payload["canary_id"]))


@shared_task(name="evolution.sweep_canaries")
def sweep_canaries() -> None:
    services.canaries_sweep()


@handles(services.LEDGER_KIND)
def look_at_ledger(run: JobRun) -> None:
    services.ledger_look(run=run)


@shared_task(name="evolution.sweep_ledgers")
def sweep_ledgers() -> None:
    services.ledger_sweep()


@handles(services.CHECK_KIND)
def look(run: JobRun) -> None:
    def judge() -> ChatModel | None:
        model, found = _model(run, "judge")
        # The practice model knows nothing of conflicts.
        return None if found.is_simulated else model

    services.proposal_look(run=run, proposal_id=UUID(run.payload["proposal_id"]), judge=judge)


def _model(run: JobRun, use: Use) -> tuple[ChatModel, UpstreamConnection]:
    with tenant_tx(run.tenant_id):
        found = connection_for(tenant_id=run.tenant_id, use=use)
    if not found.model:
        english = "The upstream {name} has no model name: judge and evolver need one."
        raise UpstreamFailed(
            say("upstream_no_model", english, name=found.name),
            permanent=True,
        )
    return OpenAiChat(llm_connection(found)), found
