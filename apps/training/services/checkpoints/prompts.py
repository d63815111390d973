"""A recorded turn or a task, as it is asked of a policy and as a judge gets to see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from apps.core.chat import content_text
from apps.core.clock import now
from apps.core.errors import DomainError
from apps.training.models import GateCase, TrainingPolicy
from apps.trajectories import selectors as turns

_SYSTEM_CHARACTERS = 4_000
_USER_CHARACTERS = 12_000


class NotFaithful(Exception):
    """It cannot be asked as it was; the text says why."""


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
    is_chat = found.dialect == "openai"
    if found.tools and not is_chat:
        raise NotFaithful(f"Its tools are those of the {found.dialect} API.")
    instructions = "\n\n".join(filter(None, [found.system, found.skills]))
    said = [_message(one, is_chat=is_chat) for one in found.messages]
    if not said:
        raise NotFaithful("What was said before is kept by the provider, not in the request.")
    return Prompt(
        messages=[{"role": "system", "content": instructions}, *said] if instructions else said,
        tools=found.tools,
        system=found.system[:_SYSTEM_CHARACTERS],
        user=found.user_text[:_USER_CHARACTERS],
        at=found.at,
        answered=found.response_text,
    )


def _message(given: Any, *, is_chat: bool) -> dict[str, Any]:
    if not isinstance(given, dict) or "role" not in given:
        raise NotFaithful("It holds more than messages: calls of tools in another API's form.")
    content = given.get("content")
    if isinstance(content, Sequence) and not isinstance(content, str):
        words = [one for one in content if content_text([one])]
        if len(words) != len(content):
            raise NotFaithful("It holds pictures, files or calls of tools, not words alone.")
        content = content_text(content)
    if is_chat:
        return {**given, "content": content}
    return {"role": given["role"], "content": content or ""}


def _of_task(policy: TrainingPolicy, task_id: str) -> Prompt:
    tasks = policy.task_set.tasks if policy.task_set else []
    task = next((one for one in tasks if one.get("task_id") == task_id), None)
    if task is None:
        raise NotFaithful("The task is not in the task set any more.")
    if task.get("tools"):
        raise NotFaithful("It takes tools: a gate asks for one answer.")
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
