"""Anthropic's tools as functions of a chat completion."""

from typing import Any

from apps.dialects.errors import Untranslatable
from apps.dialects.names import tool_name
from apps.dialects.shape import as_json, listed, mapping, string, text_of

Body = dict[str, Any]

_CHOICES = {"auto": "auto", "any": "required", "none": "none"}


def chat_tools(tools: Any) -> tuple[list[Body], list[str]]:
    """The functions, and the tools that the model can do without."""
    functions, left_out = [], []
    for tool, field in listed(tools, "tools"):
        kind = text_of(tool.get("type")) or "custom"
        if kind == "custom":
            functions.append(_function(tool, field))
        elif kind.startswith("tool_search_tool_"):
            # It finds tools that wait to be loaded; here all of them are loaded.
            left_out.append(f"tools.{kind}")
        else:
            says = f"{kind} is a tool of Anthropic's. Leave it out, or offer one of your own."
            raise Untranslatable(field, says)
    return functions, left_out


def chat_tool_choice(choice: Any) -> Body:
    if choice is None:
        return {}
    wanted = mapping(choice, "tool_choice")
    kind = text_of(wanted.get("type"))
    if kind == "tool":
        name = tool_name(string(wanted.get("name"), "tool_choice.name"))
        said: Body = {"tool_choice": {"type": "function", "function": {"name": name}}}
    elif kind in _CHOICES:
        said = {"tool_choice": _CHOICES[kind]}
    else:
        raise Untranslatable("tool_choice.type", "must be auto, any, tool or none.")
    if wanted.get("disable_parallel_tool_use"):
        said["parallel_tool_calls"] = False
    return said


def original_names(request: Body) -> dict[str, str]:
    """The caller's name of every tool whose name had to change for the provider."""
    tools = request.get("tools")
    names = [
        tool["name"]
        for tool in (tools if isinstance(tools, list) else [])
        if isinstance(tool, dict) and isinstance(tool.get("name"), str)
    ]
    return {sent: name for name in names if (sent := tool_name(name)) != name}


def _function(tool: Body, field: str) -> Body:
    callers = tool.get("allowed_callers")
    if isinstance(callers, list) and callers and "direct" not in callers:
        says = "this provider runs no code that could call it. Allow direct calls."
        raise Untranslatable(f"{field}.allowed_callers", says)
    name = tool_name(string(tool.get("name"), f"{field}.name"))
    schema = mapping(tool.get("input_schema"), f"{field}.input_schema")
    function: Body = {"name": name}
    description = text_of(tool.get("description"))
    if tool.get("input_examples"):
        description = f"{description}\n\nExamples of input: {as_json(tool['input_examples'])}"
    if description:
        function["description"] = description
    function["parameters"] = schema
    if tool.get("strict"):
        function["strict"] = True
    return {"type": "function", "function": function}
