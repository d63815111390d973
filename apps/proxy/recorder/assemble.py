"""From the frames of a turn to the record that is stored."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from apps.core.asked import asked_body
from apps.core.chat import (
    conversation_hashes,
    last_user_text,
    message_hash,
    readable,
)
from apps.proxy.answers import Answer, read_answer
from apps.proxy.recorder.counting import Used, usage_of
from apps.proxy.recorder.sampled import sampled_of
from apps.proxy.spool.frames import CHUNK, pack, pack_begin, pack_end
from apps.trajectories.exact.cutting import CutBody
from apps.trajectories.types import TurnRecord, UsedSkill

_PREVIEW = 100


@dataclass(slots=True)
class OpenTurn:
    """A turn whose end has not been read yet."""

    header: dict[str, Any]
    body: bytes
    chunks: list[bytes] = field(default_factory=list)
    outcome: dict[str, Any] | None = None

    def frames(self, turn_id: UUID) -> Iterator[bytes]:
        """As they stand in the spool."""
        yield pack_begin(turn_id.bytes, self.header, self.body)
        for chunk in self.chunks:
            yield pack(CHUNK, turn_id.bytes, chunk)
        if self.outcome is not None:
            yield pack_end(turn_id.bytes, self.outcome)


def turn_record(turn_id: UUID, turn: OpenTurn) -> TurnRecord:
    """The whole turn. Without an end frame it was cut off by the death of its process."""
    header, asked = turn.header, asked_body(turn.header["dialect"], turn.body)
    outcome = turn.outcome or {}
    answer = read_answer(header["dialect"], b"".join(turn.chunks), outcome.get("encoding", ""))
    status = outcome.get("status") or _after_crash(answer)
    hashes = conversation_hashes(asked.messages)
    started_at = header["started_at"]
    finished_at = outcome.get("finished_at", started_at)
    timings: dict[str, int] = outcome.get("timings", {})
    end = None
    if answer.message is not None and status == "complete":
        end = message_hash(hashes[-1] if hashes else b"", answer.message)
    user_text = last_user_text(asked.messages)
    sampled = sampled_of(turn_id, outcome)
    if sampled is None:
        used = usage_of(answer, asked, outcome, header["injection"])
    else:
        used = Used(len(sampled.prompt_tokens), len(sampled.tokens), is_estimated=False)
    return TurnRecord(
        id=turn_id,
        tenant_id=UUID(header["tenant"]),
        session_id=UUID(header["session_id"]),
        session_source=header["session_source"],
        external_session_id=header["external_session_id"],
        is_session_done=header["is_session_done"],
        kind=header["kind"],
        status=status,
        http_status=outcome.get("http_status", 0),
        dialect=header["dialect"],
        is_stream=header["is_stream"],
        is_simulated=header["is_simulated"],
        is_free=outcome.get("is_free", False),
        agent=header["agent"],
        key_id=UUID(header["key_id"]),
        key_name=header["key_name"],
        upstream=outcome.get("upstream", header["upstream"]),
        model=header["model"],
        served_model=(answer.served_model or outcome.get("provider_model", ""))[:200],
        started_at=_instant(started_at),
        finished_at=_instant(finished_at),
        timings=timings,
        first_byte_ms=timings.get("first_byte"),
        latency_ms=outcome.get("latency_ms", 0),
        input_tokens=used.input_tokens,
        output_tokens=used.output_tokens,
        cache_read_tokens=answer.cache_read_tokens,
        cache_write_tokens=answer.cache_write_tokens,
        usage_is_estimated=used.is_estimated,
        messages=asked.messages,
        body=CutBody.of(turn.body),
        prefix_hashes=hashes,
        end_hash=end,
        response=answer.message,
        finish_reason=answer.finish_reason[:60],
        error=outcome.get("error") or answer.error,
        injection=header["injection"],
        skills=_skills(header),
        preview=" ".join(user_text.split())[:_PREVIEW],
        user_text=user_text,
        response_text=readable(answer.message),
        tags=header.get("tags", {}),
        routing={name: outcome[name] for name in ("provider_dialect", "tried") if name in outcome},
        sampled=sampled,
    )


def _skills(header: dict[str, Any]) -> list[UsedSkill]:
    """The versions that went in; one that stands in two places counts once."""
    used = {row[0]: UsedSkill(UUID(row[0]), *row[1:]) for row in header["skills"]}
    return list(used.values())


def _after_crash(answer: Answer) -> str:
    """What the caller saw of an answer whose process died: its end, or not."""
    return "complete" if answer.is_whole else "truncated_crash"


def _instant(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
