"""A run of the evolver, from the failures it is shown to what became of its answer."""


from apps.core.tenancy import tenant_tx
from apps.evolution.models import EvolutionRun
from apps.evolution.services.learning.asking import (
    PROMPT,
    PROMPT_VERSION,
    open_failures,
    question_for,
)
from apps.evolution.services.learning.proposing import Unusable, propose, understand
from apps.evolution.services.learning.triggers import evolution_request
from apps.integrations.llm.client import ChatModel
from apps.jobs.handlers import JobRun
from apps.trajectories import services as trajectories


def evolution_run(*, run: JobRun, model: ChatModel, is_simulated: bool) -> None:
    """Show the evolver the open failures; store what it proposes; go on while some are left."""
    with tenant_tx(run.tenant_id):
        failures = open_failures(run.tenant_id)
        question = question_for(run.tenant_id, failures) if failures else ""
    if not failures:
        return
    answer = model.complete(system=PROMPT, user=question)
    try:
        parsed, doc = understand(answer, failures)
        problem = ""
    except Unusable as exc:
        parsed, doc, problem = None, None, str(exc)
    shown = [turn.turn_id for turn in failures]
    with run.effect():
        record = EvolutionRun.objects.create(
            tenant_id=run.tenant_id,
            outcome=EvolutionRun.Outcome.INVALID,
            reason=problem,
            author_model=answer.model,
            prompt_version=PROMPT_VERSION,
            is_simulated=is_simulated,
            failures_shown=len(failures),
            shown_turn_ids=shown,
            input_tokens=answer.input_tokens or 0,
            output_tokens=answer.output_tokens or 0,
        )
        if parsed is None or doc is None:
            # One more try with the same turns, then they are left to people.
            trajectories.turns_considered(tenant_id=run.tenant_id, turn_ids=shown)
        else:
            evidence = [turn for turn in failures if turn.turn_id in set(parsed.evidence_ids)]
            propose(run.tenant_id, record, doc, evidence)
            # The first failure set the theme; the others get runs of their own.
            trajectories.turns_considered(tenant_id=run.tenant_id, turn_ids=shown[:1])
        if open_failures(run.tenant_id):
            evolution_request(tenant_id=run.tenant_id)
