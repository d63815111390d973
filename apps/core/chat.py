"""Reading chat messages of either dialect: what was said, and whether two are the same.

Agents wrap what people say: time stamps, reminders, run-time context, blocks of our own.
And they change what they resend: ids of tool calls, strings that become lists of parts,
cache marks. Here is the one place that sees through that.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

SKILLS_OPEN = "<metaclaw_skills>"
SKILLS_CLOSE = "</metaclaw_skills>"

_TEXT_PARTS = frozenset({"text", "input_text", "output_text"})
_MEDIA_PARTS = frozenset(
    {"image", "image_url", "input_image", "input_audio", "document", "file", "input_file"}
)
# Of the Responses API: calls of tools are items beside the messages.
_CALL_ITEMS = frozenset({"function_call", "custom_tool_call", "mcp_call"})
_ASKED = ("action", "queries", "code", "arguments")
_NOISE = re.compile(
    r"<metaclaw_skills>.*?</metaclaw_skills>"
    r"|<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>.*?<<<END_OPENCLAW_INTERNAL_CONTEXT>>>"
    r"|<system-reminder>.*?</system-reminder>"
    r"|<environment_context>.*?</environment_context>"
    r"|^Runtime: agent=.*?$"
    r"|^\[(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) \d{4}-\d\d-\d\d \d\d:\d\d[^\]\n]{0,12}\][ \t]?",
    re.DOTALL | re.MULTILINE,
)

Message = Mapping[str, Any]


def content_text(content: Any) -> str:
    """The words of a message's content, whether it is a string or a list of parts."""
    if isinstance(content, str):
        return content
    if isinstance(content, list):
        return "\n".join(text for part in content if (text := _part_text(part)))
    return ""


def _part_text(part: Any) -> str:
    if isinstance(part, str):
        return part
    if isinstance(part, dict) and str(part.get("type")) in _TEXT_PARTS:
        text = part.get("text")
        return text if isinstance(text, str) else ""
    return ""


def without_noise(text: str) -> str:
    """What a person wrote, without what their client and we put around it."""
    if "<" not in text and "[" not in text and "Runtime:" not in text:
        return text.strip()
    return _NOISE.sub("", text).strip()


def said_by_user(message: Any) -> str:
    """The words of a user message; empty for other roles, tool results and pure context."""
    if not isinstance(message, dict) or message.get("role") != "user":
        return ""
    return without_noise(content_text(message.get("content")))


def last_user_index(messages: Sequence[Any]) -> int | None:
    """Where the last message is in which the user really says something."""
    for index in range(len(messages) - 1, -1, -1):
        if said_by_user(messages[index]):
            return index
    return None


def last_user_text(messages: Sequence[Any]) -> str:
    index = last_user_index(messages)
    return "" if index is None else said_by_user(messages[index])


def readable(message: Any) -> str:
    """A message as text for a person, a judge or an evolver; calls of tools written out."""
    if not isinstance(message, dict):
        return ""
    lines = [without_noise(content_text(message.get("content")))]
    lines += [f"[calls {name}({arguments})]" for name, arguments in _calls(message)]
    lines += [f"[result: {result}]" for result in _results(message)]
    return "\n".join(line for line in lines if line)


def message_hash(previous: bytes, message: Any) -> bytes:
    """Hash of a conversation that goes on with ``message`` after the one hashed before.

    Ignores what clients change when they resend a message: ids of tool calls, form of the
    content, cache marks, wrapped-around context; a message that is nothing but such context
    leaves the hash as it was, because it is not there any more the next time. 16 bytes.
    """
    if not isinstance(message, dict):
        return hashlib.blake2b(previous, digest_size=16).digest()
    if isinstance(message.get("output"), list) and "call_id" not in message:
        # An answer of the Responses API: its items come back one by one.
        return fold_hashes(previous, message["output"])
    if message.get("type") == "reasoning":
        # Clients may leave it out, and providers seal it anew.
        return previous
    content, role = message.get("content"), str(message.get("role"))
    text = content_text(content)
    words = without_noise(text)
    calls = [[name, _canonical(arguments)] for name, arguments in _calls(message)]
    rest: list[Any] = [calls, list(_results(message))]
    if not isinstance(content, str) and (media := list(_media(message))):
        rest.append(media)
    elif role == "user" and text and not words and not any(rest):
        return previous
    digest = hashlib.blake2b(previous, digest_size=16)
    digest.update(json.dumps([role, words, *rest]).encode())
    return digest.digest()


def fold_hashes(previous: bytes, messages: Iterable[Any]) -> bytes:
    """The hash of a conversation that goes on with all of these."""
    for message in messages:
        previous = message_hash(previous, message)
    return previous


def conversation_hashes(messages: Iterable[Any]) -> list[bytes]:
    """For every message the hash of the conversation up to it."""
    hashes: list[bytes] = []
    previous = b""
    for message in messages:
        previous = message_hash(previous, message)
        hashes.append(previous)
    return hashes


def _calls(message: Message) -> Iterable[tuple[str, str]]:
    calls = message.get("tool_calls")
    for call in calls if isinstance(calls, list) else ():
        function = call.get("function") if isinstance(call, dict) else None
        if isinstance(function, dict):
            yield str(function.get("name")), str(function.get("arguments") or "")
    kind = str(message.get("type"))
    if kind in _CALL_ITEMS:
        yield str(message.get("name")), str(message.get("arguments") or message.get("input") or "")
    elif kind.endswith("_call"):
        # A tool of the provider's own: each has another name for what it was asked.
        asked = next((message[name] for name in _ASKED if message.get(name)), "")
        yield kind, json.dumps(asked, ensure_ascii=False)
    for part in _parts(message):
        if part.get("type") == "tool_use":
            yield str(part.get("name")), json.dumps(part.get("input"), ensure_ascii=False)


def _results(message: Message) -> Iterable[str]:
    if "output" in message and "call_id" in message:
        yield content_text(message["output"])
    if message.get("role") == "tool":
        # Its words are the content already; only the form of tool_result parts differs.
        return
    for part in _parts(message):
        if part.get("type") == "tool_result":
            yield content_text(part.get("content"))


def _media(message: Message) -> Iterable[str]:
    """Fingerprints of what is neither text nor a call: pictures, sounds, documents."""
    for part in _parts(message):
        if str(part.get("type")) in _MEDIA_PARTS:
            plain = {name: value for name, value in part.items() if name != "cache_control"}
            yield hashlib.blake2b(json.dumps(plain).encode(), digest_size=16).hexdigest()


def _parts(message: Message) -> Iterable[Message]:
    content = message.get("content")
    if isinstance(content, list):
        yield from (part for part in content if isinstance(part, dict))


def _canonical(arguments: str) -> str:
    try:
        return json.dumps(json.loads(arguments), sort_keys=True)
    except (ValueError, RecursionError):
        return arguments


def with_instructions(messages: Sequence[Mapping[str, Any]], block: str) -> list[dict[str, Any]]:
    """A chat with a block of text behind its instructions; where it has none, as instructions."""
    found = [dict(message) for message in messages]
    if not block:
        return found
    if not found or found[0].get("role") not in ("system", "developer"):
        return [{"role": "system", "content": block}, *found]
    first = found[0]
    content = first.get("content")
    if isinstance(content, list):
        content = [*content, {"type": "text", "text": block}]
    else:
        content = f"{content}\n\n{block}" if content else block
    return [{**first, "content": content}, *found[1:]]
