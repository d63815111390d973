"""The demo's second act, against a console and a gateway that say what a test wants."""

from contextlib import suppress
from typing import Any

import pytest
from rich.console import Console

from metaclaw_web.cli.demo import training
from metaclaw_web.cli.demo.trainer import LocalTrainer
from metaclaw_web.cli.demo.training import TrainingAct
from metaclaw_web.cli.errors import CliError
from metaclaw_web.cli.gateway import Answer

TRAINER = LocalTrainer("http://127.0.0.1:9", "tml-local-x")
STEPS = [{"metrics": {"reward": 0.2}}, {"metrics": {"reward": 0.97}}, {"metrics": {}}]


class FakeConsole:
    """A job that ends with ``status``, and a checkpoint that a gate called ``gate``."""

    def __init__(self, status: str = "done", gate: str = "passed") -> None:
        self.asked: list[tuple[str, Any]] = []
        self._job = {"status": status, "note": "Why.", "done_steps": 2, "steps": STEPS}
        self._checkpoint = {"id": "c1", "status": gate, "note": "+0.8."}

    def post(self, path: str, body: Any = None) -> Any:
        self.asked.append((path, body))
        return {"id": path.split("/")[-2]}

    def get(self, path: str, **_: Any) -> Any:
        if path == "routes/":
            return {"results": [{"id": "r0", "model": "fast"}, *self._routes()]}
        return {"results": [self._checkpoint]} if "checkpoints" in path else self._job

    def delete(self, path: str) -> Any:
        self.asked.append((path, None))
        return {}

    def _routes(self) -> list[Any]:
        """What promoting makes."""
        asked = dict(self.asked)
        if "training/checkpoints/c1/promote/" not in asked:
            return []
        return [{"id": "r1", "model": asked["training/policies/"]["route_model"]}]


class FakeGateway:
    """Knows the policy's name at the second look."""

    def __init__(self, console: FakeConsole, *, knows: bool = True) -> None:
        self._console, self._looks, self._knows = console, 0, knows

    def models(self) -> list[str]:
        self._looks += 1
        policy = dict(self._console.asked)["training/policies/"]
        return ["practice-1", policy["route_model"]][: self._looks if self._knows else 1]

    def chat(self, task: Any) -> Answer:
        assert self._looks == 2
        return Answer(f"{task.model} speaks", "t", "s", (), ())


def play(console: FakeConsole, monkeypatch: pytest.MonkeyPatch, *, knows: bool = True) -> Any:
    monkeypatch.setattr(training, "_LOOK_SECONDS", 0.01)
    monkeypatch.setattr(training, "_SERVED_SECONDS", 0.05)
    gateway: Any = FakeGateway(console, knows=knows)
    act = TrainingAct(gateway, console, Console(quiet=True), timeout_seconds=5)  # type: ignore[arg-type]  # a fake
    return act.play(TRAINER)


def test_a_policy_that_passed_its_gate_is_promoted_and_asked_by_its_own_name(monkeypatch) -> None:
    console = FakeConsole()

    found = play(console, monkeypatch)

    paths = [path for path, _ in console.asked]
    assert "training/checkpoints/c1/promote/" in paths
    assert not any(path.endswith("/pass/") for path in paths)
    assert (found.first, found.last, found.steps, found.is_success) == (0.2, 0.97, 2, True)
    assert found.answer == f"{dict(console.asked)['training/policies/']['route_model']} speaks"
    assert dict(console.asked)["upstreams/"]["base_url"] == TRAINER.url


@pytest.mark.parametrize("knows", [True, False])
def test_nobody_is_sent_to_a_trainer_that_has_ended(monkeypatch, knows) -> None:
    console = FakeConsole()

    with suppress(CliError):
        play(console, monkeypatch, knows=knows)

    paths = [path for path, _ in console.asked]
    assert paths[-3:] == [
        "training/checkpoints/c1/promote/",
        "training/policies/policies/rollback/",
        "routes/r1/",
    ]


def test_what_the_gate_turned_down_is_passed_by_hand_with_a_reason(monkeypatch) -> None:
    console = FakeConsole(gate="rejected")

    play(console, monkeypatch)

    assert dict(console.asked)["training/checkpoints/c1/pass/"]["reason"]


@pytest.mark.parametrize("status", ["paused", "failed", "cancelled"])
def test_a_job_that_stops_ends_the_demo_with_its_own_words(monkeypatch, status) -> None:
    with pytest.raises(CliError, match=f"{status}: Why"):
        play(FakeConsole(status=status), monkeypatch)
