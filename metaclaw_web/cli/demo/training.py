"""The second act: a model of the workspace's own learns, is tried, and answers."""

import json
import time
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from rich.console import Console

from metaclaw_web.cli.console_api import ConsoleApi, Json
from metaclaw_web.cli.demo.trainer import LocalTrainer
from metaclaw_web.cli.errors import CliError
from metaclaw_web.cli.gateway import ChatTask, Gateway

_MODEL: Final = "local/demo-1"
_STEPS: Final = 40
_TASKS: Final = 40
# All but small letters: a fifth of what the demo model says at first.
_CHECKER: Final = {"kind": "share", "value": "[^a-z ]"}
_ENOUGH: Final = 0.9
_LOOK_SECONDS: Final = 1.0
_SERVED_SECONDS: Final = 10.0
_SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Trained:
    """Rewards of the first and the last step, and what the policy then answered."""

    first: float
    last: float
    steps: int
    answer: str

    @property
    def is_success(self) -> bool:
        return self.last > _ENOUGH > self.first


class TrainingAct:
    """Trains one policy by REST, as the console does. Says on ``screen`` what it is doing."""

    def __init__(
        self, gateway: Gateway, console: ConsoleApi, screen: Console, *, timeout_seconds: float
    ) -> None:
        self._gateway, self._console, self._screen = gateway, console, screen
        self._timeout_seconds = timeout_seconds
        self._name = f"demo-{uuid4().hex[:8]}"

    def play(self, trainer: LocalTrainer) -> Trained:
        """Raises CliError where the job stops before its end."""
        self._screen.print(
            "\nTraining: the local demo model, which knows nothing, is rewarded for everything but"
            " small letters. It shows how the loop works, not how well a real model learns.",
            style="yellow",
        )
        policy = self._policy(trainer)
        job = self._console.post("training/jobs/", {"policy": policy, "is_now": True})
        done = self._until_over(job["id"])
        rewards = [step["metrics"]["reward"] for step in done["steps"] if step["metrics"]]
        self._screen.print(
            f"Reward by step: {', '.join(f'{reward:.2f}' for reward in rewards)}", markup=False
        )
        try:
            self._promote(policy)
            return Trained(rewards[0], rewards[-1], len(rewards), self._answer())
        finally:
            self._take_back(policy)

    def _policy(self, trainer: LocalTrainer) -> str:
        upstream = self._console.post(
            "upstreams/",
            {
                "name": self._name,
                "kind": "tinker-policy",
                "base_url": trainer.url,
                "api_key": trainer.key,
                "model": _MODEL,
            },
        )
        tasks = "\n".join(json.dumps(_task(number)) for number in range(_TASKS))
        task_set = self._console.post("training/task-sets/", {"name": self._name, "jsonl": tasks})
        made = self._console.post(
            "training/policies/",
            {
                "name": self._name,
                "upstream": upstream["id"],
                "base_model": _MODEL,
                "source": "tasks",
                "task_set": task_set["id"],
                "rank": 8,
                "learning_rate": 0.02,
                "groups_per_step": 4,
                "group_size": 16,
                "max_tokens": 16,
                "steps_per_job": _STEPS,
                "route_model": self._name,
                "gate_prompts": 8,
            },
        )
        return str(made["id"])

    def _until_over(self, job_id: str) -> Json:
        deadline = time.monotonic() + self._timeout_seconds
        with self._screen.status("Waiting for the first step…") as status:
            while True:
                job = self._console.get(f"training/jobs/{job_id}/")
                if job["status"] == "done":
                    return job
                if job["status"] in ("paused", "failed", "cancelled"):
                    raise CliError(f"The training job is {job['status']}: {job['note']}")
                if time.monotonic() > deadline:
                    raise CliError(
                        f"The training job is not done after {self._timeout_seconds:.0f} s.",
                        "Is the worker of the queue `train` running? See the Training page.",
                    )
                status.update(f"Step {job['done_steps']}: {job['status']}…")
                time.sleep(_LOOK_SECONDS)

    def _promote(self, policy: str) -> None:
        checkpoint = self._console.get("training/checkpoints/", policy=policy)["results"][0]
        path = f"training/checkpoints/{checkpoint['id']}"
        self._screen.print(f"The gate: {checkpoint['note']}", markup=False)
        if checkpoint["status"] != "passed":
            # It says one thing only, which is what these tasks reward.
            self._console.post(f"{path}/pass/", {"reason": "The demo rewards saying one thing."})
            self._screen.print("Passed by hand, which is on record.")
        self._console.post(f"{path}/promote/")
        # Gateways hear of it within a second; until then the name is nobody's.
        deadline = time.monotonic() + _SERVED_SECONDS
        while self._name not in self._gateway.models():
            if time.monotonic() > deadline:
                raise CliError(f"The gateway does not know the model {self._name} yet.")
            time.sleep(_LOOK_SECONDS / 4)

    def _take_back(self, policy: str) -> None:
        """Nobody is sent to a trainer that ends with the demo."""
        routes = self._console.get("routes/", limit=100)["results"]
        for route in (one for one in routes if one["model"] == self._name):
            why = {"reason": "The trainer of the demo has ended."}
            self._console.post(f"training/policies/{policy}/rollback/", why)
            self._console.delete(f"routes/{route['id']}/")
            self._screen.print(
                f"The trainer ends here, and with it the model {self._name}."
                " What it learned is to be seen on the Training page.",
                markup=False,
            )

    def _answer(self) -> str:
        task = ChatTask(self._name, (("user", "Say something."),), is_stream=False)
        answer = self._gateway.chat(task).text
        shown = repr(answer[:_SHOWN]) + ("…" if len(answer) > _SHOWN else "")
        self._screen.print(f"Model {self._name} answers: {shown}", markup=False)
        return answer


def _task(number: int) -> Json:
    asked = f"Say something, {number}."
    return {"task_id": f"t{number}", "instruction": asked, "checker": _CHECKER}
