"""What a checkpoint is tried on, and how that is asked."""

import json
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.training.held_out import EVERY, is_held_out
from apps.training.models import Checkpoint, GateCase
from apps.training.plain import NotFaithful
from apps.training.services import checkpoints as services
from apps.training.services.checkpoints.asking import Marked, mark_by_task
from apps.training.services.checkpoints.prompts import prompt_of
from apps.trajectories.models import Turn
from tests.factories import make_turn, make_upstream
from tests.training.factories import make_checkpoint, make_policy, make_task_set
from tests.training.test_gate import GOOD, cases, run, start, trainer_of


@pytest.fixture
def policy(tenant) -> Any:
    make_upstream(tenant.id, name="judge", model="judge-1")
    return make_policy(tenant.id, route_model="helper", gate_prompts=12, gate_margin=0.05)


@pytest.fixture
def candidate(policy) -> Checkpoint:
    return make_checkpoint(policy)


def tasks(count: int, **more: Any) -> list[dict[str, Any]]:
    return [{"task_id": f"task-{n}", "instruction": f"Do {n}.", **more} for n in range(count)]


def test_tasks_that_are_held_out_are_the_same_in_every_file():
    names = [f"task-{n}" for n in range(2000)]

    share = sum(map(is_held_out, names)) / len(names)

    assert share == pytest.approx(1 / EVERY, abs=0.03)
    assert is_held_out("task-8") == is_held_out("task-8")


def test_a_policy_of_tasks_is_tried_on_those_held_out_by_their_own_checker(tenant):
    task_set = make_task_set(tenant.id, tasks=tasks(60, checker={"kind": "contains"}))
    policy = make_policy(tenant.id, source="tasks", task_set=task_set, gate_prompts=8)
    candidate = make_checkpoint(policy)

    def checker(found: Any, answer: str) -> Marked:
        assert found == {"kind": "contains"}
        return Marked(1.0 if "good" in answer else 0.0)

    mark = mark_by_task(services.unmarked, checker)
    gate = run(start(candidate), trainer_of(candidate, GOOD), mark)

    tried = [case.task_id for case in cases(gate)]
    assert (gate.status, len(tried)) == ("passed", 8)
    assert all(map(is_held_out, tried))


def test_tasks_without_a_checker_need_a_judge(tenant):
    task_set = make_task_set(tenant.id, tasks=tasks(60))
    mute = make_upstream(tenant.id, model="")
    policy = make_policy(tenant.id, source="tasks", task_set=task_set, upstream=mute)

    assert start(make_checkpoint(policy)).reason == "no_judge"


def test_a_task_that_takes_tools_is_left_out_with_the_reason(tenant):
    task_set = make_task_set(tenant.id, tasks=tasks(60, tools=["run_command"], checker={"a": 1}))
    policy = make_policy(tenant.id, source="tasks", task_set=task_set)
    candidate = make_checkpoint(policy)

    gate = run(start(candidate), trainer_of(candidate, GOOD))

    assert (gate.status, gate.reason) == ("error", "too_few")
    assert gate.note.endswith("It takes tools: a gate asks for one answer.")


def prompt(turn: Turn, policy: Any) -> Any:
    case = GateCase(tenant_id=turn.tenant_id, turn_id=turn.id)
    with tenant_tx(turn.tenant_id):
        return prompt_of(case, policy)


def test_a_turn_is_asked_as_its_model_read_it(tenant, policy):
    turn = make_turn(
        tenant.id,
        messages=[
            {"role": "system", "content": "Be brief."},
            {"role": "user", "content": [{"type": "text", "text": "When?"}]},
        ],
        injection={"text": "<metaclaw_skills>dates</metaclaw_skills>", "place": "system"},
        user_text="When?",
    )

    found = prompt(turn, policy)

    assert found.messages == [
        {"role": "system", "content": "Be brief.\n\n<metaclaw_skills>dates</metaclaw_skills>"},
        {"role": "user", "content": "When?"},
    ]
    assert (found.system, found.user) == ("Be brief.", "When?")


def test_a_conversation_of_words_is_asked_whatever_its_dialect(tenant, policy):
    talk = [
        {"role": "user", "content": [{"type": "text", "text": "When?"}]},
        {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "t1", "name": "at", "input": {}}],
        },
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "t1", "content": "9"}]},
    ]
    tool = {"name": "at", "input_schema": {"type": "object"}}
    body = {"model": "m", "max_tokens": 9, "system": "Be kind.", "messages": talk, "tools": [tool]}
    turn = make_turn(tenant.id, dialect="anthropic", body=json.dumps(body).encode())

    found = prompt(turn, policy)

    roles = [message["role"] for message in found.messages]
    assert roles == ["system", "user", "assistant", "tool"]
    assert [found.messages[at]["content"] for at in (0, 1, 3)] == ["Be kind.", "When?", "9"]
    assert [one["function"]["name"] for one in found.tools] == ["at"]


def test_pictures_are_not_asked_about(tenant, policy):
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AA=="}}
    turn = make_turn(tenant.id, messages=[{"role": "user", "content": [picture]}])

    with pytest.raises(NotFaithful, match="pictures"):
        prompt(turn, policy)


def test_a_turn_that_is_gone_is_left_out(tenant, policy):
    with pytest.raises(NotFaithful), tenant_tx(tenant.id):
        prompt_of(GateCase(tenant_id=tenant.id, turn_id=uuid7()), policy)


def test_old_turns_are_no_prompts(tenant, candidate):
    old = now() - timedelta(days=90)
    for n in range(8):
        make_turn(
            tenant.id,
            id=UUID(int=(int(old.timestamp() * 1000) << 80) | (7 << 76) | n),
            messages=[{"role": "user", "content": f"Old {n}?"}],
        )

    assert start(candidate).reason == "too_few"
