"""A checkpoint is tried before it answers anybody."""

from typing import Any
from uuid import UUID

import pytest

from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.tenants.models import AuditEvent
from apps.tenants.types import Actor
from apps.training.errors import CheckpointState
from apps.training.models import Batch, BatchSample, Checkpoint, Gate, GateCase, TrainingJob
from apps.training.selectors import checkpoints as selectors
from apps.training.services import checkpoints as services
from apps.training.services.checkpoints.asking import Marked, mark_by_judge
from apps.trajectories.models import Turn
from tests.factories import make_run, make_sample, make_turn, make_upstream
from tests.fakes import FakeModel
from tests.training.factories import (
    make_checkpoint,
    make_policy,
    make_training_job,
)
from tests.training.gate_fakes import FakeTrainer, WordJudge

ADA = Actor("user", "1", "Ada")
GOOD = "a good answer to what was asked"
BAD = "an answer that helps nobody at all"


@pytest.fixture
def policy(tenant) -> Any:
    make_upstream(tenant.id, name="judge", model="judge-1")
    return make_policy(tenant.id, route_model="helper", gate_prompts=12, gate_margin=0.05)


@pytest.fixture
def candidate(policy) -> Checkpoint:
    return make_checkpoint(policy)


def asked(tenant_id: UUID, count: int, **fields: Any) -> list[Turn]:
    return [
        make_turn(tenant_id, messages=[{"role": "user", "content": f"Question {n}?"}], **fields)
        for n in range(count)
    ]


def start(checkpoint: Checkpoint) -> Gate:
    return services.gate_start(
        tenant_id=checkpoint.tenant_id, actor=ADA, checkpoint_id=checkpoint.id
    )


def run(gate: Gate, trainer: FakeTrainer, judge: Any = None, **options: Any) -> Gate:
    services.gate_run(
        run=make_run(gate.tenant_id),
        gate_id=gate.id,
        open_sampler=trainer.open,
        mark=judge or WordJudge(),
        **options,
    )
    return again(gate)


def again(gate: Gate) -> Gate:
    with tenant_tx(gate.tenant_id):
        return selectors.gate_get(tenant_id=gate.tenant_id, gate_id=gate.id)


def cases(gate: Gate) -> list[GateCase]:
    with tenant_tx(gate.tenant_id):
        return list(GateCase.objects.for_tenant(gate.tenant_id).filter(gate=gate).order_by("id"))


def trainer_of(candidate: Checkpoint, says: Any, base: Any = BAD) -> FakeTrainer:
    trainer = FakeTrainer()
    trainer.says("", base)
    trainer.says(candidate.sampler_path, says)
    return trainer


def test_a_better_checkpoint_passes(tenant, candidate):
    asked(tenant.id, 12)

    gate = run(start(candidate), trainer_of(candidate, GOOD))

    checkpoint = gate.checkpoint
    assert (gate.status, gate.reason, checkpoint.status) == ("passed", "", "passed")
    assert gate.result["pairs"] == gate.result["wins"] == 12
    assert (gate.result["baseline"], gate.result["candidate"]) == (-1, 1)
    assert gate.note == checkpoint.note
    assert "+1.00 against -1.00 over 12 prompts" in gate.note


def test_a_worse_checkpoint_is_rejected(tenant, candidate):
    asked(tenant.id, 12)

    gate = run(start(candidate), trainer_of(candidate, BAD, base=GOOD))

    assert (gate.status, gate.reason, gate.checkpoint.status) == ("failed", "worse", "rejected")


def test_one_that_may_be_worse_is_rejected_with_a_way_on(tenant, candidate):
    asked(tenant.id, 12)

    def mixed(words: str, at: int) -> str:
        return BAD if words in ("Question 1?", "Question 2?", "Question 3?") else GOOD

    gate = run(start(candidate), trainer_of(candidate, mixed, base=GOOD))

    assert (gate.status, gate.reason) == ("failed", "in_doubt")
    assert "more prompts, or a wider margin" in gate.note


def test_the_same_answers_pass(tenant, candidate):
    asked(tenant.id, 12)

    gate = run(start(candidate), trainer_of(candidate, GOOD, base=GOOD))

    assert (gate.status, gate.result["ties"]) == ("passed", 12)


def test_a_degenerate_checkpoint_is_rejected_however_well_it_is_judged(tenant, candidate):
    asked(tenant.id, 12)

    gate = run(start(candidate), trainer_of(candidate, "good " * 80))

    assert (gate.status, gate.reason) == ("failed", "degenerate_repetition")
    assert gate.checkpoint.note.startswith("Repeats itself: 0.9")
    assert gate.result["low"] > 0


def test_a_policy_that_lost_its_entropy_is_rejected(tenant, candidate):
    asked(tenant.id, 12)
    trainer = trainer_of(candidate, GOOD)
    trainer.says(candidate.sampler_path, GOOD, logprob=-1e-6)

    assert run(start(candidate), trainer).reason == "degenerate_collapse"


def test_it_is_compared_with_what_serves(tenant, policy, candidate):
    asked(tenant.id, 12)
    serving = make_checkpoint(policy, 7, status="serving")
    trainer = trainer_of(candidate, BAD, base=BAD)
    better = trainer.says(serving.sampler_path, GOOD)

    gate = run(start(candidate), trainer)

    assert (gate.baseline_path, gate.status) == (serving.sampler_path, "failed")
    assert sorted(better.asked) == sorted(f"Question {n}?" for n in range(12))


def test_the_judge_sees_one_answer_and_nothing_of_whose_it_is(tenant, candidate):
    asked(tenant.id, 6)
    model = FakeModel({"vote": 1, "rationale": "It helps."})
    judge = mark_by_judge(model, is_simulated=False)

    gate = run(start(candidate), trainer_of(candidate, GOOD), judge)

    questions = [question for _, question in model.asked]
    assert len(questions) == 6 * 2 * 2
    assert set(questions[0]) == {"task", "system", "user", "response", "follow_up"}
    assert {one["response"] for one in questions} == {GOOD, BAD}
    # Not always the same side first.
    assert len({tuple(one["response"] for one in questions[at : at + 4]) for at in range(20)}) > 2
    assert (gate.judge_tokens, gate.cost_micros) == (24 * 15, None)


def test_an_answer_that_no_vote_was_understood_on_is_left_out(tenant, candidate):
    asked(tenant.id, 8)
    judge = WordJudge()

    def mark(prompt: Any, answer: str) -> Marked:
        if prompt.user == "Question 3?":
            return mark_by_judge(FakeModel("no vote"), is_simulated=False)(prompt, answer)
        return judge(prompt, answer)

    gate = run(start(candidate), trainer_of(candidate, GOOD), mark)

    assert (gate.result["pairs"], gate.result["skipped"]) == (7, 1)
    assert [one.reason for one in cases(gate) if one.status == "skipped"] == [
        "The judge gave no vote that could be understood."
    ]


def test_a_worker_that_dies_leaves_what_was_done(tenant, candidate):
    asked(tenant.id, 12)
    gate = start(candidate)
    trainer, judge = trainer_of(candidate, GOOD), WordJudge()

    class Killed(BaseException):
        pass

    def dying(prompt: Any, answer: str) -> Marked:
        if len(judge.seen) >= 20:
            raise Killed
        return judge(prompt, answer)

    with pytest.raises(Killed):
        run(gate, trainer, dying)
    done = {case.id: case.candidate for case in cases(gate) if case.status == "done"}
    before = len(judge.seen)
    found = run(gate, trainer, judge)

    assert (len(done), found.status) == (4, "passed")
    # None of what was stored is asked again.
    assert len(judge.seen) - before == (12 - 4) * 4
    assert {case.id: case.candidate for case in cases(gate) if case.id in done} == done
    assert run(gate, trainer, judge).ended_at == found.ended_at


def test_turns_that_trained_or_taught_are_no_prompts_nor_are_their_copies(tenant, candidate):
    kept = asked(tenant.id, 6)
    taught = make_turn(tenant.id, messages=[{"role": "user", "content": "It taught."}])
    trained = make_turn(tenant.id, messages=[{"role": "user", "content": "It trained."}], score=1)
    make_turn(tenant.id, messages=[{"role": "user", "content": "It trained."}])
    make_turn(tenant.id, messages=[{"role": "user", "content": "Played."}], is_rollout=True)
    make_turn(tenant.id, messages=[{"role": "user", "content": "Cut."}], status="client_aborted")
    with tenant_tx(tenant.id):
        turns = Turn.objects.for_tenant(tenant.id)
        turns.filter(id=taught.id).update(is_support=True)
        batch = Batch.objects.create(tenant_id=tenant.id, groups=1, normalisation="token")
        BatchSample.objects.create(
            tenant_id=tenant.id,
            batch=batch,
            sample=make_sample(trained),
            turn=trained,
            reward=1,
            advantage=0.5,
        )
        assert turns.get(id=trained.id).is_trained

    found = cases(start(candidate))

    assert {case.turn_id for case in found} == {turn.id for turn in kept}


def test_the_same_words_count_once_and_other_agents_do_not(tenant):
    make_upstream(tenant.id, name="judge")
    policy = make_policy(tenant.id, agent="coder")
    asked(tenant.id, 8, agent="coder")
    latest = asked(tenant.id, 8, agent="coder")
    asked(tenant.id, 3, agent="writer")

    found = cases(start(make_checkpoint(policy)))

    assert {case.turn_id for case in found} == {turn.id for turn in latest}


def test_too_few_prompts_are_an_error_with_a_way_on(tenant, candidate):
    asked(tenant.id, 3)

    gate = start(candidate)

    assert (gate.status, gate.reason) == ("error", "too_few")
    assert "There are 3 recorded prompts" in gate.note
    assert "pass it by hand" in gate.note
    assert gate.checkpoint.status == "candidate"
    assert gate.checkpoint.note.startswith("Not tried: ")


def test_without_a_judge_it_is_an_error_with_a_way_on(tenant):
    asked(tenant.id, 12)
    policy = make_policy(tenant.id, upstream=make_upstream(tenant.id, model=""))

    gate = start(make_checkpoint(policy))

    assert (gate.status, gate.reason) == ("error", "no_judge")
    assert "Upstreams" in gate.note


def test_a_person_may_pass_it_and_is_on_record(tenant, candidate):
    asked(tenant.id, 12)
    gate = run(start(candidate), trainer_of(candidate, BAD, base=GOOD))

    found = services.gate_pass(
        tenant_id=tenant.id, actor=ADA, checkpoint_id=candidate.id, why="I tried it."
    )

    assert (gate.checkpoint.status, found.status) == ("rejected", "passed")
    assert found.note == "Passed by hand by Ada: I tried it."
    with tenant_tx(tenant.id):
        last = Gate.objects.for_tenant(tenant.id).order_by("-id").first()
        assert last is not None
        assert (last.by_hand, last.actor, last.status) == (True, "Ada", "passed")
        actions = AuditEvent.objects.for_tenant(tenant.id).values_list("action", flat=True)
        assert "checkpoint.passed_by_hand" in actions


def test_a_gate_that_runs_ends_when_a_person_passes_the_checkpoint(tenant, candidate):
    asked(tenant.id, 12)
    gate = start(candidate)
    services.gate_pass(tenant_id=tenant.id, actor=ADA, checkpoint_id=candidate.id, why="Now.")
    judge = WordJudge()

    found = run(gate, trainer_of(candidate, BAD, base=GOOD), judge)

    assert (found.status, found.reason, judge.seen) == ("error", "by_hand", [])
    assert found.checkpoint.status == "passed"


@pytest.mark.parametrize("status", ["serving", "canary", "gone"])
def test_what_serves_or_is_gone_is_not_tried(policy, status):
    with pytest.raises(CheckpointState):
        start(make_checkpoint(policy, status=status))


def test_one_gate_at_a_time(tenant, candidate):
    asked(tenant.id, 12)
    start(candidate)

    with pytest.raises(CheckpointState):
        start(candidate)


def test_the_job_that_waited_is_done_whatever_the_gate_says(tenant, policy):
    job = make_training_job(policy, status="gating")
    asked(tenant.id, 12)
    candidate = make_checkpoint(policy, job=job)

    gate = run(start(candidate), trainer_of(candidate, BAD, base=GOOD))

    with tenant_tx(tenant.id):
        found = TrainingJob.objects.for_tenant(tenant.id).get(id=job.id)
    assert (found.status, found.note) == ("done", gate.note)


def test_a_gate_whose_job_was_given_up_ends(tenant, candidate):
    asked(tenant.id, 12)
    gate = start(candidate)
    with tenant_tx(tenant.id):
        jobs = Job.objects.for_tenant(tenant.id).filter(kind=services.GATE_KIND)
        assert jobs.count() == 1
        services.gates_sweep()
        assert again(gate).status == "running"
        jobs.update(status="dead")

    services.gates_sweep()

    assert (again(gate).status, again(gate).reason) == ("error", "given_up")


def test_in_the_shadow_of_what_serves_only_the_candidate_is_asked(tenant, policy, candidate):
    serving = make_checkpoint(policy, 7, status="serving")
    for n in range(9):
        make_turn(
            tenant.id,
            messages=[{"role": "user", "content": f"Live {n}?"}],
            answer={"role": "assistant", "content": BAD},
            model="helper",
            served_model=serving.sampler_path,
        )
    # The latest are held out.
    asked(tenant.id, 12)
    trainer = trainer_of(candidate, GOOD)
    busy = trainer.says(serving.sampler_path, BAD)

    first = run(start(candidate), trainer)
    with tenant_tx(tenant.id):
        (shadow,) = Gate.objects.for_tenant(tenant.id).filter(stage="shadow")
    assert (first.status, again(shadow).checkpoint.status) == ("passed", "candidate")
    busy.asked.clear()
    second = run(shadow, trainer)

    assert (second.status, second.result["pairs"], second.checkpoint.status) == (
        "passed",
        9,
        "passed",
    )
    assert (busy.asked, second.result["baseline"]) == ([], -1)
    assert {one["text"] for case in cases(second) for one in case.baseline} == {BAD}


def test_a_checkpoint_that_fails_in_the_shadow_is_rejected(tenant, policy, candidate):
    serving = make_checkpoint(policy, 7, status="serving")
    for n in range(9):
        make_turn(
            tenant.id,
            messages=[{"role": "user", "content": f"Live {n}?"}],
            answer={"role": "assistant", "content": GOOD},
            model="helper",
            served_model=serving.sampler_path,
        )
    asked(tenant.id, 12)

    def lately_bad(words: str, at: int) -> str:
        return BAD if words.startswith("Live") else GOOD

    trainer = trainer_of(candidate, lately_bad)
    trainer.says(serving.sampler_path, BAD)
    run(start(candidate), trainer)
    with tenant_tx(tenant.id):
        (shadow,) = Gate.objects.for_tenant(tenant.id).filter(stage="shadow")

    assert run(shadow, trainer).checkpoint.status == "rejected"


def test_a_passed_checkpoint_goes_on_as_a_canary_where_the_policy_wants_that(tenant):
    make_upstream(tenant.id, name="judge")
    policy = make_policy(tenant.id, route_model="helper", canary_share=0.2)
    asked(tenant.id, 12)
    candidate = make_checkpoint(policy)

    gate = run(start(candidate), trainer_of(candidate, GOOD))

    assert (gate.status, gate.checkpoint.status) == ("passed", "canary")
