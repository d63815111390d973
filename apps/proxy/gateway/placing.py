"""Where text can stand in a prompt without disturbing anything else in it, by dialect.

Everything here is an insertion into the caller's own text; no other byte changes.
"""

import json
from typing import Any, NamedTuple

from apps.proxy.gateway.asking import Asked
from apps.proxy.gateway.json_body import JsonBody, Span, member_span


class Block(NamedTuple):
    """A text, and the same as it stands inside a JSON string."""

    text: str
    quoted: str


def block(text: str) -> Block:
    return Block(text, json.dumps(text)[1:-1])


def behind_instructions(asked: Asked, added: Block) -> None:
    """At the end of the instructions; where there are none, as instructions."""
    name = asked.dialect.name
    if name == "anthropic":
        _append_to_member(asked.body, "system", added)
    elif name == "openai":
        _append_to_first_message(asked, added)
    elif isinstance(asked.body.values.get("instructions"), str) or not asked.leading:
        _append_to_member(asked.body, "instructions", added)
    else:
        _insert_developer_item(asked, added)


def behind_message(asked: Asked, number: int, added: Block) -> None:
    """At the end of a message of the conversation."""
    if not asked.body.elements:
        # A Responses request whose whole input is one text.
        span = asked.body.members.get("input")
        if span is not None:
            _append_to_content(asked.body, span, asked.body.values["input"], added)
        return
    element, message = asked.body.elements[number], asked.messages[number]
    content = message.get("content")
    if isinstance(content, str) and next(reversed(message)) == "content":
        # The last member of the message: its text ends where the message does.
        at = asked.body.text.rindex('"', element.start, element.end)
        asked.body.insert(at, ("\\n\\n" if content else "") + added.quoted)
        return
    span = member_span(asked.body.text, element, "content")
    if span is not None:
        _append_to_content(asked.body, span, content, added, _text_kind(asked))


def _text_kind(asked: Asked) -> str:
    return "input_text" if asked.dialect.name == "responses" else "text"


def _append_to_member(body: JsonBody, name: str, added: Block) -> None:
    span, value = body.members.get(name), body.values.get(name)
    if span is None:
        body.insert(body.text.index("{") + 1, f'"{name}":"{added.quoted}",')
    elif value is None:
        body.replace(span, f'"{added.quoted}"')
    else:
        _append_to_content(body, span, value, added)


def _append_to_first_message(asked: Asked, added: Block) -> None:
    if asked.leading:
        behind_message(asked, 0, added)
        return
    message = f'{{"role":"system","content":"{added.quoted}"}},'
    asked.body.insert(asked.body.elements[0].start, message)


def _insert_developer_item(asked: Asked, added: Block) -> None:
    """Codex has no instructions of its own but developer items: one more behind them."""
    item = (
        '{"type":"message","role":"developer","content":'
        f'[{{"type":"input_text","text":"{added.quoted}"}}]}}'
    )
    asked.body.insert(asked.body.elements[asked.leading - 1].end, f",{item}")


def _append_to_content(
    body: JsonBody, span: Span, value: Any, added: Block, kind: str = "text"
) -> None:
    """Behind a string's last character, or as one more part of a list."""
    if isinstance(value, str):
        body.insert(span.end - 1, ("\\n\\n" if value else "") + added.quoted)
    elif isinstance(value, list):
        part = f'{{"type":"{kind}","text":"{added.quoted}"}}'
        body.insert(span.end - 1, f",{part}" if value else part)
    elif value is None:
        body.replace(span, f'"{added.quoted}"')
