"""Task sets and rollouts over REST, and as jobs."""

from contextlib import contextmanager
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.errors import TrainerFailed
from apps.jobs.models import Job
from apps.training.models import Rollout, TaskSet
from apps.training.services.rollouts import ROLLOUT_KIND, rollout_run, running
from tests.factories import make_run
from tests.training.factories import make_checkpoint, make_policy, make_task_set
from tests.training.fake_sampler import FakeSampler

TASKS = (
    '{"task_id": "a", "instruction": "Say yes.", "checker": {"kind": "equals", "value": "yes"}}\n'
    '{"task_id": "b", "instruction": "Say yes.", "checker": {"kind": "equals", "value": "yes"}}\n'
)


@pytest.fixture
def url(tenant):
    return f"/api/v1/t/{tenant.slug}/training"


@pytest.fixture
def policy(tenant):
    return make_policy(tenant.id, group_size=2)


def upload(client, url, text=TASKS, name="words"):
    return client.post(f"{url}/task-sets/", {"name": name, "jsonl": text}, format="json")


def rollout_of(tenant, rollout_id):
    with tenant_tx(tenant.id):
        return Rollout.objects.for_tenant(tenant.id).get(id=rollout_id)


def waiting(tenant):
    with tenant_tx(tenant.id):
        return list(Job.objects.for_tenant(tenant.id).filter(kind=ROLLOUT_KIND, status="queued"))


def run_of(tenant, rollout_id):
    return make_run(tenant.id, ROLLOUT_KIND, rollout_id=str(rollout_id))


def opening(sampler):
    opened = []

    @contextmanager
    def open_sampler(upstream_id, base_model, path):
        opened.append((upstream_id, base_model, path))
        if isinstance(sampler, TrainerFailed):
            raise sampler
        yield sampler

    open_sampler.opened = opened
    return open_sampler


def test_a_task_set_is_uploaded_read_replaced_and_deleted(admin_client, url):
    made = upload(admin_client, url)
    one = f"{url}/task-sets/{made.json()['id']}/"
    file = SimpleUploadedFile("tasks.jsonl", TASKS.split("\n")[0].encode())

    changed = admin_client.put(one, {"file": file}, format="multipart")
    renamed = admin_client.put(one, {"name": "other"}, format="json")

    assert (made.status_code, made.json()["count"]) == (201, 2)
    assert (changed.json()["count"], changed.json()["name"]) == (1, "words")
    assert (renamed.json()["name"], renamed.json()["sha256"]) == ("other", changed.json()["sha256"])
    assert [task["task_id"] for task in admin_client.get(one).json()["tasks"]] == ["a"]
    assert "tasks" not in admin_client.get(f"{url}/task-sets/").json()["results"][0]
    assert admin_client.delete(one).status_code == 204
    assert admin_client.get(one).status_code == 404


def test_a_broken_line_is_said_and_nothing_is_stored(admin_client, url, tenant):
    answer = upload(admin_client, url, TASKS + '{"task_id": "c", "instruction": 7}\n')

    assert answer.status_code == 422
    assert answer.json()["code"] == "tasks_invalid"
    assert answer.json()["detail"] == "Line 3: instruction has to be a text."
    assert answer.json()["lines"] == [3]
    with tenant_tx(tenant.id):
        assert not TaskSet.objects.for_tenant(tenant.id).exists()


def test_a_set_that_a_policy_learns_from_stays_and_a_name_is_taken_once(admin_client, url, tenant):
    task_set = make_task_set(tenant.id, name="words")
    make_policy(tenant.id, "poet", task_set=task_set)

    taken, used = upload(admin_client, url), admin_client.delete(f"{url}/task-sets/{task_set.id}/")

    assert (taken.status_code, taken.json()["code"]) == (409, "task_set_taken")
    assert (used.status_code, "poet" in used.json()["detail"]) == (409, True)


@pytest.mark.parametrize(
    "who, read, write",
    [("admin_client", 200, 202), ("reviewer_client", 200, 403), ("stranger_client", 404, 404)],
)
def test_who_may_see_and_ask(request, url, tenant, policy, who, read, write):
    client = request.getfixturevalue(who)
    body = {"policy": policy.id, "task_set": make_task_set(tenant.id).id}

    assert client.get(f"{url}/rollouts/").status_code == read
    assert client.post(f"{url}/rollouts/", body, format="json").status_code == write


def test_a_rollout_by_hand_is_played_by_a_worker(admin_client, url, tenant, policy):
    checkpoint = make_checkpoint(policy)
    tasks = upload(admin_client, url).json()["id"]
    asked = admin_client.post(
        f"{url}/rollouts/",
        {"policy": policy.id, "task_set": tasks, "checkpoint": checkpoint.id, "seed": 3},
        format="json",
    ).json()
    one = f"{url}/rollouts/{asked['id']}/"
    (job,) = waiting(tenant)
    sampler = FakeSampler(lambda _, at: ["yes", "no"][at % 2], path=checkpoint.sampler_path)
    open_sampler = opening(sampler)

    rollout_run(
        run=run_of(tenant, asked["id"]), rollout_id=UUID(asked["id"]), open_sampler=open_sampler
    )

    assert (asked["status"], asked["waiting"], asked["groups"]) == ("queued", 4, 2)
    assert (job.queue, job.payload) == ("train", {"rollout_id": asked["id"]})
    assert open_sampler.opened == [(policy.upstream_id, policy.base_model, checkpoint.sampler_path)]
    found = admin_client.get(one).json()
    assert (found["status"], found["played"], found["mean_reward"]) == ("done", 4, 0.0)
    assert found["tokens"] == 2 * (len("yes") + len("no"))
    episodes = admin_client.get(f"{one}episodes/").json()["results"]
    assert sorted(one["reward"] for one in episodes) == [-1, -1, 1, 1]
    session = admin_client.get(
        f"/api/v1/t/{tenant.slug}/turns/", {"session": episodes[0]["session_id"]}
    ).json()["results"]
    assert [turn["id"] for turn in session] == episodes[0]["turn_ids"]


def test_what_a_slice_was_too_short_for_goes_on_in_another_job(
    admin_client, url, tenant, policy, monkeypatch
):
    monkeypatch.setattr(running, "_SLICE_SECONDS", -1)
    tasks = upload(admin_client, url).json()["id"]
    body = {"policy": policy.id, "task_set": tasks}
    asked = admin_client.post(f"{url}/rollouts/", body, format="json").json()
    with tenant_tx(tenant.id):
        Job.objects.for_tenant(tenant.id).filter(kind=ROLLOUT_KIND).delete()

    rollout_run(
        run=run_of(tenant, asked["id"]),
        rollout_id=UUID(asked["id"]),
        open_sampler=opening(FakeSampler()),
    )

    assert len(waiting(tenant)) == 1
    assert rollout_of(tenant, asked["id"]).status == "running"


def test_a_cancelled_rollout_opens_no_trainer(admin_client, url, tenant, policy):
    body = {"policy": policy.id, "task_set": make_task_set(tenant.id).id}
    asked = admin_client.post(f"{url}/rollouts/", body, format="json").json()
    open_sampler = opening(FakeSampler())

    cancelled = admin_client.post(f"{url}/rollouts/{asked['id']}/cancel/").json()
    rollout_run(
        run=run_of(tenant, asked["id"]), rollout_id=UUID(asked["id"]), open_sampler=open_sampler
    )

    assert (cancelled["status"], cancelled["reason"]) == ("cancelled", "cancelled")
    assert open_sampler.opened == []


def test_trouble_with_the_trainer_is_a_state_with_a_sentence(admin_client, url, tenant, policy):
    body = {"policy": policy.id, "task_set": make_task_set(tenant.id).id}
    asked = admin_client.post(f"{url}/rollouts/", body, format="json").json()
    rollout_id = UUID(asked["id"])

    def attempt(reason, sentence):
        open_sampler = opening(TrainerFailed(sentence, reason=reason))
        rollout_run(
            run=run_of(tenant, rollout_id), rollout_id=rollout_id, open_sampler=open_sampler
        )

    with pytest.raises(TrainerFailed):
        attempt("unreachable", "Nobody answers.")
    away = rollout_of(tenant, rollout_id)
    attempt("billing", "The account is out of credit.")
    broke = rollout_of(tenant, rollout_id)

    assert (away.status, away.reason, away.note) == ("queued", "unreachable", "Nobody answers.")
    assert (broke.status, broke.reason) == ("failed", "billing")
    assert broke.note == "The account is out of credit."


def test_a_trainer_that_stays_away_ends_the_rollout(admin_client, url, tenant, policy):
    body = {"policy": policy.id, "task_set": make_task_set(tenant.id).id}
    asked = admin_client.post(f"{url}/rollouts/", body, format="json").json()
    rollout_id = UUID(asked["id"])
    away = opening(TrainerFailed("Nobody answers.", reason="unreachable"))

    for _ in range(4):
        with pytest.raises(TrainerFailed):
            rollout_run(run=run_of(tenant, rollout_id), rollout_id=rollout_id, open_sampler=away)
    rollout_run(run=run_of(tenant, rollout_id), rollout_id=rollout_id, open_sampler=away)

    assert rollout_of(tenant, rollout_id).status == "failed"
