"""Policies, jobs and budgets over REST."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.tenants.models import AuditEvent
from apps.training.models import TrainingStep
from tests.training.factories import make_policy, make_step, make_trainer, make_training_job

API = "/api/v1/t/{}/training"


@pytest.fixture
def api(tenant):
    return API.format(tenant.slug)


def body_of(tenant, **fields):
    trainer = make_trainer(tenant.id)
    return {"name": "helper", "upstream": str(trainer.id), "base_model": "local/demo-1"} | fields


def test_a_policy_is_set_up_with_sensible_settings(tenant, api, admin_client):
    made = admin_client.post(f"{api}/policies/", body_of(tenant), format="json")
    listed = admin_client.get(f"{api}/policies/")

    assert made.status_code == 201, made.content
    assert made.json()["loss"] == "importance_sampling"
    assert made.json()["mode"] == "off"
    assert [row["id"] for row in listed.json()["results"]] == [made.json()["id"]]


@pytest.mark.parametrize(
    "fields, named",
    [
        ({"rank": 0}, "rank"),
        ({"rank": 257}, "rank"),
        ({"learning_rate": -1}, "learning_rate"),
        ({"source": "tasks"}, "task_set"),
        ({"clip_low": 0.8}, "clip_low"),
        ({"loss": "cross_entropy"}, "loss"),
        ({"has_rewards": False}, "has_rewards"),
        ({"group_size": 1}, "group_size"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_name(tenant, api, admin_client, fields, named):
    answer = admin_client.post(f"{api}/policies/", body_of(tenant, **fields), format="json")

    assert answer.status_code in (400, 422), answer.content
    assert named in answer.json()["fields"]


def test_only_a_tinker_connection_trains(tenant, api, admin_client):
    body = body_of(tenant)
    trainer = make_trainer(tenant.id, "other", kind="openai", base_url="http://127.0.0.1:9/v1")

    answer = admin_client.post(
        f"{api}/policies/", body | {"upstream": str(trainer.id)}, format="json"
    )

    assert answer.status_code == 422
    assert "upstream" in answer.json()["fields"]


def test_a_name_is_taken_once(tenant, api, admin_client):
    body = body_of(tenant)
    admin_client.post(f"{api}/policies/", body, format="json")

    answer = admin_client.post(f"{api}/policies/", body, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "training_policy_taken")


def test_a_trainer_that_does_not_answer_is_said_in_a_sentence(tenant, api, admin_client):
    policy = make_policy(tenant.id)

    answer = admin_client.post(f"{api}/policies/{policy.id}/check/").json()

    assert (answer["is_ready"], answer["reason"]) == (False, "unreachable")
    assert "cannot be reached" in answer["detail"]


def test_a_key_that_is_none_is_refused_before_anything_is_asked(tenant, api, admin_client):
    policy = make_policy(tenant.id, upstream=make_trainer(tenant.id, api_key="sk-of-another"))

    answer = admin_client.post(f"{api}/policies/{policy.id}/check/").json()

    assert answer["reason"] == "key_refused"
    assert "tml-" in answer["detail"]


def test_a_job_shows_its_steps_and_figures(tenant, api, admin_client):
    job = make_training_job(make_policy(tenant.id))
    make_step(job, 1, status="confirmed", state_path="tinker://x", metrics={"reward": 0.5})
    make_step(job, 2)

    detail = admin_client.get(f"{api}/jobs/{job.id}/").json()

    assert (detail["planned_steps"], detail["done_steps"]) == (2, 1)
    assert [step["metrics"] for step in detail["steps"]] == [{"reward": 0.5}, {}]


def test_a_step_by_hand_is_a_job_of_one_step_now(tenant, api, admin_client):
    policy = make_policy(tenant.id)

    answer = admin_client.post(f"{api}/policies/{policy.id}/train-step/")
    again = admin_client.post(f"{api}/policies/{policy.id}/train-step/")

    assert answer.status_code == 202
    assert (answer.json()["planned_steps"], answer.json()["is_now"]) == (1, True)
    assert (again.status_code, again.json()["code"]) == (409, "training_job_already_active")


def test_viewers_look_and_do_not_touch(tenant, api, viewer_client):
    policy = make_policy(tenant.id)

    looked = viewer_client.get(f"{api}/policies/{policy.id}/")
    touched = viewer_client.post(f"{api}/policies/{policy.id}/train-step/")

    assert (looked.status_code, touched.status_code) == (200, 403)


def test_the_days_use_stands_beside_its_limit(tenant, api, admin_client):
    job = make_training_job(make_policy(tenant.id))
    make_step(job, 1, status="sent", sends=2, tokens=100, cost_micros=7, sent_at=now())
    changed = admin_client.patch(f"{api}/budget/", {"daily_tokens": 1000}, format="json").json()

    assert (changed["daily_steps"], changed["daily_tokens"]) == (200, 1000)
    assert {name: changed["today"][name] for name in ("steps", "tokens", "micros")} == {
        "steps": 2,
        "tokens": 200,
        "micros": 14,
    }


def test_what_was_sampled_today_is_part_of_the_days_use(tenant, api, viewer_client):
    job = make_training_job(make_policy(tenant.id))
    at = now()
    sampled = {"sampled_tokens": 30, "sampled_micros": 3}
    make_step(job, 1, status="sent", sends=1, tokens=100, cost_micros=7, sent_at=at)
    make_step(job, 2, sampled_at=at, **sampled)
    make_step(job, 3, sampled_at=at - timedelta(days=2), **sampled)

    today = viewer_client.get(f"{api}/budget/").json()["today"]

    today.pop("ends_at")
    assert today == {"steps": 1, "tokens": 130, "micros": 10, **sampled}


@pytest.mark.parametrize(
    "agent, whose", [("coder", "policy of coder"), ("", "the workspace's policy")]
)
def test_the_log_names_a_policy_and_whose_it_is(tenant, api, admin_client, agent, whose):
    made = admin_client.post(f"{api}/policies/", body_of(tenant, agent=agent), format="json")
    path = f"{api}/policies/{made.json()['id']}/"
    admin_client.patch(path, {"name": "aide", "rank": 8}, format="json")
    admin_client.delete(path)

    with tenant_tx(tenant.id):
        events = AuditEvent.objects.for_tenant(tenant.id).filter(action__startswith="training_po")
        told = list(events.order_by("sequence").values_list("subject", "detail"))
    assert told == [
        ("helper", f"{whose}: local/demo-1, off"),
        ("helper", f"{whose}: name: aide, rank: 8"),
        ("aide", whose),
    ]


def test_a_policy_of_recorded_prompts_needs_no_task_set(tenant, api, admin_client):
    body = body_of(tenant, source="prompts")

    made = admin_client.post(f"{api}/policies/", body, format="json")

    assert (made.status_code, made.json()["source"]) == (201, "prompts")
    assert made.json()["task_set"] is None


def test_a_policy_with_a_job_under_way_stays(tenant, api, admin_client):
    policy = make_policy(tenant.id)
    job = make_training_job(policy)

    refused = admin_client.delete(f"{api}/policies/{policy.id}/")
    admin_client.post(f"{api}/jobs/{job.id}/cancel/")
    gone = admin_client.delete(f"{api}/policies/{policy.id}/")

    assert (refused.status_code, gone.status_code) == (409, 204)
    with tenant_tx(tenant.id):
        assert not TrainingStep.objects.for_tenant(tenant.id).exists()


def test_the_funnel_says_why(tenant, api, viewer_client):
    answer = viewer_client.get(f"{api}/funnel/").json()

    assert (answer["captured"], answer["eligible"]) == (0, 0)
    assert "unscored" in answer["sentences"]
