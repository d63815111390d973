"""A replay from its start to its verdict. Every turn is stored when it is done: a worker that
dies loses the turn in hand, and whoever takes over goes on behind the last one."""

import random
from collections.abc import Iterable
from dataclasses import asdict
from statistics import fmean
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.errors import NothingToReplay, ReplayRunning
from apps.evolution.models import Proposal, Replay, ReplayCase
from apps.evolution.services.checking import check_request
from apps.evolution.services.replay.asking import NotFaithful, arms_of, ask
from apps.evolution.services.replay.cases import cases_choose
from apps.evolution.services.replay.judging import vote
from apps.evolution.services.replay.spending import Spent, extra_micros, extra_tokens
from apps.evolution.services.replay.statistics import SIGNIFICANT, Comparison, compare
from apps.integrations.llm.client import ChatModel
from apps.jobs.handlers import JobRun
from apps.jobs.services import job_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.skills.skillmd import SkillDoc, parse
from apps.tenants.services import audit_record
from apps.tenants.types import Actor

REPLAY_KIND = "evolution.replay"
SAMPLES, SAMPLES_MAX = 2, 8
TOKEN_BUDGET, TOKEN_BUDGET_MAX = 300_000, 20_000_000
_OVER_BUDGET = "The budget was used up; the turns that were done count."


def replay_start(
    *,
    tenant_id: UUID,
    actor: Actor,
    proposal_id: UUID,
    samples: int = SAMPLES,
    token_budget: int = TOKEN_BUDGET,
) -> Replay:
    """Try the proposal's present text on recorded turns, in the background.

    Raises ReplayRunning while one is under way and NothingToReplay without a turn to try it on.
    """
    with tenant_tx(tenant_id):
        proposal = selectors.proposal_get(tenant_id=tenant_id, proposal_id=proposal_id)
        if proposal.kind == Proposal.Kind.RETIRE:
            raise NothingToReplay("A retirement has no text to try.")
        chosen = cases_choose(proposal=proposal, doc=parse(proposal.text))
        if not chosen:
            raise NothingToReplay("No recorded turn is left to try this on.")
        replay = Replay(
            id=uuid7(),
            tenant_id=tenant_id,
            proposal_id=proposal.id,
            sha256=proposal.sha256,
            samples=samples,
            token_budget=token_budget,
            started_by=actor.label,
        )
        try:
            with transaction.atomic():
                replay.save(force_insert=True)
        except IntegrityError as exc:
            raise ReplayRunning("A replay of this proposal is running.") from exc
        ReplayCase.objects.bulk_create(
            ReplayCase(tenant_id=tenant_id, replay_id=replay.id, turn_id=turn_id, group=group)
            for turn_id, group in chosen
        )
        job_enqueue(
            tenant_id=tenant_id,
            kind=REPLAY_KIND,
            payload={"replay_id": str(replay.id)},
            queue="slow",
            dedupe_key=str(replay.id),
        )
        audit_record(
            tenant_id=tenant_id, actor=actor, action="replay.started", subject=proposal.slug
        )
        _announce(replay)
        return replay


def replay_cancel(*, tenant_id: UUID, actor: Actor, replay_id: UUID) -> Replay:
    """Stop after the turn in hand; what was done stays. One that has ended is left alone."""
    with tenant_tx(tenant_id):
        replay = selectors.replay_get(tenant_id=tenant_id, replay_id=replay_id)
        if _end(replay, Replay.Status.CANCELLED, reason=f"Stopped by {actor.label}."):
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="replay.cancelled",
                subject=replay.proposal.slug,
            )
        return selectors.replay_get(tenant_id=tenant_id, replay_id=replay_id)


def replay_fail(*, tenant_id: UUID, replay_id: UUID, reason: str) -> None:
    """Give up on a replay that cannot go on."""
    with tenant_tx(tenant_id):
        replay = selectors.replay_get(tenant_id=tenant_id, replay_id=replay_id)
        _end(replay, Replay.Status.FAILED, reason=reason)


def replay_run(
    *, run: JobRun, replay_id: UUID, judge: ChatModel, is_simulated: bool, is_free: bool = False
) -> None:
    """Do what is left of a replay. Safe to run again. ``is_free``: nobody pays the judge."""
    tenant_id = run.tenant_id
    with tenant_tx(tenant_id):
        replay = selectors.replay_get(tenant_id=tenant_id, replay_id=replay_id)
        doc = parse(replay.proposal.text)
    if doc.sha256 != replay.sha256:
        replay_fail(
            tenant_id=tenant_id,
            replay_id=replay_id,
            reason="The proposal's text changed: start another replay for it.",
        )
        return
    for case in selectors.cases_waiting(tenant_id=tenant_id, replay_id=replay_id):
        with tenant_tx(tenant_id):
            replay = selectors.replay_get(tenant_id=tenant_id, replay_id=replay_id)
        if replay.status != Replay.Status.RUNNING:
            return
        if replay.tokens_used >= replay.token_budget:
            break
        fields, spent = _tried(replay, case, doc, judge)
        with run.effect(gets_on=True):
            ReplayCase.objects.for_tenant(tenant_id).filter(id=case.id).update(**fields)
            micros = spent.micros(tenant_id, is_free=is_free or is_simulated)
            Replay.objects.for_tenant(tenant_id).filter(id=replay_id).update(
                tokens_used=F("tokens_used") + spent.tokens,
                # What one part cost is not known: then neither is the whole.
                cost_micros=None if micros is None else F("cost_micros") + micros,
            )
            _announce(replay)
    with run.effect():
        replay = selectors.replay_get(tenant_id=tenant_id, replay_id=replay_id)
        _finish(replay, is_simulated=is_simulated)


def _tried(
    replay: Replay, case: ReplayCase, doc: SkillDoc, judge: ChatModel
) -> tuple[dict[str, Any], Spent]:
    """Both arms of a turn, in an order that says nothing; and what that took."""
    try:
        arms = arms_of(tenant_id=replay.tenant_id, turn_id=case.turn_id, doc=doc)
    except NotFaithful as exc:
        return {"status": ReplayCase.Status.SKIPPED, "reason": str(exc)}, Spent()
    order = [("without", arms.without), ("with_skill", arms.with_skill)] * replay.samples
    random.Random(case.id.int).shuffle(order)  # noqa: S311  # an order, not a secret
    found: dict[str, list[dict[str, Any]]] = {"without": [], "with_skill": []}
    spent = Spent()
    for name, body in order:
        sample = ask(arms, body)
        value, rationale, answer = vote(judge, arms, sample.text)
        found[name].append(asdict(sample) | {"vote": value, "rationale": rationale})
        spent.samples.append(sample)
        spent.votes.append(answer)
    return {"status": ReplayCase.Status.DONE, **found}, spent


def _finish(replay: Replay, *, is_simulated: bool) -> None:
    cases = list(replay.cases.all())
    done = [case for case in cases if case.status == ReplayCase.Status.DONE]
    failing = [case for case in done if case.group != ReplayCase.Group.CONTROL]
    controls = [case for case in done if case.group == ReplayCase.Group.CONTROL]
    groups = {
        "failing": _compared(failing),
        **{
            group: _compared([case for case in done if case.group == group])
            for group in ReplayCase.Group.values
        },
    }
    is_cut = any(case.status == ReplayCase.Status.WAITING for case in cases)
    Replay.objects.for_tenant(replay.tenant_id).filter(id=replay.id).update(
        verdict=_verdict(groups["failing"], groups["control"]),
        result={
            "groups": {name: asdict(one) for name, one in groups.items() if one is not None},
            "extra_tokens": extra_tokens(failing + controls),
            "extra_micros": extra_micros(failing + controls),
            "skipped": sum(case.status == ReplayCase.Status.SKIPPED for case in cases),
        },
        is_simulated=is_simulated,
    )
    _end(replay, Replay.Status.DONE, reason=_OVER_BUDGET if is_cut else "")
    # The policy may have waited for it.
    check_request(tenant_id=replay.tenant_id, proposal_id=replay.proposal_id)


def _verdict(failing: Comparison | None, controls: Comparison | None) -> str:
    """Harm anywhere outweighs help: a rule that breaks what worked is not worth having."""
    if any(one is not None and one.p_harms < SIGNIFICANT for one in (failing, controls)):
        return Replay.Verdict.HARM
    if failing is not None and failing.p_helps < SIGNIFICANT:
        return Replay.Verdict.LIFT
    return Replay.Verdict.NO_LIFT


def _compared(cases: Iterable[ReplayCase]) -> Comparison | None:
    return compare([(_mean(case.without), _mean(case.with_skill)) for case in cases])


def _mean(samples: list[dict[str, Any]]) -> float:
    return fmean(one["vote"] for one in samples)


def _end(replay: Replay, status: str, *, reason: str) -> bool:
    """Only one that is running ends; say whether it did."""
    rows = Replay.objects.for_tenant(replay.tenant_id).filter(
        id=replay.id, status=Replay.Status.RUNNING
    )
    if not rows.update(status=status, reason=reason, finished_at=now()):
        return False
    replay.status = status
    _announce(replay)
    return True


def _announce(replay: Replay) -> None:
    event = Changed("evolution.replay", str(replay.id), replay.status)
    publish_on_commit(replay.tenant_id, event)
