"""How an episode begins: what is asked, with the skills that an agent would get."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from apps.core.chat import last_user_text, with_instructions
from apps.core.errors import DomainError
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.integrations.tinker.types import Renderer
from apps.skills.services import library_try
from apps.skills.types import Tryout
from apps.training.errors import RolloutRefused
from apps.training.models import Rollout, TaskSet
from apps.training.sandbox.tools import definitions_of
from apps.training.services.rollouts.recorded import recorded_prompt
from apps.training.tasks_file import Task, task_of
from apps.trajectories.types import UsedSkill


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
            found = recorded_prompt(tenant_id=self.rollout.tenant_id, turn_id=UUID(task_id))
            task, messages, tools = Task(task_id, found.user_text), found.messages, found.tools
        else:
            task = self._task(task_id)
            system = [{"role": "system", "content": task.system}] if task.system else []
            messages = [*system, {"role": "user", "content": task.instruction}]
            tools = definitions_of(task.tools)
        tried = library_try(
            tenant_id=self.rollout.tenant_id, message=last_user_text(messages), agent=self.agent
        )
        block = tried.block if tried.injects else ""
        read = with_instructions(messages, block)
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
            raise RolloutRefused(say("task_gone", "The task set does not have this task any more."))
        return self._tasks[task_id]

    def _uploaded(self) -> list[dict[str, Any]]:
        if self.rollout.task_set_id is None:
            return []
        with tenant_tx(self.rollout.tenant_id):
            sets = TaskSet.objects.for_tenant(self.rollout.tenant_id)
            found = sets.filter(id=self.rollout.task_set_id).values_list("tasks", flat=True)
            return list(found.first() or [])


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
