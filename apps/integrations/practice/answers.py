"""What the practice model answers: judge and evolver prompts, house rules, tools, small talk."""

import json
import re
import zlib
from typing import Any

from apps.integrations.practice import agent, evolver, judge, remarks
from apps.integrations.practice.chat import ChatRequest, Reply, Tool, ToolCall
from apps.integrations.practice.rules import rule_for

_JUDGE_PROMPT = "# MetaClaw judge,"
_EVOLVER_PROMPT = "# MetaClaw evolver,"
_ASKS_TO_RUN = re.compile(
    r"\b(run|execute|launch|start|call|list|read|open|look up|search|check|find)\b", re.IGNORECASE
)
_TIPS = (
    "Start with the smallest step that shows a result, then look at it before going on.",
    "Write down what “done” means first; the rest becomes easier to order.",
    "Split it into three parts, do the riskiest one first, and keep notes of what you learn.",
    "Compare two ways of doing it, choose the one that is easier to undo, and try it today.",
)
_SAMPLE_STRINGS = {
    "command": "ls -la",
    "cmd": "ls -la",
    "path": ".",
    "file_path": "README.md",
    "url": "http://localhost/",
}


def reply_to(request: ChatRequest) -> Reply:
    """The answer to ``request``: the same one every time."""
    if request.system.startswith(_JUDGE_PROMPT):
        return Reply(judge.answer(_document(request)))
    if request.system.startswith(_EVOLVER_PROMPT):
        return Reply(evolver.answer(_document(request)))
    if agent.is_meant(request) and (step := agent.reply_to(request)) is not None:
        return step
    if request.tool_result is not None:
        return Reply(_about_result(request.tool_result))
    return _conversation(request)


def _conversation(request: ChatRequest) -> Reply:
    text = request.last_user_text
    if remarks.states_house_rule(text) or (request.has_answer_before and _is_remark(text)):
        return Reply(_acknowledgement(text))
    rule = rule_for(text)
    if rule is not None:
        return Reply(rule.answer(text, request.instructions))
    if request.tools and _ASKS_TO_RUN.search(text):
        return Reply(tool_call=_tool_call(request.tools, text))
    return Reply(_small_talk(request))


def _is_remark(text: str) -> bool:
    return remarks.complains(text) or remarks.praises(text)


def _acknowledgement(text: str) -> str:
    if remarks.complains(text):
        return (
            "Understood, thank you for the correction. I am the practice model (simulated): I keep "
            "a rule only once it is in my instructions, for example through an approved skill."
        )
    return "Thank you, noted. (Practice model, simulated.)"


def _small_talk(request: ChatRequest) -> str:
    text = " ".join(request.last_user_text.split())
    short = text if len(text) <= 90 else f"{text[:89]}…"
    tip = _TIPS[zlib.crc32(text.encode(errors="replace")) % len(_TIPS)]
    skills = request.skill_slugs
    carried = f" Skills in this prompt: {', '.join(skills)}." if skills else ""
    return (
        f"This is the practice model (simulated), so this is a stock answer to “{short}”. {tip}"
        f"{carried}"
    )


def _about_result(result: str) -> str:
    first = next((line for line in result.splitlines() if line.strip()), "nothing")
    return f"The tool answered: {first[:200]} (Practice model, simulated.)"


def _tool_call(tools: tuple[Tool, ...], text: str) -> ToolCall:
    # The tool whose name the user says, else the first one.
    said = text.casefold()
    tool = next((tool for tool in tools if tool.name.casefold() in said), tools[0])
    required = tool.parameters.get("required")
    properties = tool.parameters.get("properties")
    names = required if isinstance(required, list) else []
    schemas = properties if isinstance(properties, dict) else {}
    return ToolCall(
        tool.name, {str(name): _sample(str(name), schemas.get(name), text) for name in names}
    )


def _sample(name: str, schema: Any, text: str) -> Any:
    """A value that fits the schema of one tool parameter."""
    schema = schema if isinstance(schema, dict) else {}
    if isinstance(choices := schema.get("enum"), list) and choices:
        return choices[0]
    by_type: dict[str, Any] = {
        "integer": 1,
        "number": 1.0,
        "boolean": False,
        "array": [],
        "object": {},
    }
    kind = schema.get("type")
    if isinstance(kind, str) and kind in by_type:
        return by_type[kind]
    return _SAMPLE_STRINGS.get(name, text[:80])


def _document(request: ChatRequest) -> dict[str, Any]:
    """The JSON document of a judge or evolver prompt; an unreadable one reads as empty."""
    try:
        document = json.loads(request.messages[-1].text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}
