"""A run of the evolver, from the failures it is shown to what became of its answer."""

from uuid import UUID

from django.db import transaction

from apps.core.errors import UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.models import (
    ClusteredTurn,
    EvolutionRun,
    FailureCluster,
    LearningPolicy,
    Proposal,
)
from apps.evolution.services.learning.answer import Answer, Unusable, understand
from apps.evolution.services.learning.asking import PROMPT, PROMPT_VERSION, Question, question_for
from apps.evolution.services.learning.claiming import (
    cluster_claim,
    cluster_end,
    cluster_release,
    is_more_ripe,
)
from apps.evolution.services.learning.policy import day_get
from apps.evolution.services.learning.proposing import propose
from apps.evolution.services.learning.sorting import SHOWN_TWICE, failures_sort
from apps.evolution.services.learning.triggers import run_enqueue
from apps.integrations.llm.client import ChatModel, Completion
from apps.jobs.handlers import JobRun
from apps.skills.skillmd import SkillDoc
from apps.trajectories import services as trajectories
from apps.usage.selectors import price_table

Outcome, State = EvolutionRun.Outcome, FailureCluster.State


def evolution_run(
    *,
    run: JobRun,
    model: ChatModel,
    is_simulated: bool,
    is_free: bool = False,
    goes_on: bool = True,
) -> None:
    """Sort the failures; show the evolver one pattern that is ripe; store what it proposes.

    Others get runs of their own, where it ``goes_on``. ``is_free``: its provider is paid by nobody.
    """
    failures_sort(run)
    policy = _may_ask(run)
    cluster = cluster_claim(run, policy) if policy else None
    if policy is None or cluster is None:
        return
    with tenant_tx(run.tenant_id):
        question = question_for(tenant_id=run.tenant_id, cluster=cluster, policy=policy)
    try:
        answer = model.complete(system=PROMPT, user=question.text)
    except UpstreamFailed as exc:
        cluster_release(run, cluster, exc.detail)
        raise
    try:
        understood, problem = understand(answer.text, question), ""
    except Unusable as exc:
        understood, problem = None, str(exc)
    with run.effect():
        record = _record(run, cluster, question, answer, is_simulated=is_simulated)
        record.cost_micros = 0 if is_free or is_simulated else _cost(run.tenant_id, answer)
        is_unsorted = _conclude(record, cluster, question, understood, problem)
        if goes_on and (is_unsorted or is_more_ripe(run.tenant_id, policy)):
            run_enqueue(tenant_id=run.tenant_id, trigger=run.payload.get("trigger", "failure"))


def _may_ask(run: JobRun) -> LearningPolicy | None:
    """The rules, if they allow for a run now. With a limit reached, the next day asks."""
    if run.payload.get("only_sorts"):
        return None
    with run.effect():
        policy = selectors.learning_policy(tenant_id=run.tenant_id)
        if policy.is_stopped:
            return None
        day = day_get(tenant_id=run.tenant_id, policy=policy)
        if not day.capped_by:
            return policy
        if is_more_ripe(run.tenant_id, policy):
            run_enqueue(tenant_id=run.tenant_id, trigger="next_day", at=day.ends_at)
        return None


def _record(
    run: JobRun,
    cluster: FailureCluster,
    question: Question,
    answer: Completion,
    *,
    is_simulated: bool,
) -> EvolutionRun:
    return EvolutionRun.objects.create(
        tenant_id=run.tenant_id,
        cluster_id=cluster.id,
        trigger=run.payload.get("trigger", "failure"),
        outcome=Outcome.INVALID,
        author_model=answer.model,
        prompt_version=PROMPT_VERSION,
        is_simulated=is_simulated,
        failures_shown=len(question.shown),
        shown_turn_ids=[turn.turn_id for turn in question.shown],
        input_tokens=answer.input_tokens or 0,
        output_tokens=answer.output_tokens or 0,
    )


def _cost(tenant_id: UUID, answer: Completion) -> int | None:
    price = price_table(tenant_id=tenant_id).price_of(answer.model)
    if price is None:
        return None
    return price.cost(
        input_tokens=answer.input_tokens or 0, output_tokens=answer.output_tokens or 0
    )


def _conclude(
    record: EvolutionRun,
    cluster: FailureCluster,
    question: Question,
    understood: tuple[Answer, SkillDoc] | None,
    problem: str,
) -> bool:
    """What the answer came to, for the run, for its cluster and for the turns it showed.

    True if turns are to be sorted anew.
    """
    is_unsorted = False
    proposal: Proposal | None = None
    if understood is not None:
        try:
            with transaction.atomic():
                proposal = propose(record, *understood, question)
        except Unusable as exc:
            record.outcome, problem = Outcome.INVALID, str(exc)
    record.reason = problem or record.reason
    trajectories.turns_considered(tenant_id=record.tenant_id, turn_ids=record.shown_turn_ids)
    if proposal is not None and understood is not None:
        cluster_end(cluster, State.PROPOSED, proposal=proposal)
        is_unsorted = _set_free(
            cluster, keep=set(record.shown_turn_ids) & set(understood[0].evidence_ids)
        )
    elif cluster.tries + 1 < SHOWN_TWICE:
        cluster_end(cluster, State.WAITING, reason=record.reason, tries=cluster.tries + 1)
    else:
        if record.outcome == Outcome.INVALID:
            record.outcome = Outcome.DEAD
        cluster_end(cluster, State.DEAD, reason=record.reason, tries=cluster.tries + 1)
    record.save()
    return is_unsorted


def _set_free(cluster: FailureCluster, keep: set[UUID]) -> bool:
    """What the evolver did not take as evidence is of another pattern, or was not shown: it is
    sorted anew."""
    members = ClusteredTurn.objects.for_tenant(cluster.tenant_id).filter(cluster_id=cluster.id)
    return members.exclude(turn_id__in=keep).delete()[0] > 0
