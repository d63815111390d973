"""From what a client sent to a fixture: without this machine, keys and long texts."""

import json
import platform
import re
import socket
import zlib
from pathlib import Path
from typing import Any

from tests.clients.upstream import Exchange

HOME = "/home/agent"
_LEFT_OUT = {"authorization", "x-api-key", "host", "connection", "content-length"}
_LONG = 400
_SHORT = 48
# Lines by which clients frame what they add to a conversation: these stay as they are.
_FRAME = re.compile(
    r"^</?(?:system-reminder|environment_context|\w+_instructions|permissions instructions)\b"
    r"|<<<(?:BEGIN|END)_OPENCLAW|^(?:<!-- /?openclaw:attempt:\w+ -->)+$"
    r"|^Runtime: agent=|^x-anthropic-"
)


class Recording:
    """Writes one line per request; equal texts stay equal, different ones stay different."""

    def __init__(self, home: Path, programs: Path) -> None:
        self._replaced = [
            (str(home.resolve()), HOME),
            (str(programs), "/usr/lib/clients"),
            (f"host={socket.gethostname()}", "host=machine"),
            (platform.release(), "6.1.0"),
            # Not a path: what Codex calls its main agent.
            ('"/root"', '"/main"'),
            ('\\"/root\\"', '\\"/main\\"'),
        ]

    def line(self, talk: str, exchange: Exchange) -> str:
        body = json.loads(self._anywhere(exchange.text))
        if "tools" in body:
            body["tools"] = _map_texts(body["tools"], _cut)
        made = {
            "talk": talk,
            "path": exchange.path,
            "headers": {
                name: self._anywhere(value)
                for name, value in exchange.headers
                if name not in _LEFT_OUT
            },
            "body": _map_texts(body, shortened),
            "answer": exchange.answer,
        }
        return json.dumps(made, ensure_ascii=False, separators=(",", ":"))

    def _anywhere(self, text: str) -> str:
        for ours, theirs in self._replaced:
            text = text.replace(ours, theirs)
        return text


def shortened(text: str) -> str:
    """A long text with its framing lines, and what is between them cut down."""
    if len(text) <= _LONG:
        return text
    made: list[str] = []
    run: list[str] = []
    for line in [*text.split("\n"), None]:
        if line is not None and not _FRAME.search(line):
            run.append(line)
            continue
        if run:
            made.append(_cut("\n".join(run)))
        run = []
        if line is not None:
            made.append(line)
    return "\n".join(made)


def _cut(text: str) -> str:
    if len(text) <= _SHORT:
        return text
    return f"{text[:20]} … {len(text)} characters, {zlib.crc32(text.encode()):08x}"


def _map_texts(value: Any, change: Any) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_map_texts(one, change) for one in value]
    if isinstance(value, dict):
        return {name: _map_texts(one, change) for name, one in value.items()}
    return value
