"""What a provider keys its prompt cache on: a request's prompt, piece by piece.

Clients write the same message in different forms from one request to the next (a string, a list
of parts, with or without cache marks); providers see through that, and so does this.
"""

import json
import re
from typing import Any

from tests.clients.script import Json

_CONTEXT = re.compile(
    r"<<<BEGIN_OPENCLAW_INTERNAL_CONTEXT>>>.*<<<END_OPENCLAW_INTERNAL_CONTEXT>>>", re.DOTALL
)


def prompt(body: Json) -> list[str]:
    """Tools, instructions and messages in the order in which they are cached."""
    pieces = [json.dumps(body.get("tools"), sort_keys=True)]
    pieces += [
        f"system: {_content(body[name])}" for name in ("system", "instructions") if name in body
    ]
    messages = body.get("messages") or body.get("input") or []
    made = (_message(one) for one in messages)
    # What is going on right now, says OpenClaw in a message that is gone the next time.
    return pieces + [one for one in made if _CONTEXT.sub("", one) != "user: "]


def _message(item: Json) -> str:
    if item.get("type") in ("function_call", "function_call_output"):
        return json.dumps({name: item[name] for name in sorted(item) if name != "id"})
    calls = f" {json.dumps(item['tool_calls'], sort_keys=True)}" if item.get("tool_calls") else ""
    call_id = f" {item['tool_call_id']}" if "tool_call_id" in item else ""
    return f"{item.get('role')}: {_content(item.get('content'))}{calls}{call_id}"


def _content(content: Any) -> str:
    if not isinstance(content, list):
        return content or ""
    return "\n\n".join(_part(one) for one in content)


def _part(part: Json) -> str:
    if isinstance(part.get("text"), str):
        return str(part["text"])
    kept = {name: value for name, value in part.items() if name != "cache_control"}
    return json.dumps(kept, sort_keys=True)
