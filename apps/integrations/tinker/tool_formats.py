"""How models write tool calls into their text, as their chat templates ask them to.

Which format a model uses is seen from its template: the marks it tells the model to write.
"""

import json
import re
import secrets
from collections.abc import Callable
from typing import Any

Call = dict[str, Any]
Reader = Callable[[str], tuple[str, list[Call]]]

_THOUGHT = re.compile(r"\A\s*(?:<think>)?(.*?)</think>\s*", re.DOTALL)
# Qwen 2.5 and 3, Hermes, and the local demo model.
_TAGGED = re.compile(r"<tool_call>\s*(\{.*?\})\s*</tool_call>", re.DOTALL)
# Qwen3-Coder: <tool_call><function=name><parameter=key>value</parameter></function></tool_call>
_XML = re.compile(
    r"(?:<tool_call>\s*)?<function=([^>\n]+)>(.*?)</function>\s*(?:</tool_call>)?", re.DOTALL
)
_XML_VALUE = re.compile(r"<parameter=([^>\n]+)>\n?(.*?)\n?</parameter>", re.DOTALL)
_MISTRAL = "[TOOL_CALLS]"
_LLAMA = "<|python_tag|>"


def reader_for(template: str) -> Reader:
    """Reads an answer of a model with this chat template: its text, and its calls.

    What looks like a call and cannot be read as one stays in the text.
    """
    if "<function=" in template:
        return _xml
    if _MISTRAL in template:
        return _mistral
    if "<tool_call>" in template:
        return _tagged
    if "python_tag" in template or '"parameters"' in template:
        return _llama
    return lambda text: (text, [])


def without_thought(text: str, template: str) -> tuple[str, str]:
    """The text behind a thought, and the thought, where the template knows of such a thing."""
    if "</think>" not in template or "</think>" not in text:
        return text, ""
    found = _THOUGHT.match(text)
    return (text[found.end() :], found[1].strip()) if found else (text, "")


def _tagged(text: str) -> tuple[str, list[Call]]:
    calls: list[Call] = []

    def take(match: re.Match[str]) -> str:
        call = _call_of(match[1], "arguments")
        if call is None:
            return match[0]
        calls.append(call)
        return ""

    return _TAGGED.sub(take, text).strip() if _TAGGED.search(text) else text, calls


def _xml(text: str) -> tuple[str, list[Call]]:
    calls: list[Call] = []

    def take(match: re.Match[str]) -> str:
        arguments = {name.strip(): _value(value) for name, value in _XML_VALUE.findall(match[2])}
        calls.append(_call(match[1].strip(), arguments))
        return ""

    return _XML.sub(take, text).strip() if _XML.search(text) else text, calls


def _mistral(text: str) -> tuple[str, list[Call]]:
    before, mark, rest = text.partition(_MISTRAL)
    try:
        listed = json.loads(rest) if mark else []
        calls = [_call(str(one["name"]), one.get("arguments", {})) for one in listed]
    except (ValueError, KeyError, TypeError, AttributeError):
        return text, []
    return (before.strip() if calls else text), calls


def _llama(text: str) -> tuple[str, list[Call]]:
    call = _call_of(text.replace(_LLAMA, "").strip(), "parameters")
    return ("", [call]) if call else (text, [])


def _call_of(text: str, name_of_arguments: str) -> Call | None:
    try:
        said = json.loads(text)
        return _call(str(said["name"]), said.get(name_of_arguments, {}))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _call(name: str, arguments: Any) -> Call:
    written = arguments if isinstance(arguments, str) else json.dumps(arguments)
    call_id = f"call_{secrets.token_hex(12)}"
    return {"id": call_id, "type": "function", "function": {"name": name, "arguments": written}}


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
