"""Why is this turn not trainable? Answered per turn, each reason by causing it."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.skills.services import skill_retire
from apps.tenants.types import SYSTEM
from apps.trajectories import selectors
from apps.trajectories.models import Turn
from apps.trajectories.services import scores_put
from apps.trajectories.training import _RULES, TurnFacts, training_rule
from apps.trajectories.types import GivenScore
from tests.factories import make_proposal, make_skill, make_turn


def against(turn) -> dict[str, str]:
    with tenant_tx(turn.tenant_id):
        fresh = selectors.turn_get(tenant_id=turn.tenant_id, turn_id=turn.id)
        return {one.code: one.sentence for one in selectors.training_reasons(fresh)}


def change(turn, **fields):
    with tenant_tx(turn.tenant_id):
        Turn.objects.for_tenant(turn.tenant_id).filter(id=turn.id).update(**fields)
    return turn


def test_a_scored_turn_of_a_provider_lacks_its_tokens_only(tenant):
    turn = make_turn(tenant.id, score=1, upstream="Somewhere")

    found = against(turn)

    assert list(found) == ["no_tokens"]
    assert "Somewhere" in found["no_tokens"]


@pytest.mark.parametrize(
    "fields, code, words",
    [
        ({"status": "client_aborted"}, "not_complete", "the client left"),
        ({"kind": "side"}, "side_turn", "side turn"),
        ({"is_repeated": True}, "repeated", "attempts"),
        ({"is_simulated": True}, "simulated", "practice model"),
    ],
)
def test_what_a_turn_is_may_speak_against_it(tenant, fields, code, words):
    turn = change(make_turn(tenant.id, score=1), **fields)

    assert words in against(turn)[code]


def test_no_reward_and_a_reward_in_doubt_are_two_reasons(tenant):
    turn = make_turn(tenant.id)
    before = against(turn)
    signal = GivenScore(turn.id, "implicit", -1, 0.3, turn.finished_at, source="tool_error")
    with tenant_tx(tenant.id):
        scores_put(tenant_id=tenant.id, scores=[signal])

    after = against(turn)

    assert "unscored" in before
    assert "reward_in_doubt" not in before
    assert "unscored" not in after
    assert "-0.30" in after["reward_in_doubt"]


def test_what_taught_a_skill_names_it_and_the_run(tenant):
    proposal, turn = make_proposal(tenant.id, slug="iso-dates")

    sentence = against(turn)["support"]

    assert "iso-dates" in sentence
    assert str(proposal.run_id) in sentence


def test_skills_that_moved_on_speak_against_what_they_answered(tenant):
    version = make_skill(tenant.id, "iso-dates").live_version
    turn = make_turn(tenant.id, score=1, skills=[(version.id, "iso-dates", 1)])
    before = against(turn)

    skill_retire(tenant_id=tenant.id, actor=SYSTEM, slug="iso-dates")

    assert "older_skills" not in before
    assert "iso-dates@1" in against(turn)["older_skills"]


def test_an_app_adds_a_reason_or_answers_for_one_that_is_there(monkeypatch, tenant):
    rules = dict(_RULES)
    monkeypatch.setattr("apps.trajectories.training._RULES", rules)
    order = list(rules)

    @training_rule("no_tokens")
    def sampled_here(facts: TurnFacts) -> str | None:
        return None if facts.upstream == "ours" else "Not ours."

    @training_rule("too_long")
    def too_long(facts: TurnFacts) -> str | None:
        return "It is too long."

    turn = change(make_turn(tenant.id, score=1), upstream="ours")

    assert list(against(turn)) == ["too_long"]
    assert [*order, "too_long"] == list(rules)


def test_rest_answers_with_the_reasons(tenant, viewer_client):
    turn = make_turn(tenant.id)

    answer = viewer_client.get(f"/api/v1/t/{tenant.slug}/turns/{turn.id}/").json()

    codes = [one["code"] for one in answer["not_trainable"]]
    assert codes == ["unscored", "no_tokens"]
    assert all(one["sentence"].endswith(".") for one in answer["not_trainable"])
