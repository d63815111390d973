"""What the course of a conversation says of an answer. Looks at what it is given and at nothing
else; the confidences, and why they are what they are: docs/mechanisms/scores.md."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from apps.core.chat import content_text, last_user_text, said_by_user
from apps.trajectories.signals.phrases import is_correction, is_repetition, is_thanks


@dataclass(frozen=True, slots=True)
class Signal:
    source: str
    value: int
    confidence: float
    rationale: str

    @property
    def is_worth_storing(self) -> bool:
        """Whether it deserves a row: that a session went on says next to nothing, and is said
        of nearly every turn."""
        return self.confidence >= WORTH_STORING


WORTH_STORING = 0.2
CORRECTS = Signal("corrects", -1, 0.7, "The user says next that it was wrong.")
REPEATS = Signal("repeats", -1, 0.4, "The user makes the same request once more.")
THANKS = Signal("thanks", 1, 0.6, "The user thanks for it next.")
TOOL_ERROR = Signal("tool_error", -1, 0.3, "A tool that it called answered with an error.")
CONTINUES = Signal("continues", 1, 0.1, "The user goes on with something else.")
GAVE_UP = Signal("abandons", -1, 0.4, "The user had complained, and left after this answer.")
LEFT = Signal("abandons", -1, 0.1, "Nothing was said after it.")

# At the beginning, with a colon or in the words of tools: a page about errors is not one.
_ERROR = re.compile(
    r"[\s\[({<\"'*#]*(?:traceback \(most recent call last\)|panic:|fatal:|command failed"
    r"|(?:tool )?error(?:\s+[\w\[\]().-]+){0,4}[\"']?\s*:(?!\s*(?:null|false|none|0|\"\"|''))"
    r"|[\w.]*(?:error|exception):|failed(?::| to\b)|permission denied|no such file"
    r"|(?:tool (?:execution|call) )failed|(?:[\w./-]+: ){1,3}(?:command not found|no such file))"
    r"|[\s\S]*\b(?:exit(?:ed with)? (?:code|status)|exit_code[\"']?):?\s*(?:-|[1-9])",
    re.IGNORECASE,
)
_READ = 300


def signals_of(messages: Sequence[Any], answered_at: int) -> list[Signal]:
    """What comes behind the answer that stands at ``answered_at``, up to the next answer.

    Empty if it goes on with results of tools, all of which are fine.
    """
    behind = takewhile(_is_no_answer, messages[answered_at + 1 :])
    found: dict[str, Signal] = {}
    for message in behind:
        if any(_is_error(text, is_error) for text, is_error in _results(message)):
            found[TOOL_ERROR.source] = TOOL_ERROR
        if said := said_by_user(message):
            signal = _reaction(said, messages[:answered_at])
            found.setdefault(signal.source, signal)
    return list(found.values())


def signal_of_end(asked: str) -> Signal:
    """What it says that a session went quiet after the answer to this; mostly next to nothing."""
    return GAVE_UP if is_correction(asked) else LEFT


def _reaction(said: str, earlier: Sequence[Any]) -> Signal:
    if is_correction(said):
        return CORRECTS
    if is_repetition(said, last_user_text(earlier)) and not _is_routine(said, earlier):
        return REPEATS
    return THANKS if is_thanks(said) else CONTINUES


def _is_routine(said: str, earlier: Sequence[Any]) -> bool:
    """Whether it was said twice before: a program's heartbeat, and nobody who is not content."""
    times = 0
    for message in earlier:
        times += said_by_user(message) == said
    return times > 1


def _is_no_answer(message: Any) -> bool:
    return not isinstance(message, dict) or message.get("role") != "assistant"


def _is_error(text: str, is_error: bool) -> bool:  # noqa: FBT001  # one pair of _results
    return is_error or _ERROR.match(text[:_READ]) is not None


def _results(message: Any) -> Iterator[tuple[str, bool]]:
    """Results of tools in a message, and whether they say themselves that they are errors."""
    if not isinstance(message, dict):
        return
    content = message.get("content")
    if message.get("role") == "tool":
        yield content_text(content), message.get("status") == "error"
    elif "call_id" in message and "output" in message:
        yield content_text(message["output"]), message.get("status") == "incomplete"
    for part in content if isinstance(content, list) else ():
        if isinstance(part, dict) and part.get("type") == "tool_result":
            yield content_text(part.get("content")), part.get("is_error") is True
