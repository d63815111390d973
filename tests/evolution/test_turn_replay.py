"""Somebody wants to see: one turn is asked again with a version of a skill and without it."""

import json
from typing import Any

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.errors import NothingToReplay, ReplayRunning, TurnNotReplayable
from apps.evolution.models import Replay
from apps.evolution.services.replay import asking, running
from apps.evolution.services.replay.asking import arms_of
from apps.evolution.services.value.lifts import lifts_of
from apps.integrations.practice.rules import rule_by_slug
from apps.jobs.models import Job
from apps.skills import selectors as skills
from apps.skills import services as library
from apps.skills.skillmd import parse
from apps.tenants.models import AuditEvent
from apps.tenants.types import SYSTEM, Actor
from apps.trajectories.models import Score, Turn
from apps.upstreams.models import Upstream
from tests.evolution.replaying import run_replay
from tests.factories import (
    make_doc,
    make_proposal,
    make_replay,
    make_skill,
    make_turn,
    make_upstream,
)

ADA = Actor("user", "1", "Ada")
RULE = rule_by_slug("exact-dates-and-times")
ASK = "When does the release ship? Tell me the date and time."
TAUGHT = f"# Dates\n\n## Steps\n\n1. {RULE.marker}."


def asked(**more: Any) -> dict[str, Any]:
    body = {"model": "practice-1", "messages": [{"role": "user", "content": ASK}], **more}
    return {
        "messages": body["messages"],
        "body": json.dumps(body).encode(),
        "model": "practice-1",
        "dialect": "openai",
    }


@pytest.fixture
def served(tenant, practice_url, settings):
    settings.METACLAW_ALLOW_PRIVATE_UPSTREAMS = True
    make_upstream(tenant.id, kind="practice", base_url=practice_url, model="practice-1")
    return tenant


def carried(skill, **more: Any) -> dict[str, Any]:
    """A turn that had the live version of this skill in its prompt."""
    return {"skills": [(skill.live_version_id, skill.slug, 1)], **asked(**more)}


def start(turn: Turn, **options: Any) -> list[Replay]:
    return services.turn_replay_start(
        tenant_id=turn.tenant_id, actor=ADA, turn_id=turn.id, **options
    )


def run(replay: Replay) -> Replay:
    # A judge of one provider, answers of another: the practice model answers all the same.
    return run_replay(replay, is_simulated=False)


def test_a_turn_shows_what_a_skill_changes_in_it(served):
    make_skill(served.id, "dates", body=TAUGHT)
    turn = make_turn(served.id, score=-1, **asked())

    (started,) = start(turn, slug="dates", samples=3)
    done = run(started)

    (case,) = done.cases.all()
    assert (done.status, done.turn_id, done.slug, done.version) == ("done", turn.id, "dates", 1)
    assert [one["vote"] for one in case.without] == [-1, -1, -1]
    assert [one["vote"] for one in case.with_skill] == [1, 1, 1]
    assert all(one["rationale"] for one in case.without + case.with_skill)
    assert done.result["groups"]["chosen"]["wins"] == 1
    assert done.tokens_used > 0
    assert done.is_simulated


def test_it_proves_nothing_of_the_skill_and_changes_nothing_but_itself(served):
    skill = make_skill(served.id, "dates", body=TAUGHT)
    turn = make_turn(served.id, score=-1, **asked())

    def facts() -> Any:
        with tenant_tx(served.id):
            return (
                Turn.objects.for_tenant(served.id).values().get(id=turn.id),
                list(Score.objects.for_tenant(served.id).values()),
                list(skills.ledger_list(tenant_id=served.id).values()),
                lifts_of(
                    tenant_id=served.id,
                    sha256_of={skill.live_version.id: skill.live_version.sha256},
                ),
            )

    before = facts()
    done = run(start(turn, slug="dates")[0])

    assert facts() == before
    assert done.verdict == ""
    with tenant_tx(served.id):
        # No policy is asked again because of it.
        assert set(Job.objects.for_tenant(served.id).values_list("kind", flat=True)).isdisjoint(
            {"evolution.check"}
        )
        event = AuditEvent.objects.for_tenant(served.id).get(action="replay.started")
    assert (event.subject, str(turn.id) in event.detail) == ("dates", True)


def test_without_a_name_each_skill_that_the_turn_carried_is_left_out_once(served):
    dates = make_skill(served.id, "dates", body=TAUGHT)
    other = make_skill(served.id, "brief", body="# Brief\n\n1. Be brief.")
    used = [(one.live_version_id, one.slug, 1) for one in (dates, other)]
    turn = make_turn(served.id, skills=used, **asked())
    bare = make_turn(served.id, **asked())

    replays = start(turn)

    assert sorted(replay.slug for replay in replays) == ["brief", "dates"]
    with pytest.raises(NothingToReplay):
        start(bare)


def blocks(turn: Turn, doc: Any) -> tuple[str, str]:
    arms = arms_of(tenant_id=turn.tenant_id, turn_id=turn.id, doc=doc)
    without, with_skill = (
        message["content"] if message["role"] == "system" else ""
        for message in (arms.without["messages"][0], arms.with_skill["messages"][0])
    )
    return without, with_skill


def test_a_version_that_the_turn_had_is_left_out_and_another_one_takes_its_place(served):
    first = make_skill(served.id, "dates", body="# Dates\n\n1. The older rule.")
    turn = make_turn(served.id, **carried(first))
    make_skill(served.id, "dates", body="# Dates\n\n1. The newer rule.")
    with tenant_tx(served.id):
        old = skills.version_get(tenant_id=served.id, slug="dates", number=1)
        new = skills.version_get(tenant_id=served.id, slug="dates", number=2)

    left_out = blocks(turn, parse(old.text))
    replaced = blocks(turn, parse(new.text))

    assert left_out[0] == ""
    assert "older rule" in left_out[1]
    assert "older rule" in replaced[0]
    assert "newer rule" in replaced[1]
    assert "older rule" not in replaced[1]


def test_what_a_skill_uses_comes_with_it_as_in_the_gateway(served):
    make_skill(served.id, "units", body="# Units\n\n1. Name every unit.")
    report = make_skill(served.id, "report", body="# Report\n\n1. Write it.", uses=["units"])
    turn = make_turn(served.id, **carried(report))
    proposed = make_doc("summary", body="# Summary\n\n1. Sum it up.", uses=["units"])
    revised = make_doc("units", body="# Units\n\n1. Name no unit.")

    added = blocks(turn, proposed)
    changed = blocks(turn, revised)
    with tenant_tx(served.id):
        gone = skills.skill_text_find(tenant_id=served.id, slug="units")
        live = {one.slug: one for one in skills.library_get(tenant_id=served.id).skills}
    used_by_it = blocks(turn, parse(gone.text))

    assert live["report"].body.split("# units")[1].strip() in added[0]
    # Each text once, though both skills use it.
    assert (added[1].count("Name every unit."), added[1].count("Sum it up.")) == (1, 1)
    assert "Name every unit." in changed[0]
    assert ("Name no unit." in changed[1], "Name every unit." in changed[1]) == (True, False)
    assert ("Name every unit." in used_by_it[0], used_by_it[1].count("Name every unit.")) == (
        False,
        1,
    )


def test_a_retired_skill_takes_a_version_and_an_unknown_one_is_not_found(served, reviewer_client):
    make_skill(served.id, "dates", body=TAUGHT)
    library.skill_retire(tenant_id=served.id, actor=SYSTEM, slug="dates")
    turn = make_turn(served.id, **asked())
    url = f"/api/v1/t/{served.slug}/turns/{turn.id}/replays/"

    def post(body: dict[str, Any]) -> Any:
        return reviewer_client.post(url, body, format="json")

    assert post({"skill": "dates"}).json()["code"] == "nothing_to_replay"
    assert post({"skill": "nobody"}).status_code == 404
    assert post({"skill": "dates", "version": 9}).status_code == 404
    assert "version" in post({"version": 1}).json()["fields"]
    assert post({"skill": "dates", "version": 1}).status_code == 201


def test_a_turn_that_cannot_be_asked_again_says_why_at_once(served):
    make_skill(served.id, "dates", body=TAUGHT)
    legacy = make_turn(served.id, **asked() | {"dialect": "completions"})
    known = make_turn(served.id, **asked())
    with tenant_tx(served.id):
        before = Replay.objects.for_tenant(served.id).count()

    with pytest.raises(TurnNotReplayable, match="completions API"):
        start(legacy, slug="dates")
    start(known, slug="dates")
    with pytest.raises(ReplayRunning):
        start(known, slug="dates")
    with tenant_tx(served.id):
        Upstream.objects.for_tenant(served.id).update(dialects=["anthropic"])
        assert Replay.objects.for_tenant(served.id).count() == before + 1


def test_a_turn_that_was_forgotten_meanwhile_is_skipped_and_says_so(served):
    make_skill(served.id, "dates", body=TAUGHT)
    turn = make_turn(served.id, **asked())
    (started,) = start(turn, slug="dates")
    with tenant_tx(served.id):
        Turn.objects.for_tenant(served.id).filter(id=turn.id).delete()

    done = run(started)

    (case,) = done.cases.all()
    assert (done.status, case.status) == ("done", "skipped")
    assert "not kept" in case.reason


def test_no_provider_keeps_what_a_replay_asks(served, monkeypatch):
    make_skill(served.id, "dates", body=TAUGHT)
    turn = make_turn(served.id, **asked(store=True))

    arms = arms_of(tenant_id=served.id, turn_id=turn.id, doc=make_doc())

    assert (arms.without["store"], arms.with_skill["store"]) == (False, False)


def test_the_order_of_the_arms_is_drawn_and_the_judge_is_not_told(served, monkeypatch):
    make_skill(served.id, "dates", body=TAUGHT)
    turn = make_turn(served.id, **asked())
    asked_for: list[bool] = []
    judged: list[str] = []
    real_ask, real_vote = running.ask, running.vote

    def ask(arms: Any, body: dict[str, Any]) -> asking.Sample:
        asked_for.append("metaclaw_skills" in json.dumps(body))
        return real_ask(arms, body)

    def vote(judge: Any, arms: Any, response: str) -> Any:
        class Overheard:
            def complete(self, *, system: str, user: str) -> Any:
                judged.append(user)
                return judge.complete(system=system, user=user)

        return real_vote(Overheard(), arms, response)

    monkeypatch.setattr(running, "ask", ask)
    monkeypatch.setattr(running, "vote", vote)
    run(start(turn, slug="dates", samples=8)[0])

    assert sorted(asked_for) == [False] * 8 + [True] * 8
    assert asked_for != [False, True] * 8
    assert asked_for != sorted(asked_for)
    assert not any("metaclaw_skills" in one or "dates" in json.loads(one) for one in judged)


def test_all_replays_of_a_workspace_are_listed_and_found(
    served, reviewer_client, viewer_client, stranger_client
):
    make_skill(served.id, "dates", body=TAUGHT)
    turn = make_turn(served.id, **asked())
    proposal, _ = make_proposal(served.id, slug="proposed")
    older = make_replay(proposal, verdict="harm")
    url = f"/api/v1/t/{served.slug}/replays/"
    at_turn = f"/api/v1/t/{served.slug}/turns/{turn.id}/replays/"

    refused = viewer_client.post(at_turn, {"skill": "dates"}, format="json")
    (made,) = reviewer_client.post(at_turn, {"skill": "dates"}, format="json").json()

    def ids(client: Any = viewer_client, **filters: Any) -> list[str]:
        return [row["id"] for row in client.get(url, filters).json()["results"]]

    assert refused.status_code == 403
    assert stranger_client.get(url).status_code == 404
    assert ids() == [made["id"], str(older.id)]
    assert ids(verdict="harm") == ids(skill="proposed") == [str(older.id)]
    assert ids(status="running") == ids(turn=turn.id) == ids(skill="dates") == [made["id"]]
    assert viewer_client.get(url, {"status": "no"}).status_code == 400
    assert (made["slug"], made["version"], made["turn_id"]) == ("dates", 1, str(turn.id))
    assert (made["proposal_id"], made["case_count"], made["done_count"]) == (None, 1, 0)


def test_a_page_of_replays_takes_a_few_queries_however_long_it_is(
    served, viewer_client, django_assert_max_num_queries
):
    for n in range(6):
        proposal, _ = make_proposal(served.id, slug=f"proposed-{n}")
        make_replay(proposal)
    address = f"/api/v1/t/{served.slug}/replays/"
    # Noting that this session is used takes queries of its own, once a minute.
    viewer_client.get(address)

    with django_assert_max_num_queries(12):
        rows = viewer_client.get(address, {"limit": 4}).json()

    assert len(rows["results"]) == 4
    assert rows["next"]
