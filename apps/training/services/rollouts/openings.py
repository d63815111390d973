"""How an episode begins: what is asked, with the skills that an agent would get."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from apps.core.asked import asked_body
from apps.core.chat import last_user_text
from apps.core.errors import DomainError
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.types import Renderer
from apps.skills.services import library_try
from apps.skills.types import Tryout
from apps.training.errors import RolloutRefused
from apps.training.models import Rollout, TaskSet
from apps.training.sandbox.tools import definitions_of
from apps.training.tasks_file import Task, task_of
from apps.trajectories.selectors import replay_turn
from apps.trajectories.types import UsedSkill

_INSTRUCTING = frozenset({"system", "developer"})


@dataclass(frozen=True, slots=True)
class Opening:
    """The first prompt of a task, as it was asked for and as the policy reads it."""

    task: Task
    # As the record of a turn has them: without skills, as the gateway's records are.
    messages: list[dict[str, Any]]
    # With skills.
    read: list[dict[str, Any]]
    tools: list[dict[str, Any]]
    tokens: list[int]
    generation: int
    injection: Mapping[str, Any]
    skills: list[UsedSkill]

    def group_id(self, rollout_id: UUID, number: int) -> UUID:
        """The same for all whose prompt is the same, to the token."""
        said = hashlib.sha256(json.dumps(self.tokens).encode()).hexdigest()
        return uuid5(rollout_id, f"{number} {self.task.task_id} {said}")


@dataclass(slots=True)
class Openings:
    """The openings of one rollout; each is worked out once. No transaction may be open: choosing
    skills may ask the embedder."""

    rollout: Rollout
    agent: str
    renderer: Renderer
    _tasks: dict[str, Task] | None = None
    _known: dict[str, "Opening | DomainError"] = field(default_factory=dict)

    def of(self, task_id: str) -> Opening:
        """Raises a DomainError where the task cannot be asked, however often it is tried."""
        if task_id not in self._known:
            try:
                self._known[task_id] = self._made(task_id)
            except DomainError as exc:
                self._known[task_id] = exc
        found = self._known[task_id]
        if isinstance(found, DomainError):
            raise found
        return found

    def _made(self, task_id: str) -> Opening:
        if self.rollout.origin == Rollout.Origin.RESAMPLE:
            task, messages, tools = self._recorded(UUID(task_id))
        else:
            task = self._task(task_id)
            system = [{"role": "system", "content": task.system}] if task.system else []
            messages = [*system, {"role": "user", "content": task.instruction}]
            tools = definitions_of(task.tools)
        tried = library_try(
            tenant_id=self.rollout.tenant_id, message=last_user_text(messages), agent=self.agent
        )
        block = tried.block if tried.injects else ""
        read = _with_block(messages, block)
        return Opening(
            task=task,
            messages=messages,
            read=read,
            tools=tools,
            tokens=self.renderer.prompt(read, tools),
            generation=tried.generation,
            injection=_facts(tried, block),
            skills=_used(tried) if block else [],
        )

    def _task(self, task_id: str) -> Task:
        if self._tasks is None:
            self._tasks = {one["task_id"]: task_of(one) for one in self._uploaded()}
        if task_id not in self._tasks:
            raise RolloutRefused("The task set does not have this task any more.")
        return self._tasks[task_id]

    def _uploaded(self) -> list[dict[str, Any]]:
        if self.rollout.task_set_id is None:
            return []
        with tenant_tx(self.rollout.tenant_id):
            sets = TaskSet.objects.for_tenant(self.rollout.tenant_id)
            found = sets.filter(id=self.rollout.task_set_id).values_list("tasks", flat=True)
            return list(found.first() or [])

    def _recorded(self, turn_id: UUID) -> tuple[Task, list[dict[str, Any]], list[dict[str, Any]]]:
        with tenant_tx(self.rollout.tenant_id):
            turn = replay_turn(tenant_id=self.rollout.tenant_id, turn_id=turn_id)
        if turn.dialect != "openai":
            raise RolloutRefused(f"The turn was asked in the dialect {turn.dialect}.")
        body = json.loads(turn.body)
        asked = asked_body(turn.dialect, turn.body)
        tools = asked.tools if isinstance(asked.tools, list) else []
        return Task(str(turn_id), turn.user_text), list(body["messages"]), tools


def _with_block(messages: Sequence[dict[str, Any]], block: str) -> list[dict[str, Any]]:
    """Behind the instructions; where there are none, as instructions: as the gateway does it."""
    found = list(messages)
    if not block:
        return found
    if not found or found[0].get("role") not in _INSTRUCTING:
        return [{"role": "system", "content": block}, *found]
    first = found[0]
    content = first.get("content")
    if isinstance(content, list):
        content = [*content, {"type": "text", "text": block}]
    else:
        content = f"{content}\n\n{block}" if content else block
    return [{**first, "content": content}, *found[1:]]


def _facts(tried: Tryout, block: str) -> dict[str, Any]:
    """As the record of a turn has them."""
    found: dict[str, Any] = {"text": block, "place": "system" if block else "none"}
    if tried.injects and tried.candidates:
        found["candidates"] = [
            [one.slug, one.version, one.score, one.verdict]
            + ([one.relevance, one.factor] if one.factor != 1.0 else [])
            for one in tried.candidates
        ]
    return found


def _used(tried: Tryout) -> list[UsedSkill]:
    return [
        UsedSkill(one.version_id, one.slug, one.version, one.score, one.tokens)
        for one in tried.candidates
        if one.verdict == "in"
    ]
