"""Learning pauses while judge and people say different things of the same turns."""

from uuid import UUID

from apps.core.clock import now
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.evolution import annotated, selectors
from apps.evolution.annotated import JudgeAgreement
from apps.evolution.models import AnnotationPolicy, LearningPolicy
from apps.evolution.services.learning.policy import policy_locked
from apps.evolution.services.learning.triggers import run_enqueue
from apps.live.events import Changed, publish_on_commit
from apps.tenants.services import audit_record
from apps.tenants.types import SYSTEM, Actor

# Percent above the level from which learning goes on: else each answer would turn it on or off.
MARGIN = 3


def brake_check(*, tenant_id: UUID) -> None:
    """Pause learning if the judge in use agrees too little with people, or let it go on."""
    with tenant_tx(tenant_id):
        policy = annotated.policy_get(tenant_id=tenant_id)
        found = annotated.agreements(tenant_id=tenant_id)
        current = found[0] if found and found[0].is_in_use else None
        if current is None:
            return
        row = selectors.learning_policy(tenant_id=tenant_id)
        is_low, name = _is_low(policy, current), str(current.judge)
        if row.held_at is None and not row.waived_judge and not is_low:
            return
        row = policy_locked(tenant_id)
        is_back = _is_back(policy, current)
        if row.waived_judge and (is_back or row.waived_judge != name):
            row.waived_judge = ""
        if row.held_at and (is_back or row.held_because["judge"] != name):
            why = "the judge is another one" if row.held_because["judge"] != name else ""
            _let_go(row, SYSTEM, why or _words(policy, current))
        if not row.held_at and is_low and row.waived_judge != name:
            _hold(row, policy, current)
        row.save(update_fields=["held_at", "held_because", "waived_judge"])


def judge_seen(*, tenant_id: UUID) -> None:
    """A turn was judged: if learning waits for another judge, look whether this is one."""
    row = selectors.learning_policy(tenant_id=tenant_id)
    if row.held_at or row.waived_judge:
        brake_check(tenant_id=tenant_id)


def learning_resume(*, tenant_id: UUID, actor: Actor) -> LearningPolicy:
    """Have learning go on although judge and people differ; nothing happens where it does.

    It does not pause for this judge again until both have agreed enough in between.
    """
    with tenant_tx(tenant_id):
        row = policy_locked(tenant_id)
        if row.held_at:
            row.waived_judge = row.held_because["judge"]
            _let_go(row, actor, "by hand")
            row.save(update_fields=["held_at", "held_because", "waived_judge"])
        return selectors.learning_policy(tenant_id=tenant_id)


def held_sentence(row: LearningPolicy) -> str:
    """Why learning is paused; empty if it is not for this."""
    if row.held_at is None:
        return ""
    because = row.held_because
    return say(
        "learning_held_because",
        "{judge} and people said the same of {share} % of {count} turns; the level is {least} %.",
        judge=because["judge"],
        share=because["percent"],
        count=because["n"],
        least=because["level"],
    )


def _hold(row: LearningPolicy, policy: AnnotationPolicy, found: JudgeAgreement) -> None:
    row.held_at = now()
    row.held_because = {
        "judge": str(found.judge),
        "percent": _percent(found),
        "n": found.agreement.n,
        "level": policy.pause_below,
    }
    _note(row, SYSTEM, "learning.held", held_sentence(row))


def _let_go(row: LearningPolicy, actor: Actor, why: str) -> None:
    row.held_at, row.held_because = None, {}
    _note(row, actor, "learning.resumed", why)
    if row.on_failure and not row.is_paused:
        # What became ripe meanwhile.
        run_enqueue(tenant_id=row.tenant_id, trigger="failure")


def _note(row: LearningPolicy, actor: Actor, action: str, detail: str) -> None:
    audit_record(tenant_id=row.tenant_id, actor=actor, action=action, detail=detail)
    publish_on_commit(row.tenant_id, Changed("evolution.run", str(row.id), action))


def _is_low(policy: AnnotationPolicy, found: JudgeAgreement) -> bool:
    level = policy.pause_below
    return level is not None and _is_known(policy, found) and _share(found) < level


def _is_back(policy: AnnotationPolicy, found: JudgeAgreement) -> bool:
    level = policy.pause_below
    if level is None:
        return True
    return _is_known(policy, found) and _share(found) >= min(100, level + MARGIN)


def _is_known(policy: AnnotationPolicy, found: JudgeAgreement) -> bool:
    return found.agreement.n >= policy.pause_least


def _share(found: JudgeAgreement) -> float:
    raw = found.agreement.raw
    return round(100 * raw.value, 6) if raw else 0.0


def _percent(found: JudgeAgreement) -> int:
    """Rounded down: 59.9 of 100 is under a level of 60, and says so."""
    return int(_share(found))


def _words(policy: AnnotationPolicy, found: JudgeAgreement) -> str:
    if policy.pause_below is None:
        return "no level is set any more"
    return f"{found.judge} and people agree on {_percent(found)} % of {found.agreement.n} turns"
