"""The agent: a plain tool loop over an OpenAI-compatible address, and the user who reacts."""

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2

from bench.errors import BenchError
from bench.learning import rules
from bench.learning.sandbox import TOOLS, Sandbox
from bench.learning.tasks import Task
from bench.learning.work import Step, Work

# The practice model knows the benchmark's agent by this sentence.
SYSTEM = (
    "You work in a scratch folder, with tools to read and write its files and to run a few "
    "programs there. Do what is asked, then say in one sentence what you did."
)
_MOST_STEPS = 12


@dataclass(slots=True)
class Outcome:
    """One task: what was due and kept, and what its requests cost.

    ``carried`` are the skills named by the gateway, each set with one turn that carried it."""

    task: Task
    broken: tuple[str, ...] = ()
    is_exact: bool = False
    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    carried: dict[str, str] = field(default_factory=dict)


class Agent:
    """Use as a context manager. ``name`` opens the system prompt, so that no two arms share a
    provider's prompt cache."""

    def __init__(self, *, name: str, base_url: str, key: str, model: str) -> None:
        self._name, self._model = name, model
        self._client = httpx2.Client(
            base_url=base_url,
            headers={"authorization": f"Bearer {key}"},
            timeout=httpx2.Timeout(180.0, connect=5.0),
            trust_env="127.0.0.1" not in base_url,
        )

    def __enter__(self) -> "Agent":
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def do(self, task: Task, notes: str = "") -> tuple[Outcome, str]:
        """Work on the task and hear what the user says of it. Returns that as well."""
        outcome = Outcome(task)
        system = f"You are the agent “{self._name}”. {SYSTEM}"
        talk: list[dict[str, Any]] = [
            {"role": "system", "content": f"{system}\n\n{notes}".strip()},
            {"role": "user", "content": task.request},
        ]
        with tempfile.TemporaryDirectory(prefix="house-rules-") as folder:
            sandbox = Sandbox(Path(folder), task.files)
            steps = self._work(talk, sandbox, outcome)
            work = Work(task, sandbox.files(), tuple(steps))
        broken = rules.broken_rules(work)
        outcome.broken = tuple(rule.slug for rule in broken)
        outcome.is_exact = rules.is_exact(work)
        remark = rules.feedback(broken)
        talk.append({"role": "user", "content": remark})
        self._ask(talk, outcome, is_last=True)
        return outcome, remark

    def _work(self, talk: list[dict[str, Any]], sandbox: Sandbox, outcome: Outcome) -> list[Step]:
        steps: list[Step] = []
        for _ in range(_MOST_STEPS):
            message = self._ask(talk, outcome)
            talk.append(message)
            calls = message.get("tool_calls") or []
            if not calls:
                break
            for call in calls:
                step = sandbox.call(call["function"]["name"], _arguments(call))
                steps.append(step)
                talk.append({"role": "tool", "tool_call_id": call["id"], "content": step.result})
        return steps

    def _ask(
        self, talk: list[dict[str, Any]], outcome: Outcome, *, is_last: bool = False
    ) -> dict[str, Any]:
        headers = {"x-session-id": f"{self._name}-{outcome.task.id}"}
        if is_last:
            headers["x-session-done"] = "true"
        body = {"model": self._model, "messages": talk, "tools": TOOLS, "temperature": 0}
        try:
            response = self._client.post("chat/completions", json=body, headers=headers)
            response.raise_for_status()
            answer = response.json()
            said: dict[str, Any] = answer["choices"][0]["message"]
        except (httpx2.HTTPError, ValueError, LookupError) as exc:
            raise BenchError(f"{outcome.task.id}: the model did not answer: {exc}") from exc
        _count(outcome, answer.get("usage") or {})
        if skills := response.headers.get("x-metaclaw-skills", ""):
            outcome.carried.setdefault(skills, response.headers.get("x-metaclaw-turn", ""))
        return {name: said[name] for name in ("role", "content", "tool_calls") if name in said}


def _count(outcome: Outcome, usage: dict[str, Any]) -> None:
    details = usage.get("prompt_tokens_details") or {}
    outcome.requests += 1
    outcome.input_tokens += usage.get("prompt_tokens") or 0
    outcome.output_tokens += usage.get("completion_tokens") or 0
    outcome.cached_tokens += details.get("cached_tokens") or 0


def _arguments(call: dict[str, Any]) -> dict[str, Any]:
    try:
        value = json.loads(call["function"]["arguments"] or "{}")
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
