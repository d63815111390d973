"""What models add to the checks, and a policy that approves by itself."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.errors import UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.models import Proposal, Replay, Review, ReviewLease
from apps.evolution.services import second_look
from apps.evolution.types import Reviewer
from apps.jobs.models import Job
from apps.skills.models import Skill
from apps.skills.services import skill_publish
from apps.tenants.models import AuditEvent
from apps.tenants.types import SYSTEM, Actor
from tests.factories import (
    make_doc,
    make_proposal,
    make_replay,
    make_run,
    make_skill,
    make_turn,
)
from tests.fakes import FakeModel

ADA = Reviewer(Actor("user", "1", "Ada"))
RESULT = {
    "groups": {
        "failing": {"lift": 0.5, "low": 0.2, "high": 0.8, "p_helps": 0.01, "wins": 7}
        | {"ties": 1, "losses": 0}
    }
}


def look(proposal, judge=None):
    run = make_run(proposal.tenant_id, services.CHECK_KIND)
    services.proposal_look(run=run, proposal_id=proposal.id, judge=lambda: judge)
    with tenant_tx(proposal.tenant_id):
        return Proposal.objects.for_tenant(proposal.tenant_id).get(id=proposal.id)


def policy(tenant, **fields):
    services.review_policy_set(tenant_id=tenant.id, actor=SYSTEM, **fields)


def live_sha(tenant):
    with tenant_tx(tenant.id):
        skills = Skill.objects.for_tenant(tenant.id).filter(status="live", slug="iso-dates")
        return skills.values_list("live_version__sha256", flat=True).first()


def check_of(proposal, code):
    return next((check for check in proposal.checks if check["code"] == code), None)


def test_nothing_is_approved_by_itself_unless_the_workspace_says_so(tenant):
    proposal, _ = make_proposal(tenant.id)

    assert look(proposal).status == "pending"
    assert live_sha(tenant) is None


def test_a_new_proposal_asks_for_a_look(tenant):
    proposal, _ = make_proposal(tenant.id)

    with tenant_tx(tenant.id):
        job = Job.objects.for_tenant(tenant.id).get(kind=services.CHECK_KIND)
    assert job.payload == {"proposal_id": str(proposal.id)}


def test_a_clean_text_is_approved_by_policy_with_its_grounds(tenant):
    policy(tenant, auto_approval="clean_checks", quorum=3)
    proposal, _ = make_proposal(tenant.id)

    assert look(proposal).status == "approved"

    assert live_sha(tenant) == proposal.sha256
    with tenant_tx(tenant.id):
        review = Review.objects.for_tenant(tenant.id).get()
        noted = AuditEvent.objects.for_tenant(tenant.id).get(action="proposal.approved")
    assert (review.reviewer, review.sha256) == ("policy", proposal.sha256)
    assert (noted.actor_kind, noted.actor_label) == ("system", "policy")
    count = len(proposal.checks)
    assert noted.detail == f"clean_checks: {count} of {count} checks ok"


def test_a_warning_leaves_it_to_people(tenant):
    policy(tenant, auto_approval="clean_checks")
    make_skill(tenant.id, "dates-again")
    proposal, _ = make_proposal(tenant.id)

    assert look(proposal).status == "pending"


def test_what_tools_brought_in_leaves_it_to_people_unless_they_are_trusted(tenant):
    policy(tenant, auto_approval="clean_checks")
    proposal, _ = make_proposal(tenant.id)
    messages = [{"role": "tool", "name": "exec", "tool_call_id": "c1", "content": "done"}]
    turn = make_turn(tenant.id, score=-1, messages=messages)
    with tenant_tx(tenant.id):
        proposal.evidence.create(tenant_id=tenant.id, turn=turn, session_id=turn.session_id)
    assert look(proposal).status == "pending"

    policy(tenant, auto_approval="clean_checks", trusted_tools=["exec"])

    assert look(proposal).status == "approved"


@pytest.mark.parametrize(
    "fields, status",
    [
        ({"verdict": "lift"}, "approved"),
        ({"verdict": "no_lift"}, "pending"),
        ({"verdict": "harm"}, "pending"),
        ({"verdict": "lift", "sha256": "0" * 64}, "pending"),
        ({"verdict": "lift", "status": "cancelled"}, "pending"),
        (None, "pending"),
    ],
    ids=["lift", "no lift", "harm", "of another text", "cancelled", "none"],
)
def test_lift_has_to_be_shown_of_exactly_this_text(tenant, fields, status):
    policy(tenant, auto_approval="clean_and_lift")
    proposal, _ = make_proposal(tenant.id)
    if fields is not None:
        make_replay(proposal, result=RESULT, **fields)

    assert look(proposal).status == status


def test_the_policy_asks_for_the_proof_once(tenant):
    policy(tenant, auto_approval="clean_and_lift")
    proposal, _ = make_proposal(tenant.id)

    look(proposal)
    look(proposal)

    with tenant_tx(tenant.id):
        (replay,) = Replay.objects.for_tenant(tenant.id)
    assert (replay.sha256, replay.started_by) == (proposal.sha256, "policy")


def test_a_later_replay_without_lift_outweighs_an_earlier_one(tenant):
    policy(tenant, auto_approval="clean_and_lift")
    proposal, _ = make_proposal(tenant.id)
    make_replay(proposal, verdict="lift", result=RESULT)
    make_replay(proposal, verdict="no_lift", result=RESULT)

    assert look(proposal).status == "pending"


def test_the_numbers_of_the_replay_are_in_the_audit_log(tenant):
    policy(tenant, auto_approval="clean_and_lift")
    proposal, _ = make_proposal(tenant.id)
    replay = make_replay(proposal, verdict="lift", result=RESULT)
    look(proposal)

    with tenant_tx(tenant.id):
        noted = AuditEvent.objects.for_tenant(tenant.id).get(action="proposal.approved")
    assert f"replay {replay.id}: lift +0.50 [0.20, 0.80], p 0.0100, 7 wins" in noted.detail


def test_the_policy_waits_while_somebody_reads(tenant):
    policy(tenant, auto_approval="clean_checks")
    proposal, _ = make_proposal(tenant.id)
    services.lease_take(tenant_id=tenant.id, reviewer=ADA, proposal_id=proposal.id)

    assert look(proposal).status == "pending"

    with tenant_tx(tenant.id):
        assert Job.objects.for_tenant(tenant.id).filter(kind=services.CHECK_KIND).exists()
        ReviewLease.objects.for_tenant(tenant.id).update(expires_at=now() - timedelta(seconds=1))
    assert look(proposal).status == "approved"


def test_a_stale_proposal_is_left_to_people(tenant):
    policy(tenant, auto_approval="clean_checks")
    proposal, _ = make_proposal(tenant.id)
    doc = make_doc(body="# Dates\n\n## Steps\n\n1. Written meanwhile.")
    skill_publish(tenant_id=tenant.id, actor=SYSTEM, doc=doc, source="written")

    assert look(proposal).status == "pending"
    assert live_sha(tenant) == doc.sha256


def test_looking_twice_or_after_the_decision_changes_nothing(tenant):
    policy(tenant, auto_approval="clean_checks")
    proposal, _ = make_proposal(tenant.id)
    look(proposal)

    assert look(proposal).status == "approved"
    with tenant_tx(tenant.id):
        assert Review.objects.for_tenant(tenant.id).count() == 1


@pytest.fixture
def vectors(monkeypatch, settings):
    settings.METACLAW_EMBEDDINGS_URL = "http://127.0.0.1:9/v1"
    asked = []

    def embed(texts):
        asked.append(texts)
        return [(1.0, 0.0) for _ in texts]

    monkeypatch.setattr(second_look, "embed", embed)
    return asked


def test_the_vector_is_made_once_for_each_text(tenant, vectors):
    proposal, _ = make_proposal(tenant.id)

    first = look(proposal)
    look(proposal)

    assert len(vectors) == 1
    assert first.model_findings["vector"]["sha256"] == proposal.sha256
    assert "words and meaning" in check_of(first, "near_duplicate")["message"]
    edited = services.proposal_edit(
        tenant_id=tenant.id,
        reviewer=ADA,
        proposal_id=proposal.id,
        text=make_doc(body="# Dates\n\n## Steps\n\n1. Write dates in the ISO form.").text,
        sha256=proposal.sha256,
    )
    # The vector of another text says nothing of this one.
    assert "by words." in check_of(edited, "near_duplicate")["message"]
    look(edited)
    assert len(vectors) == 2


def test_without_the_models_answer_nothing_is_approved(tenant, vectors, monkeypatch):
    def fail(texts):
        raise UpstreamFailed("away", permanent=False)

    monkeypatch.setattr(second_look, "embed", fail)
    policy(tenant, auto_approval="clean_checks")
    proposal, _ = make_proposal(tenant.id)

    with pytest.raises(UpstreamFailed):
        look(proposal)

    assert live_sha(tenant) is None


def test_a_judge_is_asked_only_where_wanted_and_its_word_warns(tenant):
    make_skill(tenant.id, "dates-again")
    proposal, _ = make_proposal(tenant.id)
    judge = FakeModel({"conflicts": [{"slug": "dates-again", "why": "Other format."}]})
    assert check_of(look(proposal, judge), "judged_conflict") is None
    policy(tenant, asks_model=True)

    found = check_of(look(proposal, judge), "judged_conflict")
    look(proposal, judge)

    assert found["level"] == "warn"
    assert found["message"] == "dates-again: Other format."
    assert (found["model"], found["prompt_version"]) == ("fake-1", "conflict-v1")
    assert len(judge.asked) == 1
    # It warns, and a person may approve all the same.
    approved = services.proposal_approve(
        tenant_id=tenant.id, reviewer=ADA, proposal_id=proposal.id, sha256=proposal.sha256
    )
    assert approved.status == "approved"


@pytest.mark.parametrize(
    "answer, level",
    [
        ({"conflicts": []}, "ok"),
        ({"conflicts": [{"slug": "nobody", "why": "Made up."}]}, "ok"),
        ("I cannot say.", "warn"),
        ({"verdict": 1}, "warn"),
    ],
)
def test_a_judge_without_a_finding_or_without_sense(tenant, answer, level):
    policy(tenant, asks_model=True)
    make_skill(tenant.id, "dates-again")
    proposal, _ = make_proposal(tenant.id)

    assert check_of(look(proposal, FakeModel(answer)), "judged_conflict")["level"] == level


def test_no_judge_no_word(tenant):
    policy(tenant, asks_model=True)
    proposal, _ = make_proposal(tenant.id)

    assert check_of(look(proposal, None), "judged_conflict") is None
