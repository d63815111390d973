"""Tools of the Responses API as functions of a chat completion, and their names back.

Tools inside a namespace become functions with both names in one. Tools that take free text
become functions with one string: few providers of chat completions know the other kind.
"""

from dataclasses import dataclass
from typing import Any

from apps.dialects.arguments import FREE_TEXT_SCHEMA
from apps.dialects.errors import Untranslatable
from apps.dialects.names import flat_name, tool_name
from apps.dialects.shape import dict_of, dicts_in, listed, mapping, string, text_of

Body = dict[str, Any]

# Clients send these unasked, and a model can do without them. They run at OpenAI.
_DISPENSABLE = ("web_search", "image_generation", "tool_search")


@dataclass(frozen=True)
class Named:
    """What the caller calls a tool, and whether it takes free text."""

    name: str
    namespace: str = ""
    takes_text: bool = False


def chat_tools(tools: Any) -> tuple[list[Body], list[str]]:
    """The functions, and the tools that the model has to do without."""
    functions: list[Body] = []
    left_out: list[str] = []
    for tool, field in listed(tools, "tools"):
        kind = text_of(tool.get("type"))
        if kind == "namespace":
            namespace = string(tool.get("name"), f"{field}.name")
            about = text_of(tool.get("description"))
            inner = listed(tool.get("tools"), f"{field}.tools")
            functions += [_function(one, place, namespace, about) for one, place in inner]
        elif kind.startswith(_DISPENSABLE):
            left_out.append(f"tools.{kind}")
        else:
            functions.append(_function(tool, field))
    return functions, left_out


def chat_tool_choice(choice: Any) -> Any:
    if choice is None or choice in ("auto", "none", "required"):
        return choice
    wanted = mapping(choice, "tool_choice")
    if wanted.get("type") not in ("function", "custom"):
        says = "must be auto, none, required or a function. Send only the tools that are allowed."
        raise Untranslatable("tool_choice", says)
    name = string(wanted.get("name"), "tool_choice.name")
    return {"type": "function", "function": {"name": sent_name(wanted, name)}}


def sent_name(said: Body, name: str) -> str:
    """The provider's name of the tool that a call or a choice of the caller names."""
    namespace = text_of(said.get("namespace"))
    return flat_name(namespace, name) if namespace else tool_name(name)


def known_tools(request: Body) -> dict[str, Named]:
    """The caller's tools by the provider's names."""
    known = {}
    for tool in dicts_in(request.get("tools")):
        namespace = text_of(tool.get("name")) if tool.get("type") == "namespace" else ""
        for one in dicts_in(tool.get("tools")) if namespace else [tool]:
            name = text_of(one.get("name"))
            sent = sent_name({"namespace": namespace}, name)
            known[sent] = Named(name, namespace, takes_text=one.get("type") == "custom")
    return known


def _function(tool: Body, field: str, namespace: str = "", about: str = "") -> Body:
    kind = tool.get("type")
    if kind not in ("function", "custom"):
        says = f"{kind} runs at OpenAI, not at this provider. Leave it out."
        raise Untranslatable(field, says)
    _refuse_code_only(tool, field)
    name = string(tool.get("name"), f"{field}.name")
    function: Body = {"name": sent_name({"namespace": namespace}, name)}
    description = (about, text_of(tool.get("description")), _grammar(tool))
    if any(description):
        function["description"] = "\n\n".join(filter(None, description))
    if kind == "custom":
        function["parameters"] = FREE_TEXT_SCHEMA
        return {"type": "function", "function": function}
    schema = mapping(tool.get("parameters") or {}, f"{field}.parameters")
    function["parameters"] = schema or {"type": "object", "properties": {}}
    if isinstance(tool.get("strict"), bool):
        function["strict"] = tool["strict"]
    return {"type": "function", "function": function}


def _refuse_code_only(tool: Body, field: str) -> None:
    callers = tool.get("allowed_callers")
    if isinstance(callers, list) and callers and "direct" not in callers:
        says = "this provider runs no code that could call it. Allow direct calls."
        raise Untranslatable(f"{field}.allowed_callers", says)


def _grammar(tool: Body) -> str:
    """The grammar of free text, said to the model: this provider cannot hold it to it."""
    form = dict_of(tool.get("format"))
    if form.get("type") != "grammar":
        return ""
    return (
        f"The input must follow this {text_of(form.get('syntax'))} grammar:\n"
        f"{text_of(form.get('definition'))}"
    )
