"""How many tokens a turn used: as its provider says, or counted where it does not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from apps.core.asked import AskedBody
from apps.core.chat import content_text, readable
from apps.core.text import estimate_tokens
from apps.proxy.answers import Answer
from apps.trajectories.types import TurnRecord
from apps.usage.types import UsageFact


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


def fact_of(record: TurnRecord) -> UsageFact:
    """What a turn used, for the ledger."""
    assert record.key_id is not None  # the gateway answers nobody without a key
    return UsageFact(
        id=record.id,
        at=record.finished_at,
        key_id=record.key_id,
        agent=record.agent,
        model=record.model,
        served_model=record.served_model,
        upstream=record.upstream,
        status=record.status,
        input_tokens=record.input_tokens or 0,
        output_tokens=record.output_tokens or 0,
        cache_read_tokens=record.cache_read_tokens or 0,
        cache_write_tokens=record.cache_write_tokens or 0,
        is_estimated=record.usage_is_estimated,
        is_free=record.is_free,
    )


def fact_of_count(
    turn_id: UUID, header: Mapping[str, Any], outcome: Mapping[str, Any]
) -> UsageFact:
    """What a request used that is no turn: vectors for texts."""
    return UsageFact(
        id=turn_id,
        at=datetime.fromtimestamp(outcome["finished_at"], UTC),
        key_id=UUID(header["key_id"]),
        agent=header["agent"],
        model=header["model"],
        served_model="",
        upstream=header["upstream"],
        status=outcome["status"],
        input_tokens=header["input_tokens"],
        output_tokens=0,
        is_free=header.get("is_free", False),
    )


def _input(asked: AskedBody, injection: Mapping[str, Any]) -> int:
    texts = [content_text(asked.system), str(injection.get("text", ""))]
    texts += map(readable, asked.messages)
    if asked.tools:
        texts.append(orjson.dumps(asked.tools, default=str).decode())
    return sum(map(estimate_tokens, texts))
