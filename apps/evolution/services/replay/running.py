"""A replay from its start to its verdict. Every turn is stored when it is done: a worker that
dies loses the turn in hand, and whoever takes over goes on behind the last one."""

import random
from collections.abc import Iterable
from dataclasses import asdict
from statistics import fmean
from typing import Any
from uuid import UUID

from django.db.models import F

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors
from apps.evolution.models import Replay, ReplayCase
from apps.evolution.services.checking import check_request
from apps.evolution.services.replay.asking import NotFaithful, arms_of, ask
from apps.evolution.services.replay.judging import vote
from apps.evolution.services.replay.spending import Spent, extra_micros, extra_tokens
from apps.evolution.services.replay.statistics import SIGNIFICANT, Comparison, compare
from apps.integrations.llm.client import ChatModel
from apps.jobs.handlers import JobRun
from apps.live.events import Changed, publish_on_commit
from apps.skills.skillmd import SkillDoc, parse
from apps.tenants.services import audit_record
from apps.tenants.types import Actor

REPLAY_KIND = "evolution.replay"
_FAILING = (ReplayCase.Group.EVIDENCE, ReplayCase.Group.HELD_OUT)
_OVER_BUDGET = say("replay_over_budget", "The budget was used up; the turns that were done count.")


def replay_cancel(*, tenant_id: UUID, actor: Actor, replay_id: UUID) -> Replay:
    """Stop after the turn in hand; what was done stays. One that has ended is left alone."""
    with tenant_tx(tenant_id):
        replay = selectors.replay_get(tenant_id=tenant_id, replay_id=replay_id)
        if _end(
            replay,
            Replay.Status.CANCELLED,
            reason=say("stopped_by", "Stopped by {who}.", who=actor.label),
        ):
            audit_record(
                tenant_id=tenant_id,
                actor=actor,
                action="replay.cancelled",
                subject=replay.slug,
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
        doc = parse(replay.text)
    if doc.sha256 != replay.sha256:
        replay_fail(
            tenant_id=tenant_id,
            replay_id=replay_id,
            reason=say(
                "replay_text_changed", "The proposal's text changed: start another replay for it."
            ),
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
                is_simulated=replay.is_simulated or spent.is_simulated,
            )
            announce(replay)
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
        return {"status": ReplayCase.Status.SKIPPED, "reason": exc.args[0]}, Spent()
    order = [("without", arms.without), ("with_skill", arms.with_skill)] * replay.samples
    random.Random(case.id.int).shuffle(order)  # noqa: S311  # an order, not a secret
    found: dict[str, list[dict[str, Any]]] = {"without": [], "with_skill": []}
    spent = Spent(is_simulated=arms.target.connection.is_simulated)
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
    groups = {
        "failing": _compared([case for case in done if case.group in _FAILING]),
        **{
            group: _compared([case for case in done if case.group == group])
            for group in ReplayCase.Group.values
        },
    }
    is_cut = any(case.status == ReplayCase.Status.WAITING for case in cases)
    Replay.objects.for_tenant(replay.tenant_id).filter(id=replay.id).update(
        # One turn shows what happens, and proves nothing of the skill.
        verdict=_verdict(groups["failing"], groups["control"]) if replay.proposal_id else "",
        result={
            "groups": {name: asdict(one) for name, one in groups.items() if one is not None},
            "extra_tokens": extra_tokens(done),
            "extra_micros": extra_micros(done),
            "skipped": sum(case.status == ReplayCase.Status.SKIPPED for case in cases),
        },
        is_simulated=replay.is_simulated or is_simulated,
    )
    _end(replay, Replay.Status.DONE, reason=_OVER_BUDGET if is_cut else "")
    if replay.proposal_id:
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
    announce(replay)
    return True


def announce(replay: Replay) -> None:
    """Tell the browsers of the workspace that something about it is new."""
    event = Changed("evolution.replay", str(replay.id), replay.status)
    publish_on_commit(replay.tenant_id, event)
