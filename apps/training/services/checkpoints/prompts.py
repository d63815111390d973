"""A recorded turn or a task, as it is asked of a policy and as a judge gets to see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.core.chat import with_instructions
from apps.core.clock import now
from apps.core.errors import DomainError
from apps.core.said import say
from apps.training.models import GateCase, TrainingPolicy
from apps.training.plain import NotFaithful, plain_chat
from apps.trajectories import selectors as turns

_SYSTEM_CHARACTERS = 4_000
_USER_CHARACTERS = 12_000


@dataclass(frozen=True, slots=True)
class Prompt:
    """What is asked, as the Chat Completions API has it, and what a judge reads of it."""

    messages: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    system: str
    user: str
    at: datetime
    # What was answered then; None for a task.
    answered: str | None = None
    task: Mapping[str, Any] = field(default_factory=dict)


def prompt_of(case: GateCase, policy: TrainingPolicy) -> Prompt:
    """Raises NotFaithful."""
    if case.turn_id is not None:
        return _of_turn(case.tenant_id, case.turn_id)
    return _of_task(policy, case.task_id)


def _of_turn(tenant_id: UUID, turn_id: UUID) -> Prompt:
    try:
        found = turns.recorded_prompt(tenant_id=tenant_id, turn_id=turn_id)
    except DomainError as exc:
        raise NotFaithful(exc.detail) from exc
    chat = plain_chat(found)
    return Prompt(
        messages=with_instructions(chat.messages, found.skills),
        tools=chat.tools,
        system=found.system[:_SYSTEM_CHARACTERS],
        user=found.user_text[:_USER_CHARACTERS],
        at=found.at,
        answered=found.response_text,
    )


def _of_task(policy: TrainingPolicy, task_id: str) -> Prompt:
    tasks = policy.task_set.tasks if policy.task_set else []
    task = next((one for one in tasks if one.get("task_id") == task_id), None)
    if task is None:
        raise NotFaithful(say("task_not_there", "The task is not in the task set any more."))
    if task.get("tools"):
        raise NotFaithful(say("task_takes_tools", "It takes tools: a gate asks for one answer."))
    system, user = str(task.get("system") or ""), str(task["instruction"])
    messages = [{"role": "system", "content": system}] if system else []
    return Prompt(
        messages=[*messages, {"role": "user", "content": user}],
        tools=[],
        system=system[:_SYSTEM_CHARACTERS],
        user=user[:_USER_CHARACTERS],
        at=now(),
        task=task,
    )
