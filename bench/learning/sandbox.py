"""The scratch folder and the three tools: no shell, and no other folder, whatever is asked."""

import resource
import shlex
import subprocess
from pathlib import Path
from typing import Any

from bench.learning.work import Step

_PROGRAMS = ("cat", "cp", "date", "head", "ls", "mv", "tail", "wc")
_SECONDS = 5
_MOST_BYTES = 64_000
_MOST_FILES = 50

TOOLS: list[dict[str, Any]] = [
    {
        "type": "function",
        "function": {
            "name": name,
            "description": description,
            "parameters": {
                "type": "object",
                "properties": {field: {"type": "string"} for field in fields},
                "required": list(fields),
            },
        },
    }
    for name, description, fields in (
        ("read_file", "The text of a file of the folder.", ("path",)),
        ("write_file", "Write a whole file of the folder.", ("path", "content")),
        (
            "exec",
            f"Run one program in the folder, without a shell. There are: {', '.join(_PROGRAMS)}.",
            ("command",),
        ),
    )
]


class _Refused(Exception):
    """Said to the agent as the result of its call."""


class Sandbox:
    """One folder, flat: names of files, never paths."""

    def __init__(self, folder: Path, files: dict[str, str]) -> None:
        self._folder = folder
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")

    def files(self) -> dict[str, str]:
        return {
            path.name: path.read_text(encoding="utf-8", errors="replace")
            for path in sorted(self._folder.iterdir())
            if path.is_file() and not path.is_symlink()
        }

    def call(self, tool: str, arguments: dict[str, Any]) -> Step:
        try:
            result = self._call(tool, arguments)
        except _Refused as exc:
            result = f"error: {exc}"
        except OSError as exc:
            result = f"error: {exc.strerror}"
        return Step(tool, arguments, result, self.files())

    def _call(self, tool: str, arguments: dict[str, Any]) -> str:
        match tool:
            case "read_file":
                path = self._folder / _name(arguments.get("path"))
                return path.read_text(encoding="utf-8", errors="replace")[:_MOST_BYTES]
            case "write_file":
                return self._write(_name(arguments.get("path")), arguments.get("content"))
            case "exec":
                return self._exec(arguments.get("command"))
        raise _Refused(f"there is no tool {tool}")

    def _write(self, name: str, content: Any) -> str:
        if not isinstance(content, str) or len(content.encode()) > _MOST_BYTES:
            raise _Refused("content must be a text of at most 64 kB")
        if len(self.files()) >= _MOST_FILES:
            raise _Refused("the folder is full")
        (self._folder / name).write_text(content, encoding="utf-8")
        return f"wrote {name}"

    def _exec(self, command: Any) -> str:
        try:
            line = shlex.split(command if isinstance(command, str) else "")
        except ValueError as exc:
            raise _Refused(f"the command cannot be read: {exc}") from None
        if not line or line[0] not in _PROGRAMS:
            raise _Refused(f"only these programs run: {', '.join(_PROGRAMS)}")
        for each in line[1:]:
            if "/" in each or ".." in each:
                raise _Refused("names of files of this folder only")
        try:
            done = subprocess.run(
                line,
                cwd=self._folder,
                env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
                stdin=subprocess.DEVNULL,
                capture_output=True,
                timeout=_SECONDS,
                preexec_fn=_limit,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise _Refused("the program took too long") from None
        return (done.stdout + done.stderr)[:_MOST_BYTES].decode(errors="replace")


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value or "/" in value or "\0" in value or value[0] == ".":
        raise _Refused("path must be the name of a file of this folder")
    return value


def _limit() -> None:
    for what, most in (
        (resource.RLIMIT_CPU, _SECONDS),
        (resource.RLIMIT_FSIZE, 10 * _MOST_BYTES),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
