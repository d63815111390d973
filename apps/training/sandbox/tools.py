"""The tools that a policy may be given: how they are described to it, and what they do.

All of them are commands in the room: whatever a path means, it means it there.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from apps.training.sandbox.room import Ran, Room

# What the policy reads of a result; it has to fit its context.
_RESULT_CHARACTERS = 8_000
_COMMAND_SECONDS = 20.0
_FILE_SECONDS = 5.0


def _function(name: str, description: str, **fields: str) -> dict[str, Any]:
    return {
        "type": "function",
        "function": {
            "name": name,
            "description": description,
            "parameters": {
                "type": "object",
                "properties": {
                    field: {"type": "string", "description": about}
                    for field, about in fields.items()
                },
                "required": list(fields),
            },
        },
    }


DEFINITIONS: Final[Mapping[str, dict[str, Any]]] = {
    "run_command": _function(
        "run_command",
        "Run a shell command in the working folder. There is no network.",
        command="For /bin/sh.",
    ),
    "read_file": _function(
        "read_file", "Read a text file.", path="From the working folder, like notes/a.txt."
    ),
    "write_file": _function(
        "write_file",
        "Write a text file; folders on the way are made, and what was there is replaced.",
        path="From the working folder, like notes/a.txt.",
        content="The whole text.",
    ),
}


def definitions_of(names: Sequence[str]) -> list[dict[str, Any]]:
    """As the Chat Completions API has them."""
    return [DEFINITIONS[name] for name in names]


def tool_answer(room: Room, allowed: Sequence[str], call: Mapping[str, Any]) -> str:
    """Do what a tool call asks for; what is wrong with it is said to the policy, not raised.

    Raises SandboxRefused where nothing can be run at all.
    """
    function = call.get("function")
    name = str(function.get("name")) if isinstance(function, Mapping) else ""
    if name not in allowed:
        return f"Error: there is no tool “{name[:60]}”; there is {', '.join(allowed)}."
    assert isinstance(function, Mapping)
    given = _arguments(function.get("arguments"))
    wanted = DEFINITIONS[name]["function"]["parameters"]["required"]
    missing = [one for one in wanted if not isinstance(given.get(one), str) or "\0" in given[one]]
    if missing:
        return f"Error: {name} needs {missing[0]}, a text."
    return _shortened(_TOOLS[name](room, *(given[one] for one in wanted)))


def _arguments(text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text) if isinstance(text, str) else text
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _run_command(room: Room, command: str) -> str:
    ran = room.run(["/bin/sh", "-c", command], seconds=_COMMAND_SECONDS)
    return _told(ran) if ran.exit_code or ran.stderr or ran.ended != "done" else ran.stdout


def _read_file(room: Room, path: str) -> str:
    if wrong := _wrong_path(path):
        return wrong
    ran = room.run(["cat", "--", path], seconds=_FILE_SECONDS)
    return f"Error: {ran.stderr.strip()}" if ran.exit_code else ran.stdout


def _write_file(room: Room, path: str, content: str) -> str:
    if wrong := _wrong_path(path):
        return wrong
    script = 'mkdir -p -- "$(dirname -- "$1")" && cat > "$1"'
    ran = room.run(["/bin/sh", "-c", script, "sh", path], said=content, seconds=_FILE_SECONDS)
    return f"Error: {ran.stderr.strip() or ran.ended}" if ran.exit_code else f"Wrote {path}."


_TOOLS: Mapping[str, Callable[..., str]] = {
    "run_command": _run_command,
    "read_file": _read_file,
    "write_file": _write_file,
}


def _wrong_path(path: str) -> str:
    # The walls hold anyhow; this is so that a policy hears what is meant.
    if path.startswith("/") or ".." in path.split("/"):
        return "Error: paths start in the working folder and stay there."
    return ""


def _told(ran: Ran) -> str:
    ended = {
        "timeout": "It was stopped: it took too long.",
        "disk": "It was stopped: it wrote too much.",
    }
    parts = [ran.stdout, ran.stderr, ended.get(ran.ended, f"Exit code {ran.exit_code}.")]
    return "\n".join(part.rstrip("\n") for part in parts if part)


def _shortened(text: str) -> str:
    if len(text) <= _RESULT_CHARACTERS:
        return text
    left_out = len(text) - _RESULT_CHARACTERS
    half = _RESULT_CHARACTERS // 2
    return f"{text[:half]}\n[… {left_out} characters left out …]\n{text[-half:]}"
