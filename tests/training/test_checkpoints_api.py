"""Checkpoints over REST, by everybody of the cast."""

from typing import Any

import pytest

from apps.core.tenancy import tenant_tx
from apps.training.models import Batch, BatchSample
from tests.factories import make_sample, make_turn, make_upstream
from tests.training.factories import (
    make_checkpoint,
    make_gate,
    make_policy,
    make_step,
    make_training_job,
    make_trial,
)


@pytest.fixture
def policy(tenant) -> Any:
    return make_policy(tenant.id, route_model="helper")


@pytest.fixture
def url(tenant) -> str:
    return f"/api/v1/t/{tenant.slug}/training"


def test_the_list_is_newest_first_and_takes_a_policy_and_a_status(
    viewer_client, tenant, policy, url
):
    for step, status in ((1, "retired"), (2, "serving"), (3, "candidate")):
        make_checkpoint(policy, step, status=status)
    make_checkpoint(make_policy(tenant.id, "other"), 9)

    every = viewer_client.get(f"{url}/checkpoints/").json()["results"]
    ours = viewer_client.get(f"{url}/checkpoints/", {"policy": str(policy.id)}).json()["results"]
    serving = viewer_client.get(f"{url}/checkpoints/", {"status": "serving"}).json()["results"]

    assert [row["step"] for row in every] == [9, 3, 2, 1]
    assert [row["step"] for row in ours] == [3, 2, 1]
    assert [(row["step"], row["policy_name"], row["route_model"]) for row in serving] == [
        (2, "helper", "helper")
    ]


def test_the_detail_says_how_it_was_tried_and_how_it_does(viewer_client, tenant, policy, url):
    checkpoint = make_checkpoint(policy, 4, note="Mean reward …")
    turn = make_turn(tenant.id)
    gate = make_gate(checkpoint, turn.id, status="failed", reason="worse", note="It is worse.")
    make_trial(checkpoint)

    found = viewer_client.get(f"{url}/checkpoints/{checkpoint.id}/").json()
    cases = viewer_client.get(f"{url}/checkpoints/{checkpoint.id}/gates/{gate.id}/cases/").json()

    assert found["note"] == "Mean reward …"
    (shown,) = found["gates"]
    assert (shown["reason"], shown["note"], shown["result"]) == ("worse", "It is worse.", None)
    assert (shown["case_count"], shown["done_count"]) == (1, 0)
    assert [trial["status"] for trial in found["trials"]] == ["running"]
    assert [case["turn_id"] for case in cases["results"]] == [str(turn.id)]


def test_a_gate_of_another_checkpoint_is_not_found(viewer_client, policy, url):
    one, other = make_checkpoint(policy, 1), make_checkpoint(policy, 2)
    gate = make_gate(other)

    answer = viewer_client.get(f"{url}/checkpoints/{one.id}/gates/{gate.id}/cases/")

    assert answer.status_code == 404


def test_the_line_of_a_checkpoint(viewer_client, tenant, policy, url):
    first = make_checkpoint(policy, 2)
    job = make_training_job(policy, start=first, status="done")
    turns = [make_turn(tenant.id, score=1) for _ in range(3)]
    with tenant_tx(tenant.id):
        for number, turn in enumerate(turns, 1):
            batch = Batch.objects.create(tenant_id=tenant.id, groups=1, normalisation="token")
            BatchSample.objects.create(
                tenant_id=tenant.id,
                batch=batch,
                sample=make_sample(turn),
                turn=turn,
                reward=1,
                advantage=0.5,
            )
            make_step(
                job,
                number,
                batch=batch,
                status="confirmed",
                state_path=f"tinker://run/weights/{number}",
            )
    middle = make_checkpoint(policy, 4, job=job, parent=first)
    last = make_checkpoint(policy, 5, job=job, parent=middle)

    line = viewer_client.get(f"{url}/checkpoints/{last.id}/lineage/").json()
    before = viewer_client.get(f"{url}/checkpoints/{middle.id}/turns/").json()["results"]
    after = viewer_client.get(f"{url}/checkpoints/{last.id}/turns/").json()["results"]

    learned = [
        [
            row["step"]
            for row in viewer_client.get(f"{url}/checkpoints/?turn={turn.id}").json()["results"]
        ]
        for turn in turns
    ]

    assert [one["step"] for one in line["ancestors"]] == [4, 2]
    # Each turn leads to the first checkpoint that has it.
    assert learned == [[4], [4], [5]]
    assert (line["job"], line["turns"]) == (str(job.id), 1)
    assert [one["number"] for one in line["steps"]] == [3]
    assert {row["turn_id"] for row in before} == {str(turn.id) for turn in turns[:2]}
    assert [(row["turn_id"], row["advantage"]) for row in after] == [(str(turns[2].id), 0.5)]


def test_from_a_gate_that_cannot_be_done_to_serving_and_back(reviewer_client, policy, url):
    checkpoint = make_checkpoint(policy, 4)
    one = f"{url}/checkpoints/{checkpoint.id}"

    tried = reviewer_client.post(f"{one}/gate/")
    refused = reviewer_client.post(f"{one}/promote/")
    by_hand = reviewer_client.post(f"{one}/pass/", {"reason": "I read it."}, format="json")
    canary = reviewer_client.post(f"{one}/canary/", {"share": 0.2}, format="json")
    promoted = reviewer_client.post(f"{one}/promote/")
    back = reviewer_client.post(f"{url}/policies/{policy.id}/rollback/", {}, format="json")
    again = reviewer_client.post(f"{url}/policies/{policy.id}/rollback/", {}, format="json")

    assert (tried.status_code, tried.json()["reason"]) == (201, "too_few")
    assert (refused.status_code, refused.json()["code"]) == (409, "checkpoint_state")
    assert "start its gate, or pass it by hand" in refused.json()["detail"]
    statuses = [found.json()["status"] for found in (by_hand, canary, promoted, back)]
    assert statuses == ["passed", "canary", "serving", "retired"]
    assert again.status_code == 409


@pytest.mark.parametrize("act", ["gate", "pass", "promote", "canary", "retire", "delete"])
def test_whoever_may_only_look_decides_nothing(viewer_client, policy, url, act):
    checkpoint = make_checkpoint(policy, status="passed")

    answer = viewer_client.post(
        f"{url}/checkpoints/{checkpoint.id}/{act}/", {"reason": "x"}, format="json"
    )

    assert answer.status_code == 403


def test_only_an_admin_deletes(reviewer_client, admin_client, policy, url):
    checkpoint = make_checkpoint(policy, status="passed")
    one = f"{url}/checkpoints/{checkpoint.id}/delete/"

    refused, done = reviewer_client.post(one), admin_client.post(one)

    assert refused.status_code == 403
    assert (done.status_code, done.json()["status"]) == (200, "gone")


@pytest.mark.parametrize("share", [0, 1, -0.5, "half"])
def test_a_share_that_is_none_is_refused(reviewer_client, policy, url, share):
    checkpoint = make_checkpoint(policy, status="passed")

    answer = reviewer_client.post(
        f"{url}/checkpoints/{checkpoint.id}/canary/", {"share": share}, format="json"
    )

    assert (answer.status_code, list(answer.json()["fields"])) == (400, ["share"])


def test_promoting_asks_the_provider_first(reviewer_client, tenant, url, monkeypatch):
    upstream = make_upstream(tenant.id, kind="tinker", api_key="tml-ours")
    policy = make_policy(tenant.id, upstream=upstream, route_model="helper")
    checkpoint = make_checkpoint(policy, status="passed")
    monkeypatch.setattr(
        "apps.training.services.checkpoints.provider.checkpoints_of_run",
        lambda connection, path: {},
    )

    answer = reviewer_client.post(f"{url}/checkpoints/{checkpoint.id}/promote/")

    assert answer.status_code == 409
    assert answer.json()["detail"] == "The provider does not have this checkpoint any more."
