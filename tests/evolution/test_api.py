from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.trajectories.months import first_id
from tests.factories import make_doc, make_proposal, make_skill, make_turn, make_upstream

BETTER = make_doc(body="# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, always.").text


def proposals_of(tenant):
    return f"/api/v1/t/{tenant.slug}/proposals/"


def act(client, tenant, proposal, verb):
    url = f"{proposals_of(tenant)}{proposal.id}/"
    if verb == "edit":
        body = {"text": BETTER, "sha256": proposal.sha256}
        return client.patch(url, body, format="json")
    body = {"approve": {"sha256": proposal.sha256}, "reject": {"reason": "wrong"}}[verb]
    return client.post(f"{url}{verb}/", body, format="json")


@pytest.mark.parametrize("verb", ["approve", "reject", "edit"])
@pytest.mark.parametrize(
    "client, read, decide",
    [
        ("owner_client", 200, 200),
        ("admin_client", 200, 200),
        ("reviewer_client", 200, 200),
        ("viewer_client", 200, 403),
        ("admin_key_client", 200, 200),
        ("gateway_key_client", 403, 403),
        ("stranger_client", 404, 404),
    ],
)
def test_who_may_read_and_decide(request, tenant, verb, client, read, decide):
    client = request.getfixturevalue(client)
    proposal, _ = make_proposal(tenant.id)

    assert client.get(proposals_of(tenant)).status_code == read
    assert client.get(f"{proposals_of(tenant)}{proposal.id}/").status_code == read
    assert act(client, tenant, proposal, verb).status_code == decide


def test_a_proposal_is_shown_with_everything_a_decision_needs(tenant, reviewer_client):
    make_skill(tenant.id)
    proposal, turn = make_proposal(tenant.id, body="# Dates\n\n## Steps\n\n1. ISO dates only.")

    shown = reviewer_client.get(f"{proposals_of(tenant)}{proposal.id}/").json()

    assert (shown["kind"], shown["base_version"]) == ("revise", 1)
    assert shown["base_text"] == make_doc().text
    assert (shown["text"], shown["sha256"]) == (proposal.text, proposal.sha256)
    (evidence,) = shown["evidence"]
    assert (evidence["turn_id"], evidence["score"]) == (str(turn.id), -1)
    assert evidence["rationale"] == "The date is not ISO 8601."
    assert (shown["may_decide"], shown["blocked_reason"]) == (True, None)
    assert (shown["evidence_count"], shown["session_count"]) == (1, 1)
    assert shown["tokens"] > 10
    assert {check["level"] for check in shown["checks"]} <= {"ok", "warn", "fail"}


def test_somebody_who_may_not_decide_is_told_why(tenant, viewer_client):
    proposal, _ = make_proposal(tenant.id)

    shown = viewer_client.get(f"{proposals_of(tenant)}{proposal.id}/").json()

    assert shown["may_decide"] is False
    assert "viewer" in shown["blocked_reason"]


def test_the_queue_shows_what_waits_and_the_rest_on_demand(tenant, reviewer_client):
    _, turn = make_proposal(tenant.id, slug="waiting")
    approved, _ = make_proposal(tenant.id, slug="approved")
    rejected, _ = make_proposal(tenant.id, slug="rejected")
    act(reviewer_client, tenant, approved, "approve")
    act(reviewer_client, tenant, rejected, "reject")

    def slugs(query):
        answer = reviewer_client.get(proposals_of(tenant) + query)
        return [row["slug"] for row in answer.json()["results"]]

    assert slugs("") == ["waiting"]
    assert slugs("?status=approved") == ["approved"]
    assert slugs("?status=rejected") == ["rejected"]
    assert slugs("?status=all") == ["rejected", "approved", "waiting"]
    assert slugs(f"?turn={turn.id}") == ["waiting"]
    assert reviewer_client.get(proposals_of(tenant) + "?status=lost").status_code == 400


def test_conflicts_have_a_code_that_a_client_can_tell_apart(tenant, reviewer_client):
    proposal, _ = make_proposal(tenant.id)
    url = f"{proposals_of(tenant)}{proposal.id}/"

    changed = reviewer_client.post(f"{url}approve/", {"sha256": "0" * 64}, format="json")
    stale = reviewer_client.patch(url, {"text": BETTER, "sha256": "0" * 64}, format="json")
    act(reviewer_client, tenant, proposal, "approve")
    decided = act(reviewer_client, tenant, proposal, "approve")

    answers = [(answer.status_code, answer.json()["code"]) for answer in (changed, stale, decided)]
    assert answers == [(409, "proposal_changed")] * 2 + [(409, "proposal_decided")]


def test_a_proposal_whose_skill_moved_on_says_so_with_a_code_of_its_own(tenant, reviewer_client):
    proposal, _ = make_proposal(tenant.id)
    make_skill(tenant.id)

    answer = act(reviewer_client, tenant, proposal, "approve")

    assert (answer.status_code, answer.json()["code"]) == (409, "proposal_stale")


def test_a_malformed_edit_names_the_field(tenant, reviewer_client):
    proposal, _ = make_proposal(tenant.id)

    answer = reviewer_client.patch(
        f"{proposals_of(tenant)}{proposal.id}/",
        {"text": "no front matter", "sha256": proposal.sha256},
        format="json",
    )

    assert answer.status_code == 422
    assert list(answer.json()["fields"]) == ["text"]


def test_an_approved_text_is_what_the_library_serves(tenant, reviewer_client):
    proposal, _ = make_proposal(tenant.id)

    answer = act(reviewer_client, tenant, proposal, "approve").json()

    skill = reviewer_client.get(f"/api/v1/t/{tenant.slug}/skills/iso-dates/").json()
    assert (answer["status"], answer["may_decide"]) == ("approved", False)
    assert (skill["text"], skill["sha256"]) == (proposal.text, proposal.sha256)
    assert [review["decision"] for review in answer["reviews"]] == ["approved"]


def test_the_overview_counts_the_last_day(tenant, viewer_client):
    make_upstream(tenant.id, kind="practice", name="practice", model="practice-1")
    make_proposal(tenant.id)  # one failed turn
    long_ago = now() - timedelta(hours=25)
    for fields in (
        {"score": 1, "latency_ms": 100},
        {"score": 1, "latency_ms": 300},
        {"score": 0},
        {},
        {"status": "upstream_error", "answer": None, "latency_ms": 9999},
        {
            "id": first_id(long_ago),
            "score": 1,
            "started_at": long_ago,
            "finished_at": long_ago,
        },
    ):
        make_turn(tenant.id, **fields)

    overview = viewer_client.get(f"/api/v1/t/{tenant.slug}/overview/").json()

    assert overview["outcomes"] == {
        "passed": 2,
        "failed": 1,
        "neutral": 1,
        "unscored": 1,
        "error": 1,
    }
    assert (overview["turns"]["total_24h"], overview["turns"]["failed_24h"]) == (6, 1)
    assert overview["turns"]["p50_ms"] == 120
    assert overview["turns"]["first_at"].startswith(long_ago.strftime("%Y-%m-%dT%H:%M"))
    assert overview["review"]["pending"] == 1
    assert overview["skills"] == {"live": 0, "learned": 0, "generation": 0}
    assert overview["serving"] == {
        "upstream": "practice",
        "kind": "practice",
        "model": "practice-1",
        "is_simulated": True,
    }
    assert len(overview["series"]) == 24
    assert sum(hour["turns"] for hour in overview["series"]) == 6
    assert overview["activity"][0]["action"] == "proposal.created"


def test_a_new_workspace_has_an_overview_too(tenant, viewer_client):
    overview = viewer_client.get(f"/api/v1/t/{tenant.slug}/overview/").json()

    assert (overview["serving"], overview["turns"]["p50_ms"]) == (None, None)
    assert overview["jobs"] == {"queued": 0, "running": 0, "dead": 0}
