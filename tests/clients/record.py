"""Makes the fixtures of `tests/proxy/recorded/`: the clients against the scripted provider itself.

Run by `make record-clients`; what changed in them is what a new version of a client does.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

from metaclaw_web.stack.paths import ROOT
from metaclaw_web.stack.steps import step
from tests.clients.agents import CLIENTS, Person
from tests.clients.install import FOLDER, search_path
from tests.clients.recording import Recording
from tests.clients.upstream import MODEL, running_upstream

OUTPUT = ROOT / "tests" / "proxy" / "recorded"
# File, client, and the API it is told to use.
_FILES = (
    ("claude-code", "claude-code", ""),
    ("codex", "codex", ""),
    ("openclaw", "openclaw", "openai-completions"),
    ("openclaw-messages", "openclaw", "anthropic-messages"),
    ("openclaw-responses", "openclaw", "openai-responses"),
)


def main() -> None:
    for name, client, api in _FILES:
        with step(name), tempfile.TemporaryDirectory() as home:
            lines = _conversations(Person(CLIENTS[client], Path(home), search_path()), api)
            (OUTPUT / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines))


def _conversations(person: Person, api: str) -> list[str]:
    recording = Recording(person.home, FOLDER / "npm")
    lines: list[str] = []
    with running_upstream() as upstream:
        options = ["--url", upstream.origin, "--key", "scripted-key-of-nobody", "--model", MODEL]
        options += ["--api", api] if api else []
        line = ["connect", person.client.name, "--home", str(person.home), "--yes", *options]
        subprocess.run(
            [sys.executable, "-m", "metaclaw_web.cli", *line],
            cwd=ROOT,
            check=True,
            capture_output=True,
        )
        for talk, speak, text in (
            ("a", person.begins, "Please run the first part of the script."),
            ("a", person.goes_on, "Now run the second part of the script."),
            ("b", person.begins, "Please run another script."),
        ):
            count = len(upstream.exchanges)
            speak(f"talk-{talk}", text)
            lines += [recording.line(talk, one) for one in upstream.exchanges[count:]]
    return lines


if __name__ == "__main__":
    main()
