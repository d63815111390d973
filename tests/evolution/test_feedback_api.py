"""Feedback and verdicts over REST: who may, what it answers, what is shown of it."""

import pytest

from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.trajectories.selectors import evidence_turns
from tests.conftest import client_of, member_of
from tests.factories import make_turn


@pytest.fixture
def turn(tenant):
    return make_turn(tenant.id)


def at(turn_id, tenant, end=""):
    return f"/api/v1/t/{tenant.slug}/turns/{turn_id}/{end}"


@pytest.mark.parametrize(
    "client, feedback, verdict",
    [
        ("owner_client", 201, 200),
        ("reviewer_client", 201, 200),
        ("viewer_client", 403, 403),
        ("admin_key_client", 201, 200),
        ("gateway_key_client", 403, 403),
        ("stranger_client", 404, 404),
    ],
)
def test_who_may_say_something_of_a_turn(request, tenant, turn, client, feedback, verdict):
    client = request.getfixturevalue(client)

    given = client.post(at(turn.id, tenant, "feedback/"), {"value": True}, format="json")
    decided = client.put(at(turn.id, tenant, "verdict/"), {"value": 1}, format="json")

    assert (given.status_code, decided.status_code) == (feedback, verdict)


def test_a_member_gives_feedback_and_no_verdict(tenant, turn):
    member = client_of(member_of(tenant, "member"))

    given = member.post(at(turn.id, tenant, "feedback/"), {"value": 0.0}, format="json")
    decided = member.put(at(turn.id, tenant, "verdict/"), {"value": 1}, format="json")

    assert (given.status_code, given.json()) == (201, {"turn_id": str(turn.id), "value": -1.0})
    assert decided.status_code == 403


@pytest.mark.parametrize(
    "value", [None, 7, "good", -0.5, [], {"a": 1}], ids=lambda value: str(value)
)
def test_what_is_no_rating_is_refused(tenant, turn, reviewer_client, value):
    given = reviewer_client.post(at(turn.id, tenant, "feedback/"), {"value": value}, format="json")
    decided = reviewer_client.put(at(turn.id, tenant, "verdict/"), {"value": value}, format="json")

    assert (given.status_code, decided.status_code) == (400, 400)


def test_a_turn_that_is_not_there_is_not_found(tenant, reviewer_client):
    nowhere = uuid7()

    answers = [
        reviewer_client.post(at(nowhere, tenant, "feedback/"), {"value": 1}, format="json"),
        reviewer_client.delete(at(nowhere, tenant, "feedback/")),
        reviewer_client.put(at(nowhere, tenant, "verdict/"), {"value": 1}, format="json"),
        reviewer_client.delete(at(nowhere, tenant, "verdict/")),
    ]

    assert {answer.status_code for answer in answers} == {404}


def test_a_turn_shows_all_that_is_said_of_it_and_what_it_comes_to(tenant, reviewer_client):
    turn = make_turn(tenant.id, score=1)
    said = {"value": 0.25, "comment": "Late."}
    reviewer_client.post(at(turn.id, tenant, "feedback/"), said, format="json")
    seen = reviewer_client.get(at(turn.id, tenant)).json()

    reviewer_client.put(
        at(turn.id, tenant, "verdict/"), {"value": -1, "comment": "No."}, format="json"
    )
    decided = reviewer_client.get(at(turn.id, tenant)).json()
    reviewer_client.delete(at(turn.id, tenant, "verdict/"))
    restored = reviewer_client.get(at(turn.id, tenant)).json()

    assert [(s["kind"], s["value"], s["confidence"], s["comment"]) for s in decided["scores"]] == [
        ("human", -1, 1, "No."),
        ("explicit", -0.5, 0.9, "Late."),
        ("judge", 1, 1, ""),
    ]
    assert all(score["author"] for score in decided["scores"][:2])
    assert [score["is_own"] for score in decided["scores"]] == [True, True, False]
    assert (decided["outcome"], decided["reward"], decided["reward_source"]) == (
        "failed",
        -1,
        "human",
    )
    assert (seen["outcome"], seen["reward"]) == ("failed", -0.35)
    assert restored["scores"] == seen["scores"]
    assert restored["reward"] == seen["reward"]
    assert [step["step"] for step in decided["timeline"]].count("scored") == 3


def test_a_reviewer_says_what_should_have_been_answered(tenant, turn, reviewer_client):
    body = {"value": -1, "comment": "Wrong form.", "correction": "On 2026-03-10."}
    reviewer_client.put(at(turn.id, tenant, "verdict/"), body, format="json")

    [score] = reviewer_client.get(at(turn.id, tenant)).json()["scores"]
    assert (score["correction"], score["comment"]) == ("On 2026-03-10.", "Wrong form.")
    with tenant_tx(tenant.id):
        [evidence] = evidence_turns(tenant_id=tenant.id, turn_ids=[turn.id])
    assert evidence.rationales == ["Wrong form.\nShould have been answered: On 2026-03-10."]

    # Saying it again replaces all of it.
    reviewer_client.put(at(turn.id, tenant, "verdict/"), {"value": 1}, format="json")
    [score] = reviewer_client.get(at(turn.id, tenant)).json()["scores"]
    assert (score["value"], score["correction"]) == (1, "")
