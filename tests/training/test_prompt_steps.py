"""Recorded prompts that a step asks anew: which ones, and what comes of it."""

import json
from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import TrainerFailed
from apps.training import services
from apps.training.errors import JudgeLate, NothingToTrainOn
from apps.training.held_out import is_held_out
from apps.training.models import BatchSample, Rollout, RolloutEpisode, TrainingJob
from apps.training.recipe import Recipe
from apps.training.services.beginning import steps_possible
from apps.training.services.checkpoints.choosing import heldout_cases
from apps.training.services.gathering import gather
from apps.training.services.rollouts import prompts_open, stepping
from apps.training.services.rollouts.stepping import step_groups_play
from apps.trajectories.models import Turn
from apps.trajectories.months import first_id
from apps.trajectories.services import score_record
from tests.factories import make_run, make_turn, make_verdict
from tests.training.factories import (
    make_checkpoint,
    make_policy,
    make_step,
    make_training_job,
)
from tests.training.fake_sampler import calls
from tests.training.test_rollout_steps import FakeTraining, mixed

WORDS = [text for n in range(60) if not is_held_out(text := f"Say yes ({n}).")]
HELD_OUT = [text for n in range(60) if is_held_out(text := f"Say yes ({n}).")]


def ask(tenant, text, **fields):
    return make_turn(tenant.id, messages=[{"role": "user", "content": text}], **fields)


def policy_of(tenant, **fields):
    wanted = {"source": "prompts", "groups_per_step": 2, "group_size": 2}
    return make_policy(tenant.id, **{**wanted, **fields})


@pytest.fixture
def policy(tenant):
    return policy_of(tenant)


@pytest.fixture(autouse=True)
def judge(monkeypatch):
    """Everything but "no" is good, and known at once."""

    def decide(tenant_id, group_ids):
        with tenant_tx(tenant_id):
            turns = Turn.objects.for_tenant(tenant_id).filter(is_rollout=True, score=None)
            for turn_id, text in list(turns.values_list("id", "response_text")):
                verdict = make_verdict(-1 if text == "no" else 1)
                score_record(tenant_id=tenant_id, turn_id=turn_id, verdict=verdict)

    monkeypatch.setattr(stepping, "_await_judge", decide)


def play(step, speak=mixed):
    with tenant_tx(step.tenant_id):
        recipe = Recipe.of(step.job.policy)
    return step_groups_play(job=step.job, step=step, recipe=recipe, training=FakeTraining(speak))


def asked_in(tenant, **filters):
    with tenant_tx(tenant.id):
        rows = RolloutEpisode.objects.for_tenant(tenant.id).filter(**filters)
        return set(rows.values_list("task_id", flat=True))


def open_to(policy):
    with tenant_tx(policy.tenant_id):
        found = prompts_open(tenant_id=policy.tenant_id, policy_id=policy.id, agent=policy.agent)
        return [one.turn_id for one in found]


def test_a_step_learns_from_recorded_prompts_with_the_judges_rewards(tenant, policy):
    turns = [ask(tenant, text) for text in WORDS[:3]]
    job = make_training_job(policy)

    batch_id = gather(
        run=make_run(tenant.id),
        job=job,
        step=make_step(job),
        recipe=Recipe.of(policy),
        training=FakeTraining(mixed),
    )

    with tenant_tx(tenant.id):
        found = BatchSample.objects.for_tenant(tenant.id).filter(batch_id=batch_id)
        assert sorted(one.reward for one in found) == [-1, -1, 1, 1]
        rollout = Rollout.objects.for_tenant(tenant.id).get()
    assert (rollout.origin, rollout.step, rollout.status) == ("resample", 1, "done")
    # The newest come first.
    assert asked_in(tenant) == {str(turn.id) for turn in turns[1:]}


def test_each_step_has_those_that_were_asked_least(tenant, policy):
    turns = [str(ask(tenant, text).id) for text in WORDS[:3]]
    job = make_training_job(policy)
    steps = [make_step(job, number) for number in (1, 2, 3)]

    for step in steps:
        play(step)

    played = [asked_in(tenant, rollout__step=step.number) for step in steps]
    assert played[0] == set(turns[1:])
    assert turns[0] in played[1]
    assert len(played[1]) == 2
    # Four were asked: one of three had its turn twice, and is not the next.
    assert played[2] == set(turns) - (played[0] & played[1])


def test_others_are_asked_in_the_place_of_flat_groups_as_long_as_there_are_any(tenant, policy):
    for text in WORDS[:5]:
        ask(tenant, text)

    with pytest.raises(NothingToTrainOn, match="All answers to the recorded prompts of step 1"):
        play(make_step(make_training_job(policy)), "yes")

    assert len(asked_in(tenant)) == 5
    with tenant_tx(tenant.id):
        assert RolloutEpisode.objects.for_tenant(tenant.id).count() == 10


def test_a_step_that_was_interrupted_goes_on_with_its_own_prompts(tenant, policy):
    turns = [ask(tenant, text) for text in WORDS[:2]]
    step, said = make_step(make_training_job(policy)), []

    def away(messages, at):
        said.append(at)
        failed = TrainerFailed("Away.", reason="unreachable")
        return failed if len(said) > 2 else mixed(messages, at)

    with pytest.raises(TrainerFailed):
        play(step, away)
    # Newer ones, that would come first by now.
    for text in WORDS[2:6]:
        ask(tenant, text)
    found = play(step)

    assert found.telling == 2
    assert asked_in(tenant) == {str(turn.id) for turn in turns}


def test_prompts_are_real_users_whole_and_open(tenant, other_tenant):
    policy = policy_of(tenant, agent="writer")
    good = ask(tenant, WORDS[0], agent="writer")
    ask(other_tenant, WORDS[1], agent="writer")
    ask(tenant, WORDS[1], agent="reader")
    ask(tenant, WORDS[2], agent="writer", is_simulated=True)
    ask(tenant, WORDS[3], agent="writer", is_rollout=True)
    ask(tenant, WORDS[4], agent="writer", kind="side")
    ask(tenant, WORDS[5], agent="writer", status="client_aborted")
    ask(tenant, WORDS[6], agent="writer", dialect="completions")
    old = now() - timedelta(days=61)
    ask(tenant, WORDS[7], agent="writer", id=first_id(old), started_at=old, finished_at=old)

    assert open_to(policy) == [good.id]


def test_the_same_prompt_is_one_however_often_it_was_asked(tenant, policy):
    ask(tenant, WORDS[0])
    latest = ask(tenant, WORDS[0])

    assert open_to(policy) == [latest.id]


def test_what_taught_a_skill_is_not_asked_nor_the_same_words_of_another_turn(tenant, policy):
    taught, other = ask(tenant, WORDS[0]), ask(tenant, WORDS[1])
    with tenant_tx(tenant.id):
        Turn.objects.for_tenant(tenant.id).filter(id=taught.id).update(is_support=True)
    ask(tenant, WORDS[0])

    assert open_to(policy) == [other.id]


def test_practice_is_asked_where_there_is_nothing_else(tenant, policy):
    practice = ask(tenant, WORDS[0], is_simulated=True)

    assert open_to(policy) == [practice.id]


def test_gates_and_training_share_no_prompt(tenant, policy):
    for text in WORDS[:8] + HELD_OUT[:4]:
        ask(tenant, text)
    candidate = make_checkpoint(policy)

    with tenant_tx(tenant.id):
        held_out = {case.turn_id for case in heldout_cases(candidate)}

    assert len(held_out) == 4
    assert len(open_to(policy)) == 8
    assert not held_out & set(open_to(policy))


def test_what_cannot_be_asked_is_passed_over(tenant, policy):
    good = [ask(tenant, text) for text in WORDS[:2]]
    tools = [{"name": "read", "description": "", "input_schema": {"type": "object"}}]
    ask(tenant, WORDS[2], dialect="anthropic", tools=tools)
    image = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    make_turn(
        tenant.id,
        messages=[{"role": "user", "content": [{"type": "text", "text": "What?"}, image]}],
        user_text=WORDS[3],
    )

    play(make_step(make_training_job(policy)))

    assert asked_in(tenant) == {str(turn.id) for turn in good}


def test_an_answer_that_calls_a_tool_is_an_answer(tenant):
    policy = policy_of(tenant, groups_per_step=1)
    tools = [{"type": "function", "function": {"name": "look", "parameters": {}}}]
    body = {"model": "m", "messages": [{"role": "user", "content": WORDS[0]}], "tools": tools}
    ask(tenant, WORDS[0], body=json.dumps(body).encode())

    def look_or_not(_, at):
        return calls("look", at="the clock") if at % 2 else "no"

    found = play(make_step(make_training_job(policy)), look_or_not)

    assert found.telling == 1
    with tenant_tx(tenant.id):
        turns = Turn.objects.for_tenant(tenant.id).filter(is_rollout=True)
        assert {(turn.finish_reason, turn.score) for turn in turns} == {
            ("tool_calls", 1),
            ("stop", -1),
        }


def test_a_step_says_how_many_prompts_it_lacks(tenant, policy):
    ask(tenant, WORDS[0])

    with pytest.raises(NothingToTrainOn, match="A step asks 2 of them, and there are 1"):
        play(make_step(make_training_job(policy)))


def test_a_judge_that_is_late_is_asked_again_later(tenant, policy, monkeypatch):
    def late(tenant_id, group_ids):
        raise JudgeLate("4 answers of the policy wait for the judge.")

    for text in WORDS[:2]:
        ask(tenant, text)
    monkeypatch.setattr(stepping, "_await_judge", late)
    step = make_step(make_training_job(policy))

    with pytest.raises(JudgeLate):
        play(step)

    monkeypatch.undo()
    monkeypatch.setattr(stepping, "_JUDGE_SECONDS", 0)
    with pytest.raises(JudgeLate, match="4 answers of the policy wait"):
        play(step, "They were stored: nobody is asked.")


def test_a_policy_begins_when_there_are_prompts_enough(tenant, policy):
    ask(tenant, WORDS[0])
    with tenant_tx(tenant.id):
        assert steps_possible(policy) == 0
    ask(tenant, WORDS[1])
    with tenant_tx(tenant.id):
        assert steps_possible(policy) == policy.steps_per_job


def test_whoever_begins_by_a_full_batch_wants_new_prompts(tenant):
    policy = policy_of(tenant, mode="rl")
    for text in WORDS[:5]:
        ask(tenant, text)
    with tenant_tx(tenant.id):
        assert steps_possible(policy) == 2

    play(make_step(make_training_job(policy)))

    with tenant_tx(tenant.id):
        assert steps_possible(policy) == 1
        TrainingJob.objects.for_tenant(tenant.id).update(status="done")
    [job_id] = services.jobs_begin(tenant_id=tenant.id, mode="rl", trigger="full")
    with tenant_tx(tenant.id):
        assert TrainingJob.objects.for_tenant(tenant.id).get(id=job_id).planned_steps == 1
