"""``POST /v1/feedback``: taken at once, stored by the recorder, of this workspace's turns only."""

import time
from typing import Any

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution.services import scores_take
from apps.jobs.models import Job
from apps.trajectories.models import Score
from apps.trajectories.services import SCORES_KIND
from tests.factories import make_run
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.refused import assert_refused
from tests.proxy.running import RunningGateway


def waiting(workspace: Workspace, *turn_ids: str) -> list[Job]:
    """Jobs with feedback of these turns."""
    with tenant_tx(workspace.id):
        jobs = Job.objects.for_tenant(workspace.id).filter(kind=SCORES_KIND, status="queued")
        return [
            job
            for job in jobs
            if {score["turn_id"] for score in job.payload["scores"]} & set(turn_ids)
        ]


def taken(recorded: Recorded, workspace: Workspace, turn_id: str) -> list[Score]:
    """What is stored of a turn, once the recorder and a worker did their part."""
    give_up = time.monotonic() + 10
    while time.monotonic() < give_up and not (jobs := waiting(workspace, turn_id)):
        recorded.recorder.step()
        time.sleep(0.02)
    for job in jobs:
        scores_take(run=make_run(workspace.id, SCORES_KIND, **job.payload))
    with tenant_tx(workspace.id):
        return list(Score.objects.for_tenant(workspace.id).filter(turn_id=turn_id))


def test_feedback_reaches_the_turn_that_was_answered(
    gateway: RunningGateway, workspace: Workspace, dialect: str, recorded: Recorded
) -> None:
    turn_id = gateway.chat(chat_body(max_tokens=9), dialect).turn_id
    recorded.turn(workspace, turn_id)
    given = {"turn_id": turn_id, "value": False, "comment": "Wrong date.\0"}

    answer = gateway.chat(given, "feedback")
    (score,) = taken(recorded, workspace, turn_id)

    assert (answer.status, answer.json["turn_id"], answer.json["value"]) == (202, turn_id, -1)
    assert (score.kind, score.value, score.comment) == ("explicit", -1, "Wrong date.�")
    assert (score.author, score.author_id) == ("gateway", str(workspace.key_id))
    assert abs((now() - score.created_at).total_seconds()) < 60
    assert workspace.turns(id=turn_id)[0].score == -1
    # It is about a turn and is none itself.
    assert "x-metaclaw-turn" not in answer.headers


def test_feedback_on_a_turn_of_another_workspace_changes_nothing_and_tells_nothing(
    gateway: RunningGateway, openai: Workspace, provider: Provider, recorded: Recorded
) -> None:
    other = make_workspace("openai", provider)
    theirs = gateway.chat(chat_body(), key=other.key).turn_id
    recorded.turn(other, theirs)

    known = gateway.chat({"turn_id": theirs, "value": 1}, "feedback")
    unknown = gateway.chat({"turn_id": str(uuid7()), "value": 1}, "feedback")

    assert known.status == unknown.status == 202
    assert taken(recorded, openai, theirs) == []
    assert other.turns(id=theirs)[0].score is None


def test_feedback_needs_a_key_that_may_send_requests(
    gateway: RunningGateway, openai: Workspace
) -> None:
    _, reader = openai.new_key("read")
    given = {"turn_id": str(uuid7()), "value": 1}

    assert gateway.chat(given, "feedback", key="").status == 401
    assert gateway.chat(given, "feedback", key=reader).status == 403
    assert gateway.send("GET", "/v1/feedback", b"", {}).status == 405


TURN = str(uuid7())


@pytest.mark.parametrize(
    "body, code",
    [
        (b"{", "invalid_json"),
        (b"[]", "invalid_json"),
        ({"turn_id": TURN}, "invalid_feedback"),
        ({"turn_id": TURN, "value": 2}, "invalid_feedback"),
        ({"turn_id": TURN, "value": "good"}, "invalid_feedback"),
        ({"turn_id": "latest", "value": 1}, "invalid_feedback"),
        ({"turn_id": 5, "value": 1}, "invalid_feedback"),
        ({"value": 1}, "invalid_feedback"),
        ({"turn_id": TURN, "value": 1, "comment": 5}, "invalid_feedback"),
        ({"turn_id": TURN, "value": 1, "comment": "x" * 2001}, "invalid_feedback"),
    ],
)
def test_what_cannot_be_understood_is_refused_in_the_callers_dialect(
    gateway: RunningGateway, openai: Workspace, body: Any, code: str
) -> None:
    plain = gateway.chat(body, "feedback")
    versioned = gateway.chat(body, "feedback", anthropic_version="2023-06-01")

    assert_refused(plain, "openai", 400, code)
    assert_refused(versioned, "anthropic", 400, code)
