"""``POST /v1/admin/train_step``: one step and its numbers, for keys that may."""

import threading
import time

import pytest
from django.db import connections

from apps.core.tenancy import tenant_tx
from apps.training.models import TrainingJob
from tests.proxy.conftest import Workspace, make_workspace
from tests.proxy.refused import assert_refused
from tests.proxy.running import RunningGateway
from tests.training.factories import make_policy, make_step


@pytest.fixture
def admin_key(workspace: Workspace) -> str:
    return workspace.new_key("gateway", "admin")[1]


@pytest.fixture
def policy(workspace: Workspace):
    policy = make_policy(workspace.id, f"policy {time.monotonic_ns()}")
    yield policy
    with tenant_tx(workspace.id):
        policy.delete()


def jobs_of(policy) -> list[TrainingJob]:
    with tenant_tx(policy.tenant_id):
        return list(TrainingJob.objects.for_tenant(policy.tenant_id).filter(policy=policy))


def test_a_step_is_waited_for_and_answered_with_its_figures(gateway, policy, admin_key):
    def train() -> None:
        while not (jobs := jobs_of(policy)):
            time.sleep(0.05)
        make_step(jobs[0], 1, status="confirmed", state_path="tinker://x", metrics={"reward": 0.5})
        connections.close_all()

    training = threading.Thread(target=train)
    training.start()

    answer = gateway.chat({"policy": policy.name}, "train_step", key=admin_key)
    training.join()

    assert answer.status == 200, answer.body
    assert (answer.json["status"], answer.json["metrics"]) == ("done", {"reward": 0.5})
    assert answer.json["job"] == str(jobs_of(policy)[0].id)


def test_a_step_that_takes_longer_is_named(gateway, policy, admin_key):
    wanted = {"policy": policy.name, "wait_seconds": 0}

    answer = gateway.chat(wanted, "train_step", key=admin_key)
    again = gateway.chat(wanted, "train_step", key=admin_key)

    assert (answer.status, answer.json["status"]) == (202, "running")
    assert_refused(again, "openai", 409, "training_job_already_active")


def test_a_key_without_the_scope_trains_nothing(gateway: RunningGateway, policy):
    answer = gateway.chat({"policy": policy.name}, "train_step")

    assert_refused(answer, "openai", 403, "key_scope")
    assert jobs_of(policy) == []


@pytest.mark.parametrize(
    "body, status, code",
    [
        ({"policy": "of another workspace"}, 404, "not_found"),
        ({"policy": 3}, 400, "invalid_train_step"),
        ({"wait_seconds": "long"}, 400, "invalid_train_step"),
        (b"[", 400, "invalid_json"),
    ],
)
def test_what_makes_no_sense_is_said(gateway, admin_key, body, status, code):
    assert_refused(gateway.chat(body, "train_step", key=admin_key), "openai", status, code)


def test_another_workspaces_policy_is_not_found(gateway, policy, provider):
    theirs = make_workspace("openai", provider).new_key("gateway", "admin")[1]

    answer = gateway.chat({"policy": policy.name}, "train_step", key=theirs)

    assert_refused(answer, "openai", 404, "not_found")
