import json

import pytest

from apps.core.errors import UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.trajectories import selectors
from apps.trajectories.services.judging import VOTES, verdict_get
from tests.factories import make_turn
from tests.fakes import FakeModel
from tests.trajectories.test_recording import assistant, talk, user


def vote(value, rationale="because"):
    return {"vote": value, "rationale": rationale}


def judge(turn, *answers):
    model = FakeModel(*answers)
    with tenant_tx(turn.tenant_id):
        seen = selectors.judge_input(tenant_id=turn.tenant_id, turn_id=turn.id)
    return verdict_get(model=model, turn=seen, is_simulated=False), model


@pytest.mark.parametrize(
    "votes, value",
    [
        ([1, 1, 1], 1),
        ([1, -1, 1], 1),
        ([-1, 0, -1], -1),
        ([0, 0, 1], 0),
        ([1, -1, 0], 0),
    ],
)
def test_the_majority_counts_and_a_tie_says_nothing(tenant, votes, value):
    verdict, _ = judge(talk(tenant, "one"), *map(vote, votes))

    assert verdict.value == value
    assert [one.value for one in verdict.votes] == votes


@pytest.mark.parametrize(
    "unclear", ["I would say it is fine.", "{", '{"vote": 2}', '{"vote": "good"}', "[]", '{"x": 1}']
)
def test_a_vote_that_cannot_be_understood_is_no_vote(tenant, unclear):
    verdict, _ = judge(talk(tenant, "one"), unclear, vote(-1), vote(-1))

    assert verdict.value == -1
    assert verdict.votes[0].value is None
    assert verdict.votes[0].rationale


def test_one_vote_for_and_one_against_is_a_tie_even_beside_a_broken_one(tenant):
    verdict, _ = judge(talk(tenant, "one"), "?", vote(1), vote(-1))

    assert verdict.value == 0


def test_a_turn_without_an_understandable_vote_stays_unscored(tenant):
    with pytest.raises(UpstreamFailed) as failed:
        judge(talk(tenant, "one"), "no idea")

    assert not failed.value.permanent


def test_an_answer_in_a_fence_with_words_around_it_is_read(tenant):
    verdict, _ = judge(
        talk(tenant, "one"), "Sure:\n```json\n" + json.dumps(vote(1, "right")) + "\n```\nDone."
    )

    assert (verdict.value, verdict.rationale) == (1, "right")


def test_the_rationale_is_that_of_a_vote_for_the_outcome(tenant):
    verdict, _ = judge(talk(tenant, "one"), vote(1, "for"), vote(-1, ""), vote(-1, "against"))

    assert verdict.rationale == "against"


def test_the_judge_reads_the_users_reply(tenant):
    first = talk(tenant, "one", system="Use ISO dates.")
    alone, before = judge(first, vote(1))
    talk(tenant, "one", "re one", "No, that is wrong!")

    verdict, model = judge(first, vote(-1))

    assert (alone.saw_follow_up, verdict.saw_follow_up) == (False, True)
    assert before.asked[0][1]["follow_up"] is None
    assert len(model.asked) == VOTES
    system, question = model.asked[0]
    assert system.startswith("# MetaClaw judge, prompt version judge-v1")
    assert question == {
        "task": "judge",
        "system": "Use ISO dates.",
        "user": "one",
        "response": "re one",
        "follow_up": "No, that is wrong!",
    }


def test_results_of_tools_are_not_taken_for_a_reply(tenant):
    call = {
        "role": "assistant",
        "content": None,
        "tool_calls": [{"id": "c1", "function": {"name": "search", "arguments": "{}"}}],
    }
    key = {"key_id": talk(tenant, "hello").key_id}
    first = make_turn(
        tenant.id,
        messages=[user("find it")],
        answer=call,
        response_text="[calls search({})]",
        **key,
    )
    result = {"role": "tool", "tool_call_id": "c1", "content": "found"}
    make_turn(tenant.id, messages=[user("find it"), call, result], answer=assistant("x"), **key)

    _, model = judge(first, vote(0))

    assert model.asked[0][1]["follow_up"] is None


def test_a_failing_provider_is_not_a_vote(tenant):
    with pytest.raises(UpstreamFailed):
        judge(talk(tenant, "one"), vote(1), UpstreamFailed("quota", permanent=False))
