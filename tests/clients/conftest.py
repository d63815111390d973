"""A whole stack, a scripted provider behind it, and the real clients in front of it."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from metaclaw_web.stack.paths import ROOT
from tests.clients.agents import CLIENTS, Person
from tests.clients.install import FOLDER, search_path
from tests.clients.upstream import Upstream, running_upstream

PROBE = "probe"


@dataclass
class Workspace:
    """The stack that this run was given, by its addresses and keys."""

    first_run: Path
    values: dict[str, str]

    def rest(self, method: str, path: str, **content: Any) -> Any:
        response = httpx2.request(
            method,
            f"{self.values['console_url']}/api/v1/t/{self.values['tenant']}/{path}",
            headers={"authorization": f"Bearer {self.values['admin_key']}"},
            timeout=30,
            **content,
        )
        assert response.status_code < 300, response.text
        return response.json() if response.content else None

    def chat(self, model: str) -> httpx2.Response:
        return httpx2.post(
            f"{self.values['gateway_url']}/v1/chat/completions",
            json={"model": model, "messages": [{"role": "user", "content": "Hello"}]},
            headers={
                "authorization": f"Bearer {self.values['api_key']}",
                "x-turn-type": "side",
            },
            timeout=30,
        )

    def turns(self, model: str) -> list[Any]:
        """What was recorded of a model, oldest first."""
        rows = self.rest("GET", "turns/", params={"model": model, "limit": 100})["results"]
        return [self.rest("GET", f"turns/{row['id']}/") for row in reversed(rows)]

    def add_skill(self, name: str, description: str, reach: str) -> None:
        text = (
            f"---\nname: {name}\ndescription: {description}\ncategory: general\nreach: {reach}\n"
            f"---\n\n# {name}\n\n## Steps\n1. Do what {name} says.\n\n## Avoid\n- Anything else.\n"
        )
        self.rest("POST", "skills/", json={"text": text})


@pytest.fixture(scope="session")
def workspace() -> Workspace:
    path = Path(os.environ.get("METACLAW_VAR_DIR", "")) / "first-run.json"
    if not path.is_file():
        pytest.skip("needs a whole stack and installed clients: make test-clients")
    return Workspace(path, json.loads(path.read_text()))


@pytest.fixture(scope="session")
def skills(workspace: Workspace) -> None:
    """One for every request, one for those about invoices; what the bank brought is put away."""
    for row in workspace.rest("GET", "skills/", params={"status": "live", "limit": 100})["results"]:
        workspace.rest("POST", f"skills/{row['slug']}/retire/")
    workspace.add_skill("house-rule", "Use when anything is said.", "always")
    workspace.add_skill(
        "harbour-invoices", "Use when translating invoices of the harbour office.", "relevant"
    )


@pytest.fixture
def serving(workspace: Workspace) -> Iterator[Callable[[str], Upstream]]:
    """Let a scripted provider of a kind serve the workspace; returns once the gateway knows."""
    with running_upstream() as upstream:

        def serve(kind: str) -> Upstream:
            base_url = f"{upstream.origin}/v1"
            name = f"{kind} {upstream.port}"
            wanted = {"name": name, "kind": kind, "base_url": base_url, "api_key": "scripted-key"}
            workspace.rest("POST", "upstreams/", json=wanted | {"uses": ["serve"]})
            give_up = time.monotonic() + 20
            while not upstream.exchanges and time.monotonic() < give_up:
                workspace.chat(PROBE)
                time.sleep(0.2)
            assert upstream.exchanges, "the gateway does not use the new provider"
            upstream.exchanges.clear()
            return upstream

        yield serve


def connect(workspace: Workspace, person: Person, *options: str) -> str:
    """`metaclaw connect`, as its user types it."""
    command = [sys.executable, "-m", "metaclaw_web.cli", "--first-run", str(workspace.first_run)]
    line = ["connect", person.client.name, "--home", str(person.home), *options]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("METACLAW_")}
    result = subprocess.run(
        [*command, *line], cwd=ROOT, env=kept, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


@pytest.fixture
def new_person(request: pytest.FixtureRequest) -> Callable[[str], Person]:
    """Somebody with an empty home. Not in the system's temporary folder: Codex minds."""

    def make(client: str) -> Person:
        home = FOLDER / "homes" / request.node.name.replace("/", "-")
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        # Where a repository begins, so that no client looks at ours.
        subprocess.run(["git", "init", "--quiet", str(home / "project")], check=True)
        return Person(CLIENTS[client], home, search_path())

    return make
