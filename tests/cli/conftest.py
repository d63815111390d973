import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
import uvicorn
from typer.testing import CliRunner, Result

from metaclaw_web.cli.app import app
from metaclaw_web.cli.demo import review, scores
from tests.cli.fake_stack import FakeStack
from tests.cli.real_console import metaclaw  # noqa: F401  # a fixture

Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONSOLE_URL", "GATEWAY_URL", "TENANT", "API_KEY", "ADMIN_KEY", "VAR_DIR"):
        monkeypatch.delenv(f"METACLAW_{name}", raising=False)


@pytest.fixture(autouse=True)
def _quick_polling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scores, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(review, "POLL_SECONDS", 0.02)
    monkeypatch.setattr(review, "_PROPAGATION_SECONDS", 0.0)


@pytest.fixture
def stack() -> Iterator[FakeStack]:
    fake = FakeStack()
    config = uvicorn.Config(fake, port=0, log_level="error", lifespan="off", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    fake.url = f"http://127.0.0.1:{port}"
    yield fake
    server.should_exit = True
    thread.join(timeout=10)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command; ``run(stack, "demo", ...)`` gives it the stack's first-run file."""

    def call(stack: FakeStack | None, *arguments: str) -> Result:
        options: list[str] = []
        if stack is not None:
            path = tmp_path / "first-run.json"
            path.write_text(json.dumps(asdict(stack.connection)))
            options = ["--first-run", str(path)]
        return CliRunner().invoke(app, [*options, *arguments], env={"COLUMNS": "200"})

    return call
