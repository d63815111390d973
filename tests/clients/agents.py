"""The real clients, headless: one call is one thing the user says."""

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SECONDS = 180
# Nothing listens there: a client that wants to reach the outside fails at once.
_NOWHERE = "http://127.0.0.1:9"
_QUIET = {
    "CI": "1",
    "TERM": "dumb",
    "NO_COLOR": "1",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "HTTP_PROXY": _NOWHERE,
    "HTTPS_PROXY": _NOWHERE,
    "NO_PROXY": "127.0.0.1,localhost",
    "DO_NOT_TRACK": "1",
    "DISABLE_TELEMETRY": "1",
    "DISABLE_ERROR_REPORTING": "1",
    "DISABLE_AUTOUPDATER": "1",
    "CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC": "1",
    "OPENCLAW_NO_AUTO_UPDATE": "1",
    "OPENCLAW_OFFLINE": "1",
    "OPENCLAW_DISABLE_BONJOUR": "1",
    "OPENCLAW_SKIP_CHANNELS": "1",
}


@dataclass(frozen=True)
class Client:
    """``first`` and ``more`` make the command lines that begin and continue a conversation."""

    name: str
    first: Callable[[str, str], list[str]]
    more: Callable[[str, str], list[str]]


_CLAUDE = ["claude", "-p", "--allowedTools", "Bash(echo:*)", "--output-format", "text"]
_CODEX = ["--skip-git-repo-check", "--dangerously-bypass-approvals-and-sandbox"]
_OPENCLAW = ["openclaw", "agent", "--local", "--agent", "main"]

CLAUDE_CODE = Client(
    "claude-code",
    lambda _, text: [*_CLAUDE, "--", text],
    lambda _, text: [*_CLAUDE, "--continue", "--", text],
)
CODEX = Client(
    "codex",
    lambda _, text: ["codex", "exec", *_CODEX, text],
    lambda _, text: ["codex", "exec", "resume", *_CODEX, "--last", text],
)
OPENCLAW = Client(
    "openclaw",
    lambda talk, text: [*_OPENCLAW, "--session-id", talk, "--message", text],
    lambda talk, text: [*_OPENCLAW, "--session-id", talk, "--message", text],
)
CLIENTS = {client.name: client for client in (CLAUDE_CODE, CODEX, OPENCLAW)}


@dataclass
class Person:
    """Somebody who uses a client from a home folder of their own."""

    client: Client
    home: Path
    path: str

    @property
    def folder(self) -> Path:
        """Where the client works; each project folder is one place to continue from."""
        place = self.home / "project"
        place.mkdir(parents=True, exist_ok=True)
        return place

    def environment(self) -> dict[str, str]:
        return {**_QUIET, "HOME": str(self.home), "PATH": self.path}

    def begins(self, talk: str, text: str) -> str:
        return self._run(self.client.first(talk, text))

    def goes_on(self, talk: str, text: str) -> str:
        return self._run(self.client.more(talk, text))

    def _run(self, command: list[str]) -> str:
        try:
            result = subprocess.run(
                command,
                cwd=self.folder,
                env=self.environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                errors="replace",
                timeout=SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as exc:
            raise AssertionError(
                f"{command[0]} took more than {SECONDS} s: {exc.stdout!r}"
            ) from None
        said = f"{result.stdout[-3000:]}\n{result.stderr[-3000:]}"
        assert result.returncode == 0, f"{command[0]} ended with {result.returncode}: {said}"
        return result.stdout
