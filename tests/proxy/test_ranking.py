"""How a skill does beside the others, as a gateway knows it and a turn's record shows it."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.skills.models import SkillStat
from apps.skills.selectors import skill_get
from apps.skills.services import standings_set
from apps.trajectories.models import Turn
from apps.trajectories.selectors import injection_of
from tests.factories import make_skill
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import Answer, RunningGateway

DATES = "When is the release meeting, on which date and time?"


@pytest.fixture
def learning(committed: None, provider: Provider) -> Workspace:
    return make_workspace("openai", provider)


def ask(gateway: RunningGateway, workspace: Workspace, session: str, *said: str) -> Answer:
    messages = [
        {"role": ("user", "assistant")[number % 2], "content": text}
        for number, text in enumerate(said or (DATES,))
    ]
    return gateway.chat(chat_body(messages=messages), key=workspace.key, x_session_id=session)


def candidates(turn: Turn) -> list[list[Any]]:
    with tenant_tx(turn.tenant_id):
        return list(injection_of(turn)["candidates"])


def outcomes(workspace: Workspace, slug: str, *, passed: int, failed: int) -> None:
    with tenant_tx(workspace.id):
        SkillStat.objects.create(
            tenant_id=workspace.id,
            version=skill_get(tenant_id=workspace.id, slug=slug).live_version,
            hour=now() - timedelta(hours=2),
            passed=passed,
            failed=failed,
        )


def test_the_record_shows_relevance_and_factor_and_a_session_keeps_its_skills(
    gateway: RunningGateway, learning: Workspace, recorded: Recorded
) -> None:
    make_skill(learning.id, "iso-dates")
    make_skill(learning.id, "another", description="Use when zebras quux.", body="1. Frob.")
    session = str(uuid4())
    before = ask(gateway, learning, session)
    (plain,) = candidates(recorded.turn(learning, before.turn_id))

    outcomes(learning, "iso-dates", passed=1, failed=80)
    outcomes(learning, "another", passed=300, failed=10)
    assert standings_set(tenant_id=learning.id) >= 1
    time.sleep(1.0)  # what a gateway may take to hear of it
    later = ask(gateway, learning, session, DATES, "On 3/10.", "And on which date does it end?")
    other = ask(gateway, learning, str(uuid4()))

    # P8: what stands in a prompt stays there.
    assert before.skills == later.skills == ["iso-dates@1"]
    rows = candidates(recorded.turn(learning, other.turn_id))
    ((slug, number, score, _, relevance, factor),) = [row for row in rows if row[0] == "iso-dates"]
    assert (slug, number, len(plain)) == ("iso-dates", 1, 4)
    assert factor < 1
    assert relevance == pytest.approx(plain[2], abs=1e-3)
    assert score == pytest.approx(relevance * factor, abs=1e-3)
