"""Rules, runs and patterns over REST."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.jobs.models import Job
from apps.tenants.models import AuditEvent
from tests.factories import lesson, make_cluster, make_policy, make_run, make_turn
from tests.fakes import FakeModel
from tests.refusals import codes_in


def url(tenant, path):
    return f"/api/v1/t/{tenant.slug}/{path}"


def learn(tenant, *answers):
    services.evolution_run(run=make_run(tenant.id), model=FakeModel(*answers), is_simulated=False)


def test_a_workspace_begins_with_rules_that_are_safe(tenant, viewer_client):
    rules = viewer_client.get(url(tenant, "learning-policy/")).json()

    today = rules.pop("today")
    assert rules == {
        "on_failure": True,
        "on_session_end": False,
        "every_turns": None,
        "success_below": None,
        "success_window": 20,
        "min_sessions": 2,
        "evidence": "failures",
        "spares_corrected": False,
        "daily_runs": 200,
        "daily_tokens": None,
        "daily_micros": None,
        "is_paused": False,
        "ledger_outcomes": 50,
        "ledger_success_below": 30,
        "ledger_lift_below": 0,
        "ledger_unused_days": 60,
        "ledger_merges": True,
        "state": "on",
        "held_at": None,
        "held_reason": "",
        "held_said": [],
        "waived_judge": "",
    }
    assert (today["runs"], today["tokens"], today["micros"]) == (0, 0, 0)


def test_an_admin_changes_them_and_the_log_says_so(tenant, admin_client):
    answer = admin_client.put(
        url(tenant, "learning-policy/"), {"min_sessions": 3, "every_turns": 50}, format="json"
    )

    assert (answer.status_code, answer.json()["min_sessions"]) == (200, 3)
    assert admin_client.get(url(tenant, "learning-policy/")).json()["every_turns"] == 50
    with tenant_tx(tenant.id):
        (event,) = AuditEvent.objects.for_tenant(tenant.id).filter(action="learning.changed")
    assert event.detail == "every_turns: 50, min_sessions: 3"


def test_what_changes_nothing_is_not_in_the_log(tenant, admin_client):
    admin_client.put(url(tenant, "learning-policy/"), {"min_sessions": 2}, format="json")

    with tenant_tx(tenant.id):
        assert not AuditEvent.objects.for_tenant(tenant.id).exists()


def test_a_reviewer_does_not_change_the_rules(tenant, reviewer_client):
    answer = reviewer_client.put(url(tenant, "learning-policy/"), {"is_paused": True})

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "field, value",
    [
        ("min_sessions", 0),
        ("min_sessions", 11),
        ("success_below", 101),
        ("success_window", 4),
        ("every_turns", 0),
        ("daily_runs", -1),
        ("evidence", "everything"),
    ],
)
def test_rules_that_make_no_sense_are_refused(tenant, admin_client, field, value):
    answer = admin_client.put(url(tenant, "learning-policy/"), {field: value}, format="json")

    assert answer.status_code == 400
    assert field in answer.json()["fields"]


def test_a_reached_limit_and_a_pause_are_shown(tenant, admin_client):
    make_policy(tenant.id, daily_runs=1)
    learn(tenant, lesson(make_turn(tenant.id, score=-1).id))

    rules = admin_client.get(url(tenant, "learning-policy/")).json()
    assert (rules["state"], rules["today"]["capped_by"]) == ("capped", "runs")
    assert (rules["today"]["runs"], rules["today"]["tokens"]) == (1, 15)

    paused = admin_client.put(url(tenant, "learning-policy/"), {"is_paused": True}, format="json")
    assert paused.json()["state"] == "paused"


def test_a_pattern_says_what_it_waits_for(tenant, viewer_client):
    turn = make_turn(tenant.id, score=-1)
    learn(tenant, "unused")

    (row,) = viewer_client.get(url(tenant, "failure-clusters/")).json()["results"]

    assert (row["state"], row["size"], row["sessions"]) == ("waiting", 1, 1)
    assert row["sessions_missing"] == 1
    (sample,) = row["samples"]
    assert sample["turn_id"] == str(turn.id)
    assert sample["user_text"] == "When is the release?"
    assert sample["rationale"] == "The date is not ISO 8601."


def test_patterns_are_found_by_their_state_and_name_their_proposal(tenant, viewer_client):
    make_policy(tenant.id)
    learn(tenant, lesson(make_turn(tenant.id, score=-1).id))
    make_cluster(tenant.id, state="dead", reason="Not in JSON.")

    def found(state):
        return viewer_client.get(url(tenant, "failure-clusters/"), {"state": state}).json()

    assert [row["slug"] for row in found("proposed")["results"]] == ["iso-dates"]
    assert [row["reason"] for row in found("dead")["results"]] == ["Not in JSON."]
    assert found("waiting")["results"] == []


def test_samples_are_the_latest_few(tenant, viewer_client):
    turns = [make_turn(tenant.id, score=-1) for _ in range(5)]
    make_cluster(tenant.id, *turns)

    (row,) = viewer_client.get(url(tenant, "failure-clusters/")).json()["results"]

    assert row["size"] == 5
    assert [one["turn_id"] for one in row["samples"]] == [str(turn.id) for turn in turns[2:]]


def test_one_pattern_has_more_of_its_turns(tenant, viewer_client):
    turns = [make_turn(tenant.id, score=-1) for _ in range(5)]
    cluster = make_cluster(tenant.id, *turns)

    found = viewer_client.get(url(tenant, f"failure-clusters/{cluster.id}/")).json()

    assert [one["turn_id"] for one in found["samples"]] == [str(turn.id) for turn in turns]


def test_a_reviewer_has_a_dead_pattern_tried_again(tenant, reviewer_client, viewer_client):
    cluster = make_cluster(tenant.id, state="dead", reason="Not in JSON.", tries=2)
    path = url(tenant, f"failure-clusters/{cluster.id}/retry/")

    assert viewer_client.post(path).status_code == 403
    answer = reviewer_client.post(path)

    assert (answer.status_code, answer.json()["state"], answer.json()["tries"]) == (
        200,
        "waiting",
        0,
    )


def test_a_pattern_that_has_its_proposal_is_not_tried_again(tenant, reviewer_client):
    cluster = make_cluster(tenant.id, state="proposed")

    answer = reviewer_client.post(url(tenant, f"failure-clusters/{cluster.id}/retry/"))

    assert (answer.status_code, answer.json()["code"]) == (409, "cluster_busy")


def test_runs_say_what_they_came_to_and_what_they_cost(tenant, viewer_client):
    make_policy(tenant.id)
    make_turn(tenant.id, score=-1)
    for _ in range(2):
        learn(tenant, "no idea")

    rows = viewer_client.get(url(tenant, "evolution-runs/")).json()["results"]

    assert [row["outcome"] for row in rows] == ["dead", "invalid"]
    (dead, _) = rows
    assert (dead["reason"], dead["author_model"], dead["prompt_version"], dead["tokens"]) == (
        "The evolver did not answer in JSON.",
        "fake-1",
        "evolver-v2",
        15,
    )
    assert codes_in(dead["reason_said"]) == ["evolver_no_json"]
    assert dead["cost_micros"] is None
    only = viewer_client.get(url(tenant, "evolution-runs/"), {"outcome": "dead"}).json()["results"]
    assert [row["id"] for row in only] == [dead["id"]]


def test_a_run_leads_to_its_pattern_its_turns_and_its_proposal(tenant, viewer_client):
    make_policy(tenant.id)
    turn = make_turn(tenant.id, score=-1)
    for answer in ("no idea", lesson(turn.id)):
        learn(tenant, answer)
    useful, useless = viewer_client.get(url(tenant, "evolution-runs/")).json()["results"]

    run = viewer_client.get(url(tenant, f"evolution-runs/{useful['id']}/")).json()

    (proposal,) = viewer_client.get(url(tenant, "proposals/")).json()["results"]
    assert (run["proposal"], run["slug"]) == (proposal["id"], "iso-dates")
    assert proposal["run"] == run["id"]
    assert [one["turn_id"] for one in run["turns"]] == [str(turn.id)]
    # What came of the pattern later is not what came of the answer that was of no use.
    assert (useless["proposal"], useless["cluster"]) == (None, run["cluster"])
    about = {"cluster": run["cluster"]}
    assert len(viewer_client.get(url(tenant, "evolution-runs/"), about).json()["results"]) == 2


def test_a_reviewer_asks_for_a_run(tenant, reviewer_client, viewer_client):
    assert viewer_client.post(url(tenant, "evolution-runs/")).status_code == 403

    answer = reviewer_client.post(url(tenant, "evolution-runs/"))

    assert answer.status_code == 202
    with tenant_tx(tenant.id):
        (job,) = Job.objects.for_tenant(tenant.id).filter(status="queued")
    assert job.payload == {"trigger": "manual"}


def test_while_it_is_paused_nobody_asks_for_a_run(tenant, reviewer_client):
    make_policy(tenant.id, is_paused=True)

    answer = reviewer_client.post(url(tenant, "evolution-runs/"))

    assert (answer.status_code, answer.json()["code"]) == (409, "learning_paused")
