"""Tokens as text, piece by piece, without what a stop cuts off."""

import json
import re
import secrets
from typing import Any

from apps.trainer.sampling.asks import Options
from apps.trainer.sampling.results import StopReason

_CALL = re.compile(r"<tool_call>\s*(\{.*?\})\s*</tool_call>", re.DOTALL)
_TORN = "\ufffd"


class TextStream:
    """The text of one sample. A stop text, and a letter that is not whole yet, are held back."""

    def __init__(self, tokenizer: Any, options: Options, ends: frozenset[int]) -> None:
        self._tokenizer = tokenizer
        self._stops = options.stop_texts
        self._ends = options.stop_tokens | (ends if options.ends_at_eos else frozenset())
        self._tokens: list[int] = []
        self._given = 0

    def add(self, token: int, end: StopReason | None) -> str:
        """What can be said now that was not said before."""
        if token not in self._ends:
            self._tokens.append(token)
        text = self._text()
        whole = text if end else text[: len(text) - self._held(text)]
        new = whole[self._given :]
        self._given = max(self._given, len(whole))
        return new

    def _text(self) -> str:
        text = str(self._tokenizer.decode(self._tokens, skip_special_tokens=True))
        found = [place for place in (text.find(stop) for stop in self._stops) if place >= 0]
        return text[: min(found)] if found else text

    def _held(self, text: str) -> int:
        if text.endswith(_TORN):
            return len(text) - len(text.rstrip(_TORN))
        lengths = [
            length
            for stop in self._stops
            for length in range(1, len(stop))
            if text.endswith(stop[:length])
        ]
        return max(lengths, default=0)


def tool_calls(text: str) -> tuple[str, list[dict[str, Any]]]:
    """The text without its tool calls, and those calls; what is no valid call stays text."""
    calls: list[dict[str, Any]] = []

    def take(match: re.Match[str]) -> str:
        try:
            call = json.loads(match[1])
            name, arguments = call["name"], call.get("arguments", {})
        except (ValueError, KeyError, TypeError, AttributeError):
            return match[0]
        written = arguments if isinstance(arguments, str) else json.dumps(arguments)
        function = {"name": str(name), "arguments": written}
        call_id = f"call_{secrets.token_hex(12)}"
        calls.append({"id": call_id, "type": "function", "function": function})
        return ""

    return _CALL.sub(take, text), calls
