"""The ledger: what a version did, what that is held against, and whose proposals are taken."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.evolution.models import Canary
from apps.evolution.services import proposal_approve, proposal_edit, proposal_reject
from apps.evolution.types import Reviewer
from apps.skills.models import SkillStanding, SkillStat
from apps.skills.services import skill_edit
from apps.tenants.types import SYSTEM
from tests.factories import (
    make_canary,
    make_doc,
    make_learned,
    make_proposal,
    make_replay,
    make_skill,
)

BETTER = "# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, always.\n\n## Avoid\n\n- Names."
REWARD = {"pairs": 40, "difference": 0.2, "low": 0.05, "high": 0.35}


@pytest.fixture
def ledger(tenant, viewer_client):
    def get(path="", **query):
        answer = viewer_client.get(f"/api/v1/t/{tenant.slug}/skills/{path}ledger/", query)
        assert answer.status_code == 200, answer.json()
        return answer.json()["results"]

    return get


def stat(tenant, version, ago=timedelta(0), **fields):
    hour = (now() - ago).replace(minute=0, second=0, microsecond=0)
    with tenant_tx(tenant.id):
        SkillStat.objects.create(tenant_id=tenant.id, version=version, hour=hour, **fields)


def test_a_line_says_what_a_version_did(tenant, ledger):
    version = make_skill(tenant.id).live_version
    make_skill(tenant.id, "unused")
    used_at = now() - timedelta(days=1)
    stat(tenant, version, considered=9, uses=4, passed=2, failed=1, tokens=400, nanos=1_500_000)
    stat(
        tenant,
        version,
        timedelta(days=1),
        considered=1,
        uses=1,
        tokens=100,
        unpriced=1,
        last_used_at=used_at,
    )

    unused, line = ledger()

    assert (line["slug"], line["version"], line["state"]) == ("iso-dates", 1, "live")
    assert (line["considered"], line["injected"]) == (10, 5)
    assert (line["passed"], line["failed"], line["lift"]) == (2, 1, None)
    assert (line["tokens_added"], line["micros_added"], line["unpriced"]) == (500, 1500, 1)
    assert line["last_used_at"] == used_at.isoformat().replace("+00:00", "Z")
    assert line["evidence_at"].startswith(now().date().isoformat())
    assert line["daily"] == [0] * 12 + [1, 4]
    assert (unused["considered"], unused["last_used_at"], unused["factor"]) == (0, None, 1)


def test_versions_that_are_past_are_listed_when_asked_for(tenant, ledger):
    skill = make_skill(tenant.id)
    text = make_doc(body=BETTER).text
    sha256 = skill.live_version.sha256
    skill_edit(tenant_id=tenant.id, actor=SYSTEM, slug=skill.slug, text=text, sha256=sha256)

    states = [(one["version"], one["state"]) for one in ledger(versions="all")]

    assert states == [(2, "live"), (1, "past")]
    assert [one["version"] for one in ledger()] == [2]
    assert [one["version"] for one in ledger("iso-dates/")] == [2, 1]
    assert ledger(slug="another") == []


def test_a_lift_is_that_of_a_canary_once_there_are_pairs(tenant, ledger):
    canary = make_canary(tenant.id)
    assert [(one["state"], one["lift"]) for one in ledger()] == [("trial", None)]

    with tenant_tx(tenant.id):
        rows = Canary.objects.for_tenant(tenant.id).filter(id=canary.id)
        rows.update(result={"reward": REWARD})

    lift = ledger()[0]["lift"]
    assert (lift["control"], lift["source_id"]) == ("canary", str(canary.id))
    assert {name: lift[name] for name in REWARD} == REWARD


def test_without_a_canary_a_replay_of_exactly_this_text_is_the_control(tenant, ledger):
    proposal = make_learned(tenant.id)
    failing = {"lift": 1.0, "low": 0.4, "high": 1.6, "pairs": 7}
    unseen = {"lift": 0.5, "low": -0.2, "high": 1.0, "pairs": 3}
    make_replay(proposal, sha256="0" * 64, result={"groups": {"failing": failing}})
    assert ledger()[0]["lift"] is None

    make_replay(proposal, result={"groups": {"failing": failing}})
    whole = ledger()[0]["lift"]
    make_replay(proposal, result={"groups": {"failing": failing, "held_out": unseen}})
    lift = ledger()[0]["lift"]

    assert (whole["control"], whole["difference"], whole["pairs"]) == ("replay", 0.5, 7)
    assert (lift["difference"], lift["low"], lift["high"], lift["pairs"]) == (0.25, -0.1, 0.5, 3)


def test_a_line_shows_what_retrieval_makes_of_it(tenant, ledger):
    version = make_skill(tenant.id).live_version
    with tenant_tx(tenant.id):
        SkillStanding.objects.create(tenant_id=tenant.id, version=version, factor=0.7)

    assert ledger()[0]["factor"] == 0.7


def test_precision_is_what_people_take_of_what_is_decided(tenant, viewer_client):
    reviewer = Reviewer(SYSTEM)
    make_learned(tenant.id, "taken")
    turned_down, _ = make_proposal(tenant.id, "turned-down")
    proposal_reject(
        tenant_id=tenant.id, reviewer=reviewer, proposal_id=turned_down.id, reason="wrong"
    )
    make_proposal(tenant.id, "waits")

    (line,) = viewer_client.get(f"/api/v1/t/{tenant.slug}/evolvers/").json()["results"]

    assert line["prompt_version"].startswith("evolver-v")
    assert (line["proposed"], line["approved"], line["rejected"], line["waiting"]) == (3, 1, 1, 1)
    assert (line["precision"], line["edited"]) == (0.5, 0)


def test_precision_says_whose_texts_had_to_be_edited(tenant, viewer_client):
    proposal, _ = make_proposal(tenant.id)
    edited = proposal_edit(
        tenant_id=tenant.id,
        reviewer=Reviewer(SYSTEM),
        proposal_id=proposal.id,
        text=make_doc(body=BETTER).text,
        sha256=proposal.sha256,
    )
    proposal_approve(
        tenant_id=tenant.id,
        reviewer=Reviewer(SYSTEM),
        proposal_id=proposal.id,
        sha256=edited.sha256,
    )

    (line,) = viewer_client.get(f"/api/v1/t/{tenant.slug}/evolvers/").json()["results"]

    assert (line["precision"], line["edited"], line["waiting"]) == (1.0, 1, 0)
