"""How many tokens a turn used: as its provider says, or counted where it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from apps.core.asked import AskedBody
from apps.core.chat import content_text, readable
from apps.core.text import estimate_tokens
from apps.proxy.answers import Answer


@dataclass(frozen=True, slots=True)
class Used:
    # None: nobody was asked, or nothing was answered that costs.
    input_tokens: int | None
    output_tokens: int | None
    is_estimated: bool


def usage_of(
    answer: Answer, asked: AskedBody, outcome: Mapping[str, Any], injection: Mapping[str, Any]
) -> Used:
    """The provider's own count wherever there is one.

    An answer that broke off has cost its input and what came of it; one that was refused,
    nothing.
    """
    counted = answer.input_tokens, answer.output_tokens
    if None not in counted and answer.is_whole:
        return Used(*counted, is_estimated=False)
    is_refused = (
        outcome.get("http_status", 200) >= 400 and outcome.get("status") != "client_aborted"
    )
    if is_refused or (answer.message is None and answer.error is not None):
        return Used(*counted, is_estimated=False)
    output = estimate_tokens(readable(answer.message))
    return Used(
        _input(asked, injection) if answer.input_tokens is None else answer.input_tokens,
        max(output, answer.output_tokens or 0),
        is_estimated=True,
    )


def _input(asked: AskedBody, injection: Mapping[str, Any]) -> int:
    texts = [content_text(asked.system), str(injection.get("text", ""))]
    texts += map(readable, asked.messages)
    if asked.tools:
        texts.append(orjson.dumps(asked.tools, default=str).decode())
    return sum(map(estimate_tokens, texts))
