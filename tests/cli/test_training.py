"""`metaclaw rollout` and `train-step` against the real REST interface."""

import json
from uuid import UUID

import pytest

from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.training.models import TaskSet, TrainingJob
from apps.training.services.rollouts import ROLLOUT_KIND, rollout_play
from metaclaw_web.cli import training
from tests.cli.real_console import Command
from tests.training.factories import make_policy, make_step
from tests.training.fake_sampler import FakeSampler

TASK = {"task_id": "a", "instruction": "Say yes.", "checker": {"kind": "equals", "value": "yes"}}


@pytest.fixture
def tasks(tmp_path):
    path = tmp_path / "words.jsonl"
    path.write_text(json.dumps(TASK))
    return path


@pytest.fixture
def worker(tenant, monkeypatch):
    """Plays what waits, whenever the command looks again."""

    def work(_seconds):
        with tenant_tx(tenant.id):
            jobs = list(Job.objects.for_tenant(tenant.id).filter(kind=ROLLOUT_KIND))
        for job in jobs:
            rollout_play(
                tenant_id=tenant.id,
                rollout_id=UUID(job.payload["rollout_id"]),
                sampler=FakeSampler(lambda _, at: "yes" if at else "no"),
                is_wanted=lambda: True,
            )

    monkeypatch.setattr(training.time, "sleep", work)


def test_a_file_of_tasks_is_played_and_what_came_of_it_is_told(
    metaclaw: Command, tenant, tasks, worker
):
    make_policy(tenant.id, "poet")

    first = metaclaw("rollout", str(tasks), "--group-size", "4")
    tasks.write_text(json.dumps({**TASK, "task_id": "b"}))
    again = metaclaw("rollout", str(tasks), "--policy", "poet", "--group-size", "2")

    assert first.exit_code == 0, first.output
    assert "played 4, failed 0, waiting 0" in first.stdout
    assert "mean reward +0.500" in first.stdout
    assert "mean reward +0.000" in again.stdout
    with tenant_tx(tenant.id):
        (task_set,) = TaskSet.objects.for_tenant(tenant.id)
    assert (task_set.name, task_set.tasks[0]["task_id"]) == ("words", "b")


def test_a_broken_line_is_told_with_its_number(metaclaw: Command, tenant, tasks):
    make_policy(tenant.id)
    tasks.write_text(json.dumps(TASK) + '\n{"task_id": "b"}\n')

    done = metaclaw("rollout", str(tasks))

    assert done.exit_code == 2
    assert "Line 2: instruction has to be a text." in done.stderr


def test_without_waiting_it_only_asks(metaclaw: Command, tenant, tasks):
    make_policy(tenant.id)

    done = metaclaw("rollout", str(tasks), "--no-wait")

    assert (done.exit_code, ": queued" in done.stdout) == (0, True)


@pytest.mark.parametrize(
    "names, asked, told",
    [
        ((), (), "Say which policy"),
        (("one", "two"), (), "There is: one, two."),
        (("one", "two"), ("--policy", "three"), "There is no policy three"),
    ],
)
def test_which_policy_is_asked(metaclaw: Command, tenant, tasks, names, asked, told):
    for name in names:
        make_policy(tenant.id, name)

    done = metaclaw("rollout", str(tasks), *asked)

    assert (done.exit_code, told in done.stderr) == (2, True)


@pytest.mark.parametrize("is_done, code", [(True, 0), (False, 1)])
def test_a_step_is_taken_and_its_numbers_are_told(
    metaclaw: Command, tenant, monkeypatch, is_done, code
):
    make_policy(tenant.id, "poet")

    def work(_seconds):
        with tenant_tx(tenant.id):
            job = TrainingJob.objects.for_tenant(tenant.id).get()
            job.status = "done" if is_done else "paused"
            job.note = "" if is_done else "There are 0 groups to learn from."
            job.save()
        if is_done:
            make_step(
                job,
                status="confirmed",
                state_path="tinker://run/weights/1",
                metrics={"reward": 0.25, "kl": 0.0125, "trainer.loss:sum": 1.0},
                tokens=99,
            )

    monkeypatch.setattr(training.time, "sleep", work)

    done = metaclaw("train-step")

    assert done.exit_code == code, done.output
    wanted = "step 1, 99 tokens: kl 0.0125, reward 0.25\n" if is_done else "There are 0 groups"
    assert wanted in done.stdout
