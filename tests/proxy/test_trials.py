"""A version on trial, as the sessions of a gateway meet it."""

import time
from collections.abc import Callable
from uuid import uuid4

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.models import Canary, CanarySession
from apps.evolution.types import Reviewer
from apps.skills.services import skill_publish
from apps.skills.skillmd import parse
from apps.tenants.types import SYSTEM
from apps.trajectories.models import Turn
from apps.trajectories.selectors import injection_of
from tests.factories import make_canary, make_doc, make_proposal, make_skill
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import Answer, RunningGateway

DATES = "When is the release meeting, on which date and time?"
OTHER = "Sort these numbers: 3, 1, 2."
SESSIONS = 24
Ask = Callable[..., Answer]


@pytest.fixture
def learning(committed: None, provider: Provider) -> Workspace:
    return make_workspace("openai", provider)


@pytest.fixture
def ask(gateway: RunningGateway, learning: Workspace) -> Ask:
    def send(session: str, *said: str) -> Answer:
        messages = [
            {"role": ("user", "assistant")[number % 2], "content": text}
            for number, text in enumerate(said or (DATES,))
        ]
        return gateway.chat(chat_body(messages=messages), key=learning.key, x_session_id=session)

    return send


def revise(workspace: Workspace) -> Canary:
    """The second version of a live skill, on trial in half of the sessions."""
    doc = make_doc(body="# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, always.")
    proposal, _ = make_proposal(workspace.id, kind="revise", body=parse(doc.text).body)
    services.proposal_approve(
        tenant_id=workspace.id,
        reviewer=Reviewer(SYSTEM),
        proposal_id=proposal.id,
        sha256=proposal.sha256,
        to="canary",
    )
    time.sleep(1.0)  # what a gateway may take to hear of it
    with tenant_tx(workspace.id):
        return Canary.objects.for_tenant(workspace.id).get(proposal=proposal)


def candidates(turn: Turn) -> dict[tuple[str, int], str]:
    with tenant_tx(turn.tenant_id):
        rows = injection_of(turn)["candidates"]
    return {(slug, number): why for slug, number, _, why in rows}


def arms(workspace: Workspace) -> dict[str, str]:
    with tenant_tx(workspace.id):
        rows = CanarySession.objects.for_tenant(workspace.id)
        return {str(row.session_id): row.arm for row in rows}


def test_every_session_gets_one_version_for_good_and_is_noted_as_such(
    ask: Ask, learning: Workspace, recorded: Recorded
) -> None:
    make_skill(learning.id, "iso-dates")
    revise(learning)
    names = [str(uuid4()) for _ in range(SESSIONS)]

    first = [ask(name) for name in names]
    again = [ask(name, DATES, "On 3/10.", "And when does it end?") for name in names]

    given = [answer.skills for answer in first]
    assert {tuple(one) for one in given} == {("iso-dates@1",), ("iso-dates@2",)}
    assert [answer.skills for answer in again] == given
    for answer in first + again:
        recorded.turn(learning, answer.turn_id)
    noted = arms(learning)
    assert {
        answer.session_id: {"iso-dates@2": "treatment", "iso-dates@1": "control"}[skills[0]]
        for answer, skills in zip(first, given, strict=True)
    }.items() <= noted.items()


def test_the_record_says_which_version_was_withheld(
    ask: Ask, learning: Workspace, recorded: Recorded
) -> None:
    make_skill(learning.id, "iso-dates")
    revise(learning)

    verdicts = {
        tuple(sorted(candidates(recorded.turn(learning, answer.turn_id)).items()))
        for answer in [ask(str(uuid4())) for _ in range(SESSIONS)]
    }

    assert verdicts == {
        ((("iso-dates", 1), "in"), (("iso-dates", 2), "control")),
        ((("iso-dates", 1), "on_trial"), (("iso-dates", 2), "in")),
    }


def test_a_new_skill_is_withheld_from_half_of_the_sessions_it_fits(
    ask: Ask, learning: Workspace, recorded: Recorded
) -> None:
    make_canary(learning.id)
    time.sleep(1.0)
    before = len(arms(learning))

    given = [ask(str(uuid4())) for _ in range(SESSIONS)]
    for answer in given:
        recorded.turn(learning, answer.turn_id)

    assert {tuple(answer.skills) for answer in given} == {(), ("iso-dates@1",)}
    assert len(arms(learning)) == before + SESSIONS


def test_sessions_the_skill_does_not_fit_do_not_count(
    ask: Ask, learning: Workspace, recorded: Recorded
) -> None:
    make_canary(learning.id)
    time.sleep(1.0)
    before = arms(learning)

    for answer in [ask(str(uuid4()), OTHER) for _ in range(8)]:
        recorded.turn(learning, answer.turn_id)

    assert arms(learning) == before


def test_a_session_from_before_the_trial_keeps_what_it_carries(
    ask: Ask, learning: Workspace, recorded: Recorded
) -> None:
    make_skill(learning.id, "iso-dates")
    names = [str(uuid4()) for _ in range(8)]
    for name in names:
        ask(name)
    revise(learning)
    before = arms(learning)

    again = [ask(name, DATES, "On 3/10.", "And when does it end?") for name in names]
    turns = [recorded.turn(learning, answer.turn_id) for answer in again]

    assert [answer.skills for answer in again] == [["iso-dates@1"]] * len(names)
    with tenant_tx(learning.id):
        assert all("break" not in injection_of(turn) for turn in turns)
    assert arms(learning) == before


@pytest.mark.parametrize("promote, expected", [(True, {("iso-dates@1",)}), (False, {()})])
def test_when_it_ends_every_session_is_treated_alike(
    ask: Ask, learning: Workspace, promote: bool, expected: set[tuple[str, ...]]
) -> None:
    canary = make_canary(learning.id)
    time.sleep(1.0)
    names = [str(uuid4()) for _ in range(8)]
    for name in names:
        ask(name)

    services.canary_stop(tenant_id=learning.id, actor=SYSTEM, canary_id=canary.id, promote=promote)
    time.sleep(1.0)

    later = [ask(name, DATES, "On 3/10.", "On which date does it end?") for name in names]
    assert {tuple(answer.skills) for answer in later} == expected


def test_publishing_the_skill_ends_its_trial_in_every_prompt(ask: Ask, learning: Workspace) -> None:
    make_skill(learning.id, "iso-dates")
    revise(learning)
    doc = make_doc(body="# Dates\n\n## Steps\n\n1. Write dates as YYYY-MM-DD, in UTC.")
    skill_publish(tenant_id=learning.id, actor=SYSTEM, doc=doc, source="written")
    time.sleep(1.0)

    assert {tuple(ask(str(uuid4())).skills) for _ in range(8)} == {("iso-dates@3",)}
