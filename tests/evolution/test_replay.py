"""A proposal is tried on recorded turns: with a real provider and a real judge, both simulated."""

import json
from dataclasses import replace
from typing import Any

import pytest

from apps.core.errors import UpstreamFailed
from apps.core.tenancy import tenant_tx
from apps.evolution import selectors, services
from apps.evolution.errors import NothingToReplay, ReplayRunning
from apps.evolution.models import Evidence, Proposal, Replay
from apps.evolution.services.replay import asking, running
from apps.evolution.services.replay.asking import NotFaithful, Sample, arms_of
from apps.evolution.types import Reviewer
from apps.integrations.practice.rules import rule_by_slug
from apps.jobs.models import Job
from apps.skills.skillmd import parse
from apps.tenants.types import Actor
from apps.upstreams.models import Upstream
from apps.usage.types import Price
from tests.evolution.replaying import run_replay
from tests.factories import (
    make_doc,
    make_proposal,
    make_skill,
    make_turn,
    make_upstream,
)

ADA = Actor("user", "1", "Ada")
RULE = rule_by_slug("exact-dates-and-times")
ASK = "When does the release ship? Tell me the date and time."


def asked(text: str = ASK, dialect: str = "openai") -> dict[str, Any]:
    body: dict[str, Any] = {"model": "practice-1", "stream": True}
    body["messages"] = [{"role": "user", "content": text}]
    if dialect == "anthropic":
        body["max_tokens"] = 500
    return {
        "messages": body["messages"],
        "body": json.dumps(body).encode(),
        "model": "practice-1",
        "dialect": dialect,
    }


@pytest.fixture
def served(tenant, practice_url, settings):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = True
    make_upstream(tenant.id, kind="practice", base_url=practice_url, model="practice-1")
    return tenant


def proposal_of(tenant, *, body: str = "") -> Proposal:
    """What the practice model needs to be told, proposed after one failing turn."""
    taught = body or f"# Dates\n\n## Steps\n\n1. {RULE.marker}."
    doc = make_doc("dates-and-times", description=RULE.skill.description, body=taught)
    proposal, _ = make_proposal(tenant.id, slug=doc.slug)
    with tenant_tx(tenant.id):
        fields = {"text": doc.text, "sha256": doc.sha256, "description": doc.description}
        Proposal.objects.for_tenant(tenant.id).filter(id=proposal.id).update(**fields)
        return selectors.proposal_get(tenant_id=tenant.id, proposal_id=proposal.id)


def start(proposal: Proposal, **options: Any) -> Replay:
    return services.replay_start(
        tenant_id=proposal.tenant_id, actor=ADA, proposal_id=proposal.id, **options
    )


def run(replay: Replay) -> Replay:
    return run_replay(replay, is_simulated=True)


def again(replay: Replay) -> Replay:
    with tenant_tx(replay.tenant_id):
        return selectors.replay_get(tenant_id=replay.tenant_id, replay_id=replay.id)


def groups(replay: Replay) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for case in again(replay).cases.all():
        found.setdefault(case.group, []).append(str(case.turn_id))
    return found


@pytest.mark.parametrize("dialect", ["openai", "anthropic"])
def test_a_skill_that_helps_is_found_to_help(served, dialect):
    proposal = proposal_of(served)
    for n in range(6):
        make_turn(served.id, score=-1, **asked(f"{ASK} This is for team {n}.", dialect))

    replay = run(start(proposal))

    found = replay.result["groups"]
    assert (replay.status, replay.verdict, replay.is_simulated) == ("done", "lift", True)
    assert found["held_out"]["wins"] == found["held_out"]["pairs"] == 6
    assert found["failing"]["p_helps"] < 0.05
    assert (found["failing"]["without"], found["failing"]["with_skill"]) == (-1.0, 1.0)
    assert replay.tokens_used > 0
    assert replay.result["extra_tokens"] > 0


def test_a_skill_that_says_nothing_has_no_measurable_lift(served):
    proposal = proposal_of(served, body="# Dates\n\n## Steps\n\n1. Be friendly.")
    for n in range(6):
        make_turn(served.id, score=-1, **asked(f"{ASK} This is for team {n}."))

    replay = run(start(proposal))

    assert (replay.status, replay.verdict) == ("done", "no_lift")
    assert replay.result["groups"]["failing"]["ties"] == 7


def test_a_skill_that_breaks_what_worked_does_harm(served, monkeypatch):
    proposal = proposal_of(served)
    for n in range(6):
        make_turn(served.id, score=1, **asked(f"{ASK} This is for team {n}."))

    def spoilt(arms: Any, body: dict[str, Any]) -> Sample:
        has_skill = "metaclaw_skills" in json.dumps(body)
        return Sample("on 3/10 at 9 am" if has_skill else RULE.kept[0], 10, 5)

    monkeypatch.setattr(running, "ask", spoilt)
    replay = run(start(proposal))

    assert (replay.verdict, replay.result["groups"]["control"]["losses"]) == ("harm", 6)


def test_turns_are_chosen_by_what_the_evolver_saw_and_by_fit(served):
    proposal = proposal_of(served)
    fitting = make_turn(served.id, score=-1, **asked())
    make_turn(served.id, score=-1, **asked("Sing me a song about the sea, please."))
    passed = make_turn(served.id, score=1, **asked())
    unfit = make_turn(served.id, score=1, **asked("Sing me a song about the sea, please."))

    found = groups(start(proposal))

    assert found["held_out"] == [str(fitting.id)]
    assert set(found["control"]) == {str(passed.id), str(unfit.id)}
    assert len(found["evidence"]) == 1


def test_failures_that_came_after_the_text_was_written_are_held_out_though_they_are_evidence(
    served,
):
    proposal = proposal_of(served)
    later = make_turn(served.id, score=-1, **asked())
    with tenant_tx(served.id):
        Evidence.objects.create(
            tenant_id=served.id, proposal=proposal, turn_id=later.id, session_id=later.session_id
        )

    found = groups(start(proposal))

    assert found["held_out"] == [str(later.id)]
    assert len(found["evidence"]) == 1


def test_the_request_is_the_recorded_one_but_for_the_skill(served):
    skill = make_skill(served.id, "old-rule", body="# Old\n\n1. An older rule.")
    used = [(skill.live_version_id, "old-rule", 1)]
    turn = make_turn(
        served.id,
        score=-1,
        skills=used,
        system="Be brief.",
        **{
            **asked(),
            "body": json.dumps(
                {
                    "model": "practice-1",
                    "stream": True,
                    "temperature": 0.3,
                    "messages": [
                        {"role": "system", "content": "Be brief."},
                        {"role": "user", "content": ASK},
                    ],
                }
            ).encode(),
        },
    )
    doc = make_doc("new-rule", body="# New\n\n1. A newer rule.")

    arms = arms_of(tenant_id=served.id, turn_id=turn.id, doc=doc)
    revised = arms_of(tenant_id=served.id, turn_id=turn.id, doc=replace(doc, slug="old-rule"))

    system = [arm["messages"][0]["content"] for arm in (arms.without, arms.with_skill)]
    assert all(text.startswith("Be brief.\n\n<metaclaw_skills>") for text in system)
    assert "An older rule." in system[0]
    assert "A newer rule." not in system[0]
    assert "An older rule." in system[1]
    assert "A newer rule." in system[1]
    assert "An older rule." not in revised.with_skill["messages"][0]["content"]
    assert arms.without["messages"][1:] == [{"role": "user", "content": ASK}]
    assert (arms.without["temperature"], "stream" in arms.without) == (0.3, False)


def test_a_turn_that_cannot_be_asked_again_says_why(served):
    proposal = proposal_of(served)
    with tenant_tx(served.id):
        (turn_id,) = selectors.evidence_ids(tenant_id=served.id, proposal_id=proposal.id)
    replay = start(proposal)
    with tenant_tx(served.id):
        from apps.trajectories.models import Turn

        Turn.objects.for_tenant(served.id).filter(id=turn_id).update(dialect="completions")

    done = run(replay)

    (case,) = done.cases.all()
    assert (case.status, done.verdict, done.result["skipped"]) == ("skipped", "no_lift", 1)
    assert "completions API" in case.reason


def test_a_turn_of_the_responses_api_is_asked_again_at_a_provider_that_speaks_it(served):
    with tenant_tx(served.id):
        Upstream.objects.for_tenant(served.id).update(dialects=["openai", "anthropic", "responses"])
    body = {
        "model": "practice-1",
        "stream": True,
        "store": True,
        "instructions": "Be brief.",
        "input": [{"role": "user", "content": ASK}],
    }
    fields = {"dialect": "responses", "messages": body["input"], "model": "practice-1"}
    turn = make_turn(served.id, score=-1, body=json.dumps(body).encode(), **fields)
    lost = body | {"previous_response_id": "resp_1"}
    kept_elsewhere = make_turn(served.id, score=-1, body=json.dumps(lost).encode(), **fields)

    arms = arms_of(tenant_id=served.id, turn_id=turn.id, doc=make_doc())
    with pytest.raises(NotFaithful, match="kept by the provider"):
        arms_of(tenant_id=served.id, turn_id=kept_elsewhere.id, doc=make_doc())

    assert arms.without == {
        "model": "practice-1",
        "store": False,
        "instructions": "Be brief.",
        "input": [{"role": "user", "content": ASK}],
    }
    assert arms.with_skill["instructions"].startswith("Be brief.\n\n<metaclaw_skills>")
    said = {"type": "message", "content": [{"type": "output_text", "text": "On 3/10."}]}
    call = {"type": "function_call", "name": "read", "arguments": "{}"}
    answer = {"output": [{"type": "reasoning"}, said, call], "usage": {"input_tokens": 7}}
    sample = asking._sample("responses", answer)
    assert (sample.input_tokens, sample.output_tokens) == (7, 0)
    assert "On 3/10." in sample.text
    assert "read" in sample.text


@pytest.mark.parametrize(
    "price, expected",
    [(Price(1_000_000, 2_000_000, 0, 0), True), (None, False)],
    ids=["known", "unknown"],
)
def test_what_a_replay_costs_is_counted_or_said_to_be_unknown(served, monkeypatch, price, expected):
    proposal = proposal_of(served)
    monkeypatch.setattr(asking, "_price", lambda *_: price)

    replay = run(start(proposal, samples=1))

    (case,) = replay.cases.all()
    if not expected:
        assert replay.cost_micros is None
        assert replay.result["extra_micros"] is None
        return
    samples = case.without + case.with_skill
    costs = [one["input_tokens"] + 2 * one["output_tokens"] for one in samples]
    # The judge is the practice model, which nobody pays.
    assert replay.cost_micros == sum(costs) > 0
    assert replay.result["extra_micros"] == costs[1] - costs[0]


def test_a_worker_that_died_is_followed_by_one_that_goes_on(served, monkeypatch):
    proposal = proposal_of(served)
    for n in range(4):
        make_turn(served.id, score=-1, **asked(f"{ASK} This is for team {n}."))
    replay = start(proposal, samples=1)
    real, calls = running.ask, []

    def dying(arms: Any, body: dict[str, Any]) -> Sample:
        calls.append(arms.turn.turn_id)
        if len(calls) == 5:
            raise UpstreamFailed("gone", permanent=False)
        return real(arms, body)

    monkeypatch.setattr(running, "ask", dying)
    with pytest.raises(UpstreamFailed):
        run(replay)
    half = [case.status for case in again(replay).cases.all()]
    done = run(replay)

    assert half.count("done") == 2
    assert [case.status for case in done.cases.all()] == ["done"] * 5
    # Nobody is asked again about a turn that was done.
    assert all(calls.count(turn) <= 3 for turn in set(calls))
    assert done.status == "done"


def test_a_replay_whose_job_was_given_up_ends_and_another_can_be_started(served):
    proposal = proposal_of(served)
    replay = start(proposal)
    assert services.replays_sweep() == 0
    with tenant_tx(served.id):
        jobs = Job.objects.for_tenant(served.id).filter(dedupe_key=str(replay.id))
        assert jobs.update(status=Job.Status.DEAD, last_error="Its worker died every time.") == 1

    found = services.replays_sweep()

    ended = again(replay)
    assert (found, ended.status, ended.finished_at is not None) == (1, "failed", True)
    assert "given up" in ended.reason
    assert services.replays_sweep() == 0
    assert run(start(proposal)).status == "done"


def test_a_budget_ends_a_replay_and_what_was_done_counts(served):
    proposal = proposal_of(served)
    for n in range(4):
        make_turn(served.id, score=-1, **asked(f"{ASK} This is for team {n}."))

    replay = run(start(proposal, token_budget=1))

    assert replay.status == "done"
    assert "budget" in replay.reason
    assert [case.status for case in replay.cases.all()].count("done") == 1


def test_a_replay_can_be_stopped(served):
    proposal = proposal_of(served)
    replay = start(proposal)
    services.replay_cancel(tenant_id=served.id, actor=ADA, replay_id=replay.id)

    done = run(replay)

    assert (done.status, done.verdict) == ("cancelled", "")
    assert {case.status for case in done.cases.all()} == {"waiting"}


def test_a_text_that_was_edited_meanwhile_is_not_proven(served):
    proposal = proposal_of(served)
    replay = start(proposal)
    doc = parse(proposal.text)
    services.proposal_edit(
        tenant_id=served.id,
        reviewer=Reviewer(ADA),
        proposal_id=proposal.id,
        text=make_doc(doc.slug, body="# Dates\n\n1. Something else entirely.").text,
        sha256=proposal.sha256,
    )

    done = run(replay)

    assert (done.status, done.verdict) == ("failed", "")
    assert "changed" in done.reason


def test_one_replay_of_a_proposal_runs_at_a_time_and_none_without_turns(served, other_tenant):
    proposal = proposal_of(served)
    start(proposal)
    with pytest.raises(ReplayRunning):
        start(proposal)

    with tenant_tx(served.id):
        assert Job.objects.for_tenant(served.id).filter(kind=services.REPLAY_KIND).count() == 1
    lonely, turn = make_proposal(other_tenant.id)
    with tenant_tx(other_tenant.id):
        from apps.trajectories.models import Turn

        lonely.evidence.all().delete()
        Turn.objects.for_tenant(other_tenant.id).filter(id=turn.id).delete()
    with pytest.raises(NothingToReplay):
        start(lonely)


def test_reviewers_start_and_stop_replays_and_viewers_see_them(
    served, reviewer_client, viewer_client
):
    proposal = proposal_of(served)
    url = f"/api/v1/t/{served.slug}/proposals/{proposal.id}/replays/"

    refused = viewer_client.post(url, {}, format="json")
    too_many = reviewer_client.post(url, {"samples": 99}, format="json")
    made = reviewer_client.post(url, {"samples": 1}, format="json")
    seen = viewer_client.get(f"/api/v1/t/{served.slug}/replays/{made.json()['id']}/")
    listed = viewer_client.get(url).json()["results"]
    stopped = reviewer_client.post(f"/api/v1/t/{served.slug}/replays/{made.json()['id']}/cancel/")

    assert (refused.status_code, too_many.status_code, made.status_code) == (403, 400, 201)
    assert (made.json()["case_count"], made.json()["done_count"]) == (1, 0)
    assert seen.json()["cases"][0]["group"] == "evidence"
    assert [row["id"] for row in listed] == [made.json()["id"]]
    assert stopped.json()["status"] == "cancelled"
