"""Members approve answers and write better ones, and a policy learns to say them."""

import json

import pytest
from django.db import DatabaseError

from apps.core.tenancy import tenant_tx
from apps.evolution.services import verdict_give
from apps.jobs.models import Job
from apps.skills.services import skill_edit
from apps.tenants.types import SYSTEM
from apps.training import services
from apps.training.errors import PolicyInvalid
from apps.training.models import Batch, BatchSample, Sample
from apps.training.selectors.jobs import job_get, step_list
from apps.training.services.advancing import job_advance
from apps.training.services.batches import batch_release
from apps.training.services.beginning import steps_possible
from apps.training.services.jobs import ADVANCE_KIND
from apps.trajectories.services import turns_mark_support
from tests.factories import make_doc, make_run, make_sample, make_skill, make_turn
from tests.training.factories import make_policy, make_trainer
from tests.training.fakes import FakeTrainer, FakeTraining, tools_of


@pytest.fixture
def policy(tenant):
    return make_policy(tenant.id, source="experts", loss="cross_entropy", groups_per_step=2)


@pytest.fixture
def trainer():
    return FakeTrainer()


def say(turn, value=1, correction=""):
    verdict_give(
        tenant_id=turn.tenant_id,
        actor=SYSTEM,
        turn_id=turn.id,
        value=value,
        comment="",
        correction=correction,
    )


def approved(tenant, **fields):
    turn = make_turn(tenant.id, **fields)
    say(turn)
    return turn


def train(policy, trainer, steps=1):
    job = services.job_create(
        tenant_id=policy.tenant_id,
        actor=SYSTEM,
        policy_id=policy.id,
        trigger="hand",
        is_now=True,
        steps=steps,
    )
    run = make_run(job.tenant_id, ADVANCE_KIND, job_id=str(job.id))
    job_advance(run=run, job_id=job.id, tools=tools_of(trainer))
    with tenant_tx(job.tenant_id):
        Job.objects.for_tenant(job.tenant_id).filter(id=run.job_id).update(status="done")
        return job_get(tenant_id=job.tenant_id, job_id=job.id)


def learned(trainer):
    """Of every step: what was asked last, and what the answer is to be."""
    return [
        [(json.loads(bytes(row.prompt))[0][-1]["content"], _content(row.answer)) for row in rows]
        for rows in trainer.taken
    ]


def _content(answer):
    assert answer[-1] == 0
    return json.loads(bytes(answer[:-1]))["content"]


def test_approved_and_corrected_answers_are_learned_once_each_oldest_first(tenant, policy, trainer):
    for number in range(3):
        approved(tenant, messages=[{"role": "user", "content": f"Question {number}"}])
    wrong = make_turn(tenant.id, messages=[{"role": "user", "content": "Question 3"}])
    say(wrong, -1, "On 2026-03-10.")
    # Nobody said that these were good.
    make_turn(tenant.id, score=1)
    say(make_turn(tenant.id), -1)

    done = train(policy, trainer, steps=2)
    again = train(policy, trainer)

    old = "On 3/10 at 9 am."
    first, second = learned(trainer)
    assert (done.status, again.reason) == ("done", "no_samples")
    assert sorted(first) == [("Question 0", old), ("Question 1", old)]
    assert sorted(second) == [("Question 2", old), ("Question 3", "On 2026-03-10.")]
    assert "There are 0 answers that members approved or wrote, 2 are wanted" in again.note
    with tenant_tx(tenant.id):
        step = step_list(tenant_id=tenant.id, job_id=done.id).first()
    assert step is not None
    assert step.metrics["nll"] == 1.0
    assert "reward" not in step.metrics


def test_every_token_of_a_step_counts_the_same_and_none_has_a_logprob(tenant, policy, trainer):
    approved(tenant, answer={"role": "assistant", "content": "Yes."})
    approved(tenant)

    train(policy, trainer)

    [rows] = trainer.taken
    tokens = sum(len(row.answer) for row in rows)
    assert {weight for row in rows for weight in row.weights} == {1 / tokens}
    assert all(row.logprobs is None and row.advantages is None for row in rows)


def test_the_prompt_is_what_was_asked_with_its_skills_in_any_dialect(tenant, policy, trainer):
    skills = {"text": "<metaclaw_skills>Dates</metaclaw_skills>", "place": "system"}
    approved(tenant, injection=skills)
    body = {"model": "m", "max_tokens": 9, "system": "Be brief.", "messages": []}
    body["messages"].append({"role": "user", "content": "When?"})
    approved(
        tenant,
        dialect="anthropic",
        body=json.dumps(body).encode(),
        answer={"role": "assistant", "content": [{"type": "text", "text": "Now."}]},
        response_text="Now.",
    )

    train(policy, trainer)

    [rows] = trainer.taken
    asked = [json.loads(bytes(row.prompt))[0] for row in rows]
    read = {tuple(one["content"] for one in messages) for messages in asked}
    assert read == {(skills["text"], "When is the release?"), ("Be brief.", "When?")}
    assert ("When?", "Now.") in learned(trainer)[0]


def test_what_was_corrected_again_since_a_batch_was_given_back_is_learned_anew(
    tenant, policy, trainer
):
    first, second = approved(tenant), approved(tenant)
    job = train(policy, trainer)
    with tenant_tx(tenant.id):
        step = step_list(tenant_id=tenant.id, job_id=job.id).get()
        assert step.batch_id is not None
    batch_release(tenant_id=tenant.id, batch_id=step.batch_id)
    say(first, 1, "Better.")

    train(policy, trainer)

    assert sorted(answer for _, answer in learned(trainer)[1]) == ["Better.", "On 3/10 at 9 am."]
    with tenant_tx(tenant.id):
        examples = Sample.objects.for_tenant(tenant.id)
        assert set(examples.values_list("turn_id", flat=True)) == {first.id, second.id}


def test_a_turn_that_taught_a_skill_is_no_example(tenant, policy, trainer):
    approved(tenant)
    with tenant_tx(tenant.id):
        turns_mark_support(tenant_id=tenant.id, turn_ids=[approved(tenant).id])

    job = train(policy, trainer)

    assert (job.status, job.reason) == ("paused", "no_samples")
    assert "There are 1 answers" in job.note


def test_an_answer_under_older_skills_stands_in_nobodys_way(tenant, policy, trainer):
    skill = make_skill(tenant.id, "dates")
    approved(tenant, skills=[(skill.live_version_id, "dates", 1)])
    skill_edit(
        tenant_id=tenant.id,
        actor=SYSTEM,
        slug="dates",
        text=make_doc("dates", body="# Dates\n\n1. Write dates as YYYY-MM-DD, always.").text,
        sha256=skill.live_version.sha256,
    )
    before = train(policy, trainer)
    for _ in range(2):
        approved(tenant)
    with tenant_tx(tenant.id):
        possible = steps_possible(policy)
    services.job_cancel(tenant_id=tenant.id, actor=SYSTEM, job_id=before.id)

    done = train(policy, trainer)

    assert "There are 0 answers" in before.note
    assert "A skill in its prompt has changed since." in before.note
    assert (possible, done.status) == (1, "done")


def test_what_cannot_be_an_example_is_left_out_and_told(tenant, policy, trainer, monkeypatch):
    approved(tenant, dialect="completions", body=b'{"prompt": "Once"}')
    long = "word " * 100
    approved(tenant, messages=[{"role": "user", "content": long}])
    approved(tenant)
    monkeypatch.setattr(FakeTraining, "context", 300)

    job = train(policy, trainer)

    assert "There are 1 answers" in job.note
    assert "2 more cannot be used, the first because: Its request cannot be" in job.note


def test_other_workspaces_approve_for_themselves(tenant, other_tenant, policy, trainer):
    approved(tenant)
    approved(other_tenant)

    job = train(policy, trainer)

    assert "There are 1 answers" in job.note


def test_there_are_as_many_steps_as_there_are_answers_for(tenant, policy):
    for _ in range(5):
        approved(tenant)

    with tenant_tx(tenant.id):
        assert steps_possible(policy) == 2


def test_the_database_lets_no_reward_weigh_what_nobody_sampled(tenant):
    sample = make_sample(approved(tenant), origin="expert", logprobs=())

    with tenant_tx(tenant.id):
        batch = Batch.objects.create(tenant_id=tenant.id, groups=1, normalisation="token")

    with pytest.raises(DatabaseError, match="can only be imitated"), tenant_tx(tenant.id):
        BatchSample.objects.create(
            tenant_id=tenant.id,
            batch=batch,
            sample=sample,
            turn_id=sample.turn_id,
            reward=1.0,
            advantage=0.5,
        )


@pytest.mark.parametrize(
    "fields, field",
    [
        ({"source": "experts"}, "loss"),
        ({"source": "turns", "loss": "cross_entropy"}, "loss"),
        ({"source": "experts", "loss": "cross_entropy", "kl_coefficient": 1.0}, "teacher"),
    ],
)
def test_a_policy_that_makes_no_sense_is_refused(tenant, fields, field):
    upstream = make_trainer(tenant.id)
    if field == "teacher":
        fields = fields | {"teacher_id": upstream.id, "teacher_model": "m"}

    with pytest.raises(PolicyInvalid) as refused:
        services.policy_create(
            tenant_id=tenant.id,
            actor=SYSTEM,
            name="one",
            upstream_id=upstream.id,
            base_model="local/demo-1",
            **fields,
        )

    assert field in refused.value.fields
