"""The text inside an answer, in both dialects, whole or streamed."""

import json
from collections.abc import Iterable, Iterator
from typing import Any, Literal

from metaclaw_web.cli.errors import CliError

Dialect = Literal["openai", "anthropic"]


def whole_text(dialect: Dialect, body: dict[str, Any]) -> str:
    if dialect == "anthropic":
        return "".join(str(part.get("text") or "") for part in body.get("content") or [])
    choices = body.get("choices") or [{}]
    return str((choices[0].get("message") or {}).get("content") or "")


def streamed_text(dialect: Dialect, lines: Iterable[str]) -> Iterator[str]:
    """The pieces of text in a stream of server-sent events.

    Raises CliError when the stream reports an error or stops before its end mark: half an answer
    must not pass for a whole one.
    """
    for line in lines:
        if not line.startswith("data:"):
            continue
        data = line.removeprefix("data:").strip()
        if data == "[DONE]":
            return
        event = json.loads(data)
        if isinstance(error := event.get("error"), dict):
            raise CliError(f"The answer broke off: {error.get('message')}")
        if event.get("type") == "message_stop":
            return
        if piece := _piece(dialect, event):
            yield piece
    raise CliError("The answer was cut off before its end.")


def _piece(dialect: Dialect, event: dict[str, Any]) -> str:
    if dialect == "anthropic":
        return str((event.get("delta") or {}).get("text") or "")
    choices = event.get("choices") or [{}]
    return str((choices[0].get("delta") or {}).get("content") or "")
