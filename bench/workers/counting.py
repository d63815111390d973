"""What must be there once, counted in the database."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from apps.core.tenancy import tenant_tx
from apps.evolution.models import (
    ClusteredTurn,
    Evidence,
    EvolutionRun,
    Proposal,
    Replay,
    ReplayCase,
)
from apps.jobs.models import Job
from apps.skills.models import SkillVersion
from apps.tenants.selectors import audit_verify
from apps.trajectories.models import Score, Turn

_CASE_ENDED = (ReplayCase.Status.DONE, ReplayCase.Status.SKIPPED)


@dataclass(slots=True)
class Found:
    """``problems``: a sentence for each thing that is missing or there twice."""

    counts: Counter[str] = field(default_factory=Counter)
    problems: list[str] = field(default_factory=list)


def count(tenant_ids: Iterable[UUID]) -> Found:
    """Look at everything that the killed workers were to leave behind."""
    found = Found()
    for tenant_id in tenant_ids:
        with tenant_tx(tenant_id):
            for look in (_jobs, _scores, _proposals, _skills, _replays):
                found.problems += look(tenant_id, found.counts)
            report = audit_verify(tenant_id=tenant_id)
        found.counts["audit events"] += report.checked
        if not report.is_intact:
            found.problems.append(f"The audit log of {tenant_id} is broken.")
    return found


def table(found: Found, *, killed: Counter[str], seconds: float) -> str:
    """In Markdown."""
    lines = [f"{killed.total():,} workers killed in {seconds:.0f} s, while they did:", ""]
    lines += ["| job | kills |", "|---|---|"]
    lines += [f"| `{kind}` | {number:,} |" for kind, number in killed.most_common()]
    lines += ["", "| left behind | |", "|---|---|"]
    lines += [f"| {name} | {number:,} |" for name, number in found.counts.items()]
    lines += ["", f"Lost or there twice: {len(found.problems)}"]
    return "\n".join([*lines, *(f"- {problem}" for problem in found.problems[:20])])


def _jobs(tenant_id: UUID, counts: Counter[str]) -> Iterator[str]:
    rows = list(Job.objects.for_tenant(tenant_id).values_list("kind", "status", "last_error"))
    counts["jobs done"] += sum(status == Job.Status.DONE for _, status, _ in rows)
    for kind, status, error in rows:
        if status != Job.Status.DONE:
            yield f"A job {kind} is {status}: {error}"


def _scores(tenant_id: UUID, counts: Counter[str]) -> Iterator[str]:
    turn_ids = Turn.objects.for_tenant(tenant_id).values_list("id", flat=True)
    judged = Score.objects.for_tenant(tenant_id).filter(kind=Score.Kind.JUDGE)
    scores = Counter(judged.values_list("turn_id", flat=True))
    counts["turns judged"] += len(scores)
    for turn_id in turn_ids:
        if scores[turn_id] != 1:
            yield f"Turn {turn_id} has {scores[turn_id]} scores of the judge."


def _proposals(tenant_id: UUID, counts: Counter[str]) -> Iterator[str]:
    """Every failing turn stands behind one proposal, and every proposal is of one run."""
    proposals = list(Proposal.objects.for_tenant(tenant_id))
    counts["proposals"] += len(proposals)
    created = Counter(one.slug for one in proposals if one.kind == Proposal.Kind.CREATE)
    yield from (f"{slug} was proposed {n} times." for slug, n in created.items() if n > 1)
    runs = Counter(one.run_id for one in proposals)
    yield from (f"Run {run} proposed {n} times." for run, n in runs.items() if n > 1)
    proposed = EvolutionRun.objects.for_tenant(tenant_id).filter(outcome="proposed")
    for run_id in proposed.values_list("id", flat=True):
        if run_id not in runs:
            yield f"Run {run_id} says it proposed something, and did not."
    behind = Counter(Evidence.objects.for_tenant(tenant_id).values_list("turn_id", flat=True))
    # A pattern that waits for another session's failure is neither lost nor proposed.
    waiting = ClusteredTurn.objects.for_tenant(tenant_id).filter(cluster__state="waiting")
    waits = set(waiting.values_list("turn_id", flat=True))
    counts["failing turns that wait for a second session"] += len(waits)
    for turn_id in Turn.objects.for_tenant(tenant_id).filter(score=-1).values_list("id", flat=True):
        if behind[turn_id] + (turn_id in waits) != 1:
            yield f"Failing turn {turn_id} stands behind {behind[turn_id]} proposals."


def _skills(tenant_id: UUID, counts: Counter[str]) -> Iterator[str]:
    approved = Proposal.objects.for_tenant(tenant_id).filter(status="approved")
    wanted = Counter(approved.values_list("slug", flat=True))
    versions = SkillVersion.objects.for_tenant(tenant_id)
    made = Counter(versions.values_list("skill__slug", flat=True))
    counts["skill versions"] += made.total()
    if wanted != made:
        yield f"Approved were {dict(wanted)}; there are {dict(made)}."


def _replays(tenant_id: UUID, counts: Counter[str]) -> Iterator[str]:
    for replay in Replay.objects.for_tenant(tenant_id).prefetch_related("cases"):
        cases: list[Any] = list(replay.cases.all())
        counts["replays"] += 1
        counts["replayed turns"] += len(cases)
        if replay.status != Replay.Status.DONE:
            yield f"Replay {replay.id} is {replay.status}: {replay.reason}"
        for case in cases:
            if case.status not in _CASE_ENDED:
                yield f"A turn of replay {replay.id} is {case.status}."
            elif case.status == ReplayCase.Status.DONE and not (
                len(case.without) == len(case.with_skill) == replay.samples
            ):
                yield f"A turn of replay {replay.id} has {len(case.without)} answers."
