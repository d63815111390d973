"""A version on trial in a share of the sessions, until the numbers decide."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors, services
from apps.evolution.models import Canary, CanarySession
from apps.evolution.types import Seen
from apps.jobs.models import Job
from apps.skills import selectors as skills
from apps.skills.errors import TrialRunning
from apps.skills.services import skill_activate, skill_publish
from apps.skills.skillmd import parse
from apps.tenants.models import AuditEvent
from apps.tenants.types import SYSTEM, Actor
from apps.trajectories.models import Session, Turn
from tests.factories import (
    make_canary,
    make_doc,
    make_proposal,
    make_run,
    make_skill,
    make_turn,
)

ADA = Actor("user", "1", "Ada")
BETTER = make_doc(body="# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, always.")


def present(canary: Canary) -> Canary:
    with tenant_tx(canary.tenant_id):
        return selectors.canary_get(tenant_id=canary.tenant_id, canary_id=canary.id)


def library(canary: Canary) -> tuple[dict[str, int], list[str]]:
    """What is live, and what is on trial."""
    with tenant_tx(canary.tenant_id):
        found = skills.library_get(tenant_id=canary.tenant_id)
    return (
        {skill.slug: skill.version for skill in found.skills},
        [trial.skill.slug for trial in found.trials],
    )


def look(canary: Canary) -> Canary:
    services.canary_look(run=make_run(canary.tenant_id), canary_id=canary.id)
    return present(canary)


def session(canary: Canary, arm: str, *scores: int | None, **fields: Any) -> UUID:
    """A session that counts for the canary, and is over."""
    session_id = uuid7()
    turns = [
        make_turn(canary.tenant_id, session_id=session_id, score=score, **fields)
        for score in scores
    ]
    with tenant_tx(canary.tenant_id):
        seen = Seen(canary.id, session_id, arm, turns[0].id)
        services.canary_seen(tenant_id=canary.tenant_id, seen=[seen])
        Session.objects.for_tenant(canary.tenant_id).filter(id=session_id).update(closed_at=now())
    return session_id


def sessions(canary: Canary, pairs: int, treated: int, control: int, **fields: Any) -> None:
    for _ in range(pairs):
        session(canary, "treatment", treated, **fields)
        session(canary, "control", control)


def audit(canary: Canary, action: str) -> list[str]:
    with tenant_tx(canary.tenant_id):
        rows = AuditEvent.objects.for_tenant(canary.tenant_id).filter(action=action)
        return [row.detail for row in rows]


@pytest.fixture
def canary(tenant) -> Canary:
    return make_canary(tenant.id)


@pytest.fixture
def revision(tenant) -> Canary:
    """Of a skill that is live already."""
    make_skill(tenant.id)
    proposal, _ = make_proposal(tenant.id, kind="revise", body=parse(BETTER.text).body)
    services.proposal_approve(
        tenant_id=tenant.id,
        actor=ADA,
        proposal_id=proposal.id,
        sha256=proposal.sha256,
        to="canary",
    )
    with tenant_tx(tenant.id):
        return Canary.objects.for_tenant(tenant.id).get()


def test_a_new_skill_on_trial_is_live_for_nobody_else(canary):
    assert library(canary) == ({}, ["iso-dates"])
    assert (canary.version, canary.instead_of) == (1, None)
    assert audit(canary, "canary.started") == ["version 1 in 50% of the sessions"]


def test_a_revision_on_trial_leaves_the_live_version_to_the_others(revision):
    assert library(revision) == ({"iso-dates": 1}, ["iso-dates"])
    assert (revision.version, revision.instead_of) == (2, 1)


def test_a_skill_has_one_trial_at_a_time(tenant, revision):
    third = make_doc(body="# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, in UTC.")
    proposal, _ = make_proposal(tenant.id, kind="revise", body=parse(third.text).body)

    with pytest.raises(TrialRunning):
        services.proposal_approve(
            tenant_id=tenant.id,
            actor=ADA,
            proposal_id=proposal.id,
            sha256=proposal.sha256,
            to="canary",
        )


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_a_session_is_always_in_the_same_arm_and_the_arms_have_their_share(tenant, share):
    canary = make_canary(tenant.id, share=share)
    with tenant_tx(tenant.id):
        (trial,) = skills.library_get(tenant_id=tenant.id).trials
    ids = [uuid4() for _ in range(2000)]

    drawn = [trial.treats(one) for one in ids]

    assert canary.share == share
    assert drawn == [trial.treats(one) for one in ids]
    assert sum(drawn) / len(drawn) == pytest.approx(share, abs=0.05)


def test_what_does_better_is_promoted_with_its_numbers(canary):
    sessions(canary, pairs=12, treated=1, control=-1)

    found = look(canary)

    assert found.status == "promoted"
    assert found.result["reward"]["pairs"] == 12
    assert found.result["reward"]["difference"] == 1
    assert library(canary) == ({"iso-dates": 1}, [])
    (detail,) = audit(canary, "canary.promoted")
    assert "+1.00" in detail
    assert "12 pairs" in detail


def test_what_does_harm_is_out_of_every_prompt(revision):
    sessions(revision, pairs=12, treated=-1, control=1)

    found = look(revision)

    assert found.status == "rolled_back"
    assert library(revision) == ({"iso-dates": 1}, [])
    assert "-1.00" in audit(revision, "canary.rolled_back")[0]


def test_no_difference_decides_nothing_until_the_sessions_are_used_up(canary):
    sessions(canary, pairs=8, treated=1, control=1)
    assert look(canary).status == "running"

    with tenant_tx(canary.tenant_id):
        Canary.objects.for_tenant(canary.tenant_id).update(sessions_max=18)
    sessions(canary, pairs=1, treated=1, control=1)
    found = look(canary)

    assert found.status == "no_lift"
    assert library(canary) == ({}, [])
    assert "may be chance" in found.reason


def test_a_guard_stops_what_a_reward_does_not_show(canary):
    sessions(canary, pairs=14, treated=1, control=1, latency_ms=9_000)

    found = look(canary)

    assert found.status == "rolled_back"
    assert found.reason.startswith("Milliseconds a turn: 9e+03 with it, 120 without it")
    assert [one["is_broken"] for one in found.result["guards"]] == [False, False, True]


def test_failed_requests_are_a_guard(canary):
    sessions(canary, pairs=14, treated=None, control=1, status="upstream_error")

    assert look(canary).reason.startswith("Failed or refused requests: 1 with it, 0 without it")


def test_a_session_counts_from_its_first_turn_on_and_once_it_is_over(canary):
    session_id = uuid7()

    def turn(text: str, score: int) -> Turn:
        said = [{"role": "user", "content": text}]
        return make_turn(canary.tenant_id, session_id=session_id, score=score, messages=said)

    turn("Hello", -1)
    first = turn("When is the release?", 1)
    turn("And the meeting?", 0)
    with tenant_tx(canary.tenant_id):
        for turn_id in (first.id, uuid7()):
            seen = Seen(canary.id, session_id, "treatment", turn_id)
            services.canary_seen(tenant_id=canary.tenant_id, seen=[seen])

    look(canary)
    assert row(canary, session_id).settled_at is None
    with tenant_tx(canary.tenant_id):
        Session.objects.for_tenant(canary.tenant_id).filter(id=session_id).update(closed_at=now())
    look(canary)

    found = row(canary, session_id)
    assert (found.turns, found.reward) == (2, 0.75)


def row(canary: Canary, session_id: UUID) -> CanarySession:
    with tenant_tx(canary.tenant_id):
        return CanarySession.objects.for_tenant(canary.tenant_id).get(session_id=session_id)


def test_the_judge_is_waited_for_but_not_for_ever(canary):
    session_id = session(canary, "treatment", None)

    look(canary)
    assert row(canary, session_id).settled_at is None
    with tenant_tx(canary.tenant_id):
        long_ago = now() - timedelta(hours=1)
        Session.objects.for_tenant(canary.tenant_id).update(closed_at=long_ago)
    look(canary)

    found = row(canary, session_id)
    assert found.settled_at is not None
    assert found.reward is None


def test_what_was_settled_is_not_changed_by_what_comes_later(canary):
    session_id = session(canary, "treatment", 1)
    look(canary)
    before = row(canary, session_id)

    make_turn(canary.tenant_id, session_id=session_id, score=-1)
    look(canary)

    assert row(canary, session_id).reward == before.reward == 1.0


@pytest.mark.parametrize("promote, live", [(True, {"iso-dates": 1}), (False, {})])
def test_a_person_may_end_it_at_any_time(canary, promote, live):
    for _ in range(2):
        found = services.canary_stop(
            tenant_id=canary.tenant_id, actor=ADA, canary_id=canary.id, promote=promote
        )

    assert found.status == ("promoted" if promote else "stopped")
    assert found.reason == "Decided by Ada."
    assert library(canary) == (live, [])


def _publish(tenant_id: UUID) -> None:
    doc = make_doc(body="# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, in UTC.")
    skill_publish(tenant_id=tenant_id, actor=ADA, doc=doc, source="written")


def _activate(tenant_id: UUID) -> None:
    skill_activate(tenant_id=tenant_id, actor=ADA, slug="iso-dates", number=1)


@pytest.mark.parametrize("change", [_publish, _activate])
def test_a_trial_ends_when_the_skill_itself_is_changed(revision, change):
    change(revision.tenant_id)
    assert library(revision)[1] == []

    assert look(revision).status == "superseded"


def test_the_kill_switch_ends_the_trial_too_and_says_what_the_skill_was_in(revision):
    version = revision.version_id
    for score in (1, -1):
        make_turn(revision.tenant_id, score=score, skills=[(version, "iso-dates", 2)])

    reach = services.skill_kill(
        tenant_id=revision.tenant_id, actor=ADA, slug="iso-dates", reason="It is wrong."
    )

    assert (reach.turns, reach.sessions, reach.versions) == (2, 2, [2])
    assert library(revision) == ({}, [])
    assert present(revision).status == "stopped"
    assert audit(revision, "skill.killed") == ["It is wrong. It was in 2 turns of 2 sessions."]


def test_a_sweep_has_every_canary_that_runs_looked_at_once(canary):
    services.canaries_sweep()
    services.canaries_sweep()

    with tenant_tx(canary.tenant_id):
        jobs = Job.objects.for_tenant(canary.tenant_id).filter(kind=services.CANARY_KIND)
        assert [job.payload for job in jobs] == [{"canary_id": str(canary.id)}]


def test_looking_at_one_that_is_over_changes_nothing(canary):
    services.canary_stop(
        tenant_id=canary.tenant_id, actor=SYSTEM, canary_id=canary.id, promote=False
    )
    before = present(canary).ended_at

    assert look(canary).ended_at == before
