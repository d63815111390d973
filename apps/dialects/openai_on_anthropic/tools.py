"""Functions of a chat completion as tools of the Anthropic API."""

from typing import Any

from apps.dialects.errors import Untranslatable
from apps.dialects.names import tool_name
from apps.dialects.shape import listed, mapping, string, text_of

Body = dict[str, Any]

_CHOICES = {"auto": "auto", "required": "any", "none": "none"}


def anthropic_tools(tools: Any) -> list[Body]:
    return [_tool(tool, field) for tool, field in listed(tools, "tools")]


def anthropic_tool_choice(body: Body) -> Body:
    choice, parallel = body.get("tool_choice"), body.get("parallel_tool_calls")
    said = _choice(choice) if choice is not None else {}
    if parallel is False and said.get("type") != "none":
        said = (said or {"type": "auto"}) | {"disable_parallel_tool_use": True}
    return {"tool_choice": said} if said else {}


def _choice(choice: Any) -> Body:
    if isinstance(choice, str) and choice in _CHOICES:
        return {"type": _CHOICES[choice]}
    if isinstance(choice, dict) and choice.get("type") == "function":
        function = mapping(choice.get("function"), "tool_choice.function")
        name = string(function.get("name"), "tool_choice.function.name")
        return {"type": "tool", "name": tool_name(name)}
    says = "must be auto, required, none or a function. Send only the tools that are allowed."
    raise Untranslatable("tool_choice", says)


def _tool(tool: Body, field: str) -> Body:
    if tool.get("type") != "function":
        says = "only functions can be carried to this provider. Declare it as a function."
        raise Untranslatable(f"{field}.type", says)
    function = mapping(tool.get("function"), f"{field}.function")
    said: Body = {"name": tool_name(string(function.get("name"), f"{field}.function.name"))}
    if text_of(function.get("description")):
        said["description"] = function["description"]
    schema = mapping(function.get("parameters") or {}, f"{field}.function.parameters")
    said["input_schema"] = {"type": "object"} | schema
    if function.get("strict"):
        said["strict"] = True
    return said
