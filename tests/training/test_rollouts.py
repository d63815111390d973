"""Rollouts: tasks become sessions with rewards, each once, whatever happens on the way."""

import json
import threading
from collections import Counter
from uuid import UUID, uuid4

import pytest

from apps.core.errors import NotFound
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import TrainerFailed
from apps.jobs.models import Job
from apps.tenants.types import SYSTEM
from apps.training.errors import RolloutRefused, SandboxRefused
from apps.training.models import Rollout, RolloutEpisode, Sample
from apps.training.services import rollouts as services
from apps.training.services.rollouts import playing
from apps.trajectories.models import Score, Session, Turn, TurnSkill
from apps.trajectories.selectors import asked_of, failures_open, request_built
from apps.trajectories.services import JUDGE_KIND
from tests.factories import make_skill
from tests.training.factories import make_policy, make_task_set, make_training_job
from tests.training.fake_sampler import FakeSampler, calls

ASKED = {
    "task_id": "words",
    "instruction": "Say yes.",
    "checker": {"kind": "equals", "value": "yes"},
}


def rows(model, tenant, **fields):
    with tenant_tx(tenant.id):
        return list(model.objects.for_tenant(tenant.id).filter(**fields).order_by("id"))


def make_rollout(tenant, *tasks, **wish):
    policy = wish.pop("policy", None) or make_policy(tenant.id, agent="coder", group_size=2)
    task_set = make_task_set(tenant.id, tasks=list(tasks or [ASKED]))
    return services.rollout_create(
        tenant_id=tenant.id, policy_id=policy.id, task_set_id=task_set.id, **wish
    )


def play(rollout, sampler, is_wanted=lambda: True):
    return services.rollout_play(
        tenant_id=rollout.tenant_id, rollout_id=rollout.id, sampler=sampler, is_wanted=is_wanted
    )


def yes_or_no(_, at):
    return "yes" if at % 2 == 0 else "no"


def test_a_group_is_sampled_at_once_and_every_answer_gets_its_reward(tenant):
    rollout, sampler = make_rollout(tenant, group_size=4), FakeSampler(yes_or_no)

    found = play(rollout, sampler)

    assert [count for _, count in sampler.asked] == [4]
    assert (found.status, found.played, found.failed, found.mean_reward) == ("done", 4, 0, 0.0)
    turns = rows(Turn, tenant)
    assert sorted(turn.reward for turn in turns) == [-1, -1, 1, 1]
    assert {turn.reward_source for turn in turns} == {"checker"}
    assert len({turn.session_id for turn in turns}) == 4
    assert {(turn.kind, turn.status, turn.is_rollout, turn.agent) for turn in turns} == {
        ("main", "complete", True, "coder")
    }
    assert sorted(turn.tags["member"] for turn in turns) == ["0", "1", "2", "3"]
    assert {(turn.tags["rollout"], turn.tags["task"]) for turn in turns} == {
        (str(rollout.id), "words")
    }
    samples = rows(Sample, tenant)
    assert {sample.origin for sample in samples} == {"rollout"}
    assert len({sample.group_id for sample in samples}) == 1
    by_turn = {turn.id: turn.response_text for turn in turns}
    for sample in samples:
        assert sample.token_count == len(by_turn[sample.turn_id])


def test_a_share_is_the_reward_itself(tenant):
    checker = {"kind": "share", "value": "[a-m]"}
    rollout = make_rollout(tenant, {**ASKED, "checker": checker}, group_size=2)

    play(rollout, FakeSampler(lambda _, at: "abcxyzxyzx" if at else "aaaaaaabbx"))

    assert sorted(turn.reward for turn in rows(Turn, tenant)) == [0.3, 0.9]


def test_the_request_is_recorded_as_an_agent_would_have_sent_it(tenant):
    task = {**ASKED, "system": "Be brief."}
    rollout = make_rollout(tenant, task, group_size=1)

    play(rollout, FakeSampler("yes"))

    (turn,) = rows(Turn, tenant)
    with tenant_tx(tenant.id):
        body = json.loads(request_built(tenant_id=tenant.id, turn_id=turn.id).body)
        asked = asked_of(tenant_id=tenant.id, turn_id=turn.id)
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Say yes."},
    ]
    assert (body["model"], body["temperature"]) == ("local/demo-1", 1.0)
    assert (asked.system, turn.response) == ("Be brief.", {"role": "assistant", "content": "yes"})


@pytest.mark.parametrize("mode, is_carried", [("skills", True), ("observe", False)])
def test_the_policy_reads_the_skills_that_an_agent_of_the_workspace_would_get(
    tenant, mode, is_carried
):
    tenant.mode = mode
    tenant.save()
    skill = make_skill(tenant.id)
    task = {**ASKED, "instruction": "Write the date of the release and the time of the meeting."}
    sampler = FakeSampler("yes")

    play(make_rollout(tenant, task, group_size=1), sampler)

    (read, _), (turn,) = sampler.asked[0], rows(Turn, tenant)
    used = rows(TurnSkill, tenant)
    (sample,) = rows(Sample, tenant)
    assert ("YYYY-MM-DD" in read[0]["content"]) is is_carried
    assert [one.slug for one in used] == ([skill.slug] if is_carried else [])
    assert sample.version_ids == [one.version_id for one in used]
    assert turn.injection["place"] == ("system" if is_carried else "none")


def test_playing_again_plays_nothing(tenant):
    rollout, sampler = make_rollout(tenant), FakeSampler(yes_or_no)
    first = play(rollout, sampler)

    again = play(rollout, sampler)

    assert again == first
    assert len(sampler.asked) == 1
    assert len(rows(Turn, tenant)) == 2


def test_only_what_is_missing_is_played_after_a_worker_died(tenant, monkeypatch):
    tasks = [{**ASKED, "task_id": f"t{n}"} for n in range(6)]
    rollout, sampler = make_rollout(tenant, *tasks, concurrency=1), FakeSampler(yes_or_no)
    keep, kept = playing.episodes_keep, []

    def dies(**given):
        if len(kept) == 2:
            raise KeyboardInterrupt
        kept.append(keep(**given))

    monkeypatch.setattr(playing, "episodes_keep", dies)
    with pytest.raises(KeyboardInterrupt):
        play(rollout, sampler)
    monkeypatch.undo()
    asked = len(sampler.asked)

    found = play(rollout, sampler)

    assert len(sampler.asked) - asked == 4
    assert (found.status, found.played) == ("done", 12)
    assert Counter(turn.tags["task"] for turn in rows(Turn, tenant)) == dict.fromkeys(
        (f"t{n}" for n in range(6)), 2
    )


def test_an_answer_that_cannot_be_stored_leaves_nothing_half_stored(tenant, monkeypatch):
    from apps.training.services.rollouts import keeping

    rollout = make_rollout(tenant)

    def dies(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(keeping, "scores_put", dies)
    with pytest.raises(KeyboardInterrupt):
        play(rollout, FakeSampler())

    for model in (Turn, Session, Sample, Score):
        assert rows(model, tenant) == []
    assert {one.status for one in rows(RolloutEpisode, tenant)} == {"waiting"}


def test_what_another_worker_played_in_the_meantime_stays(tenant, monkeypatch):
    rollout, keep = make_rollout(tenant), playing.episodes_keep

    def overtaken(**given):
        monkeypatch.undo()
        play(rollout, FakeSampler("yes"))
        keep(**given)

    monkeypatch.setattr(playing, "episodes_keep", overtaken)
    found = play(rollout, FakeSampler("no"))

    assert (found.status, found.mean_reward) == ("done", 1.0)
    assert [turn.response_text for turn in rows(Turn, tenant)] == ["yes", "yes"]


def test_concurrency_is_how_many_prompts_are_asked_at_once(tenant):
    barrier = threading.Barrier(3, timeout=10)

    def together(_, at):
        if at == 0:
            barrier.wait()
        return "yes"

    tasks = [{**ASKED, "task_id": f"t{n}"} for n in range(9)]
    sampler = FakeSampler(together)

    found = play(make_rollout(tenant, *tasks, concurrency=3), sampler)

    assert (found.played, sampler.most_at_once) == (18, 3)


def test_when_it_is_not_wanted_any_more_what_was_answered_is_kept(tenant):
    tasks = [{**ASKED, "task_id": f"t{n}"} for n in range(8)]
    rollout, sampler = make_rollout(tenant, *tasks, concurrency=1), FakeSampler()

    found = play(rollout, sampler, is_wanted=lambda: len(sampler.asked) < 3)

    assert (found.status, found.is_complete) == ("running", False)
    assert found.played == 2 * len(sampler.asked) == len(rows(Turn, tenant))
    assert play(rollout, sampler).status == "done"


def test_a_trainer_that_is_away_is_heard_of_and_what_was_answered_is_kept(tenant):
    tasks = [{**ASKED, "task_id": f"t{n}"} for n in range(4)]
    rollout = make_rollout(tenant, *tasks, concurrency=1)
    asked = []

    def away_at_the_third(*_):
        asked.append(1)
        return TrainerFailed("Nobody there.", reason="unreachable") if len(asked) > 4 else "yes"

    with pytest.raises(TrainerFailed, match="Nobody there"):
        play(rollout, FakeSampler(away_at_the_third))

    assert len(rows(Turn, tenant)) == 4
    assert play(rollout, FakeSampler()).played == 8


def test_a_prompt_that_the_trainer_refuses_fails_alone(tenant):
    tasks = [{**ASKED, "task_id": "short"}, {**ASKED, "task_id": "long", "instruction": "x" * 99}]

    def refuses_long(messages, _):
        is_long = len(messages[-1]["content"]) > 50
        return TrainerFailed("The prompt is too long.", reason="refused") if is_long else "yes"

    found = play(make_rollout(tenant, *tasks), FakeSampler(refuses_long))

    assert (found.status, found.played, found.failed) == ("done", 2, 2)
    errors = {one.task_id: one.error for one in rows(RolloutEpisode, tenant)}
    assert errors == {"short": "", "long": "The prompt is too long."}


def test_where_nothing_can_be_played_the_rollout_says_why(tenant):
    rollout = make_rollout(tenant)

    found = play(rollout, FakeSampler(""))

    assert (found.status, found.failed) == ("failed", 2)
    (row,) = rows(Rollout, tenant)
    assert (row.reason, "The policy said nothing." in row.note) == ("nothing_played", True)


def test_without_a_checker_the_judge_is_asked_at_once(tenant):
    task = {"task_id": "free", "instruction": "Say something kind."}

    found = play(make_rollout(tenant, task), FakeSampler("You are welcome."))

    turns, judging = rows(Turn, tenant), rows(Job, tenant, kind=JUDGE_KIND)
    assert (found.mean_reward, [turn.reward for turn in turns]) == (None, [None, None])
    assert {UUID(job.payload["turn_id"]) for job in judging} == {turn.id for turn in turns}


def test_a_checked_answer_is_neither_judged_nor_taught_from(tenant):
    found = play(make_rollout(tenant), FakeSampler("no"))

    assert found.mean_reward == -1
    assert rows(Job, tenant, kind=JUDGE_KIND) == []
    assert not [job.kind for job in rows(Job, tenant) if job.kind.startswith("evolution")]
    with tenant_tx(tenant.id):
        since = rows(Turn, tenant)[0].created_at.replace(year=2020)
        open_ones = failures_open(
            tenant_id=tenant.id, since=since, attempts_below=9, without=(), limit=9
        )
    assert open_ones == []


def test_tasks_are_shuffled_once_and_taken_in_turn(tenant):
    tasks = [{**ASKED, "task_id": f"t{n}"} for n in range(5)]
    policy = make_policy(tenant.id, task_set=make_task_set(tenant.id, tasks=tasks), group_size=2)

    def chosen(first):
        rollout = services.rollout_create(
            tenant_id=tenant.id, policy_id=policy.id, groups=2, first=first
        )
        return {one.task_id for one in rows(RolloutEpisode, tenant, rollout=rollout)}

    parts = [chosen(first) for first in (0, 2, 4)]

    assert parts[0] | parts[1] | parts[2] == {f"t{n}" for n in range(5)}
    assert parts[0] == chosen(0) == chosen(5)


def test_a_task_that_comes_twice_has_two_groups(tenant):
    rollout = make_rollout(tenant, groups=3, group_size=2)

    play(rollout, FakeSampler(yes_or_no))

    groups = Counter(sample.group_id for sample in rows(Sample, tenant))
    assert sorted(groups.values()) == [2, 2, 2]


def test_a_step_has_one_rollout_however_often_it_is_asked_for(tenant):
    policy = make_policy(tenant.id, task_set=make_task_set(tenant.id, tasks=[ASKED]))
    job = make_training_job(policy)

    first, again, next_one = (
        services.rollout_create(
            tenant_id=tenant.id, policy_id=policy.id, job_id=job.id, step=step, groups=1
        )
        for step in (1, 1, 2)
    )

    assert first.id == again.id != next_one.id
    assert len(rows(RolloutEpisode, tenant)) == 2 * policy.group_size


def test_a_seed_makes_it_repeatable(tenant):
    policy = make_policy(tenant.id)
    seeds = []
    for seed in (7, 7, 8, None):
        sampler = FakeSampler()
        play(make_rollout_of(tenant, policy, seed), sampler)
        seeds.append(sampler.wishes[0].seed)

    assert seeds[0] == seeds[1] != seeds[2]
    assert seeds[3] is None


def make_rollout_of(tenant, policy, seed):
    task_set = make_task_set(tenant.id, name=uuid4().hex, tasks=[ASKED])
    return services.rollout_create(
        tenant_id=tenant.id, policy_id=policy.id, task_set_id=task_set.id, seed=seed
    )


def test_what_cannot_be_played_is_refused_when_it_is_asked_for(tenant, other_tenant):
    policy = make_policy(tenant.id)
    tasks = make_task_set(tenant.id, tasks=[{**ASKED, "tools": ["run_command"]}])
    foreign = make_task_set(other_tenant.id)

    def ask(**wish):
        services.rollout_create(tenant_id=tenant.id, policy_id=policy.id, **wish)

    with pytest.raises(RolloutRefused, match="has no task set"):
        ask()
    with pytest.raises(SandboxRefused, match="METACLAW_ROLLOUT_TOOLS=1"):
        ask(task_set_id=tasks.id)
    with pytest.raises(NotFound):
        ask(task_set_id=foreign.id)
    plain = make_task_set(tenant.id, name="plain", tasks=[ASKED])
    with pytest.raises(RolloutRefused, match="20,000 episodes"):
        ask(task_set_id=plain.id, groups=20_000, group_size=64)
    assert rows(Rollout, tenant) == []


def test_weights_of_another_checkpoint_are_not_asked(tenant):
    rollout = make_rollout(tenant, checkpoint="tinker://run/sampler_weights/1")

    with pytest.raises(RolloutRefused, match="what was opened is the base model"):
        play(rollout, FakeSampler())


def test_a_cancelled_rollout_is_played_no_further(tenant):
    rollout, sampler = make_rollout(tenant), FakeSampler()
    services.rollout_cancel(tenant_id=tenant.id, actor=SYSTEM, rollout_id=rollout.id)

    assert play(rollout, sampler).status == "cancelled"
    assert sampler.asked == []


def make_busy(tenant, settings, task, **wish):
    settings.METACLAW_ROLLOUT_TOOLS = True
    settings.METACLAW_SANDBOX = "unconfined"
    return make_rollout(tenant, task, group_size=2, **wish)


BUSY = {
    "task_id": "file",
    "instruction": "Write 42 into answer.txt.",
    "tools": ["run_command", "write_file"],
    "checker": {"kind": "command", "argv": ["grep", "-qx", "42", "answer.txt"]},
}


def test_a_policy_uses_tools_until_it_is_done(tenant, settings):
    def works(messages, _):
        results = [one for one in messages if one["role"] == "tool"]
        if not results:
            return calls("write_file", path="answer.txt", content="42\n")
        if len(results) == 1:
            return calls("run_command", command="cat answer.txt")
        return f"It says {results[-1]['content'].strip()}."

    found = play(make_busy(tenant, settings, BUSY), FakeSampler(works))

    assert (found.played, found.mean_reward) == (2, 1.0)
    turns = rows(Turn, tenant)
    assert len(turns) == 6
    assert {turn.reward for turn in turns} == {1.0}
    assert Counter(turn.finish_reason for turn in turns) == {"tool_calls": 4, "stop": 2}
    by_session = Counter(turn.session_id for turn in turns)
    assert sorted(by_session.values()) == [3, 3]
    assert Counter(turn.parent_id is None for turn in turns) == {True: 2, False: 4}
    assert "It says 42." in {turn.response_text for turn in turns}
    assert len({sample.group_id for sample in rows(Sample, tenant)}) == 1


def test_a_policy_that_never_comes_to_an_end_has_its_steps_counted(tenant, settings):
    rollout = make_busy(tenant, settings, {**BUSY, "max_steps": 3})

    found = play(rollout, FakeSampler(lambda *_: calls("run_command", command="true")))

    assert (found.played, found.mean_reward) == (2, -1.0)
    assert len(rows(Turn, tenant)) == 6


def test_what_is_wrong_with_a_tool_call_is_said_to_the_policy(tenant, settings):
    def blunders(messages, _):
        if messages[-1]["role"] == "user":
            return calls("read_file", path="/etc/passwd")
        if "there is no tool" in messages[-1]["content"]:
            return calls("write_file", path="../escape", content="x")
        return ("stay there" in messages[-1]["content"] and "I see.") or "Oh."

    play(make_busy(tenant, settings, BUSY), FakeSampler(blunders))

    assert {turn.response_text for turn in rows(Turn, tenant)} >= {"I see."}


def test_a_checker_that_does_not_work_gives_no_reward(tenant):
    slow = {"kind": "matches", "value": r"(?:a|aa)+$"}
    rollout = make_rollout(tenant, {**ASKED, "checker": slow}, group_size=1)

    found = play(rollout, FakeSampler("a" * 60 + "b"))

    assert (found.status, found.played) == ("failed", 0)
    assert rows(Turn, tenant) == []
