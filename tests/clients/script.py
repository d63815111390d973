"""What the scripted model says: so many tool calls for each thing the user asks, then an answer.

A request carries everything that is needed to decide: the results of earlier calls, and the
answers that ended earlier turns.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

CALLS_PER_TURN = 2
ANSWER = "All steps of the script are done."
MARKER = "scripted-step"
# The tool by which each client runs a command, and its arguments.
_TOOLS = {
    "Bash": lambda line: {"command": line, "description": "Print a marker"},
    "exec": lambda line: {"command": line},
    "exec_command": lambda line: {"cmd": line},
    "shell_command": lambda line: {"command": line},
    "shell": lambda line: {"command": ["bash", "-c", line]},
}

Json = dict[str, Any]


@dataclass(frozen=True)
class Step:
    """A call of ``tool`` when it has a name, else the answer that ends the turn."""

    id: str
    text: str = ""
    tool: str = ""
    arguments: str = ""


def next_step(dialect: str, body: Json) -> Step:
    """What to say now. A request that offers no known tool is answered at once."""
    items = body.get("input") if dialect == "responses" else body.get("messages")
    results = sum(_results(item) for item in items or [])
    answers = sum(_is_answer(item) for item in items or [])
    tool = next((name for name in _offered(body) if name in _TOOLS), "")
    number = f"{results}x{answers}"
    if not tool or results >= CALLS_PER_TURN * (answers + 1):
        return Step(f"answer_{number}", text=ANSWER)
    arguments = _TOOLS[tool](f"echo {MARKER}-{results + 1}")
    return Step(f"call_{number}", tool=tool, arguments=json.dumps(arguments))


def _offered(body: Json) -> Iterator[str]:
    for tool in body.get("tools") or []:
        yield str((tool.get("function") or tool).get("name") or "")


def _results(item: Any) -> int:
    if not isinstance(item, dict):
        return 0
    if item.get("role") == "tool" or item.get("type") == "function_call_output":
        return 1
    parts = item.get("content")
    return sum(_has_type(part, "tool_result") for part in parts) if isinstance(parts, list) else 0


def _is_answer(item: Any) -> bool:
    is_assistant = isinstance(item, dict) and item.get("role") == "assistant"
    return is_assistant and ANSWER in json.dumps(item.get("content"))


def _has_type(part: Any, kind: str) -> bool:
    return isinstance(part, dict) and part.get("type") == kind
