"""One request on its way through the gateway: its ids, its clock and its spool records."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from apps.core.ids import uuid7
from apps.proxy.gateway.injection import Injection
from apps.proxy.gateway.limits.meter import Meter
from apps.proxy.gateway.sessions import Conversation
from apps.proxy.spool.frames import CHUNK, pack, pack_begin, pack_end
from apps.proxy.spool.writer import SpoolWriter
from apps.tenants.types import KeyGrant
from apps.upstreams.types import UpstreamConnection

if TYPE_CHECKING:
    from apps.proxy.gateway.tracing import RequestTrace

_NO_ROOM = {
    "type": "spool_full",
    "message": "The gateway had no room left to record all of this answer.",
}


@dataclass(slots=True)
class TurnInFlight:
    """What is known of a turn so far. Its records go to the spool, in order."""

    spool: SpoolWriter
    id: UUID = field(default_factory=uuid7)
    started_at: float = field(default_factory=time.time)
    _clock: float = field(default_factory=time.perf_counter)
    timings: dict[str, int] = field(default_factory=lambda: {"received": 0})
    has_begun: bool = False
    has_ended: bool = False
    # In one word how it ended.
    outcome: str = ""
    # Set once a record did not fit into the spool: what follows would tell another story.
    has_gap: bool = False
    _kept: list[bytes] | None = None
    _when_complete: Callable[[bytes, str], None] | None = None
    _when_failed: Callable[[], None] | None = None
    _is_unknown: bool = False
    # Who answered in the end, and who was asked before, if that is not as it began.
    _went: dict[str, Any] = field(default_factory=dict)
    # Reads along what the answer costs, where that is limited.
    meter: Meter | None = None
    # The process is about to end, and cannot wait for the turn.
    is_stopping: bool = False
    # Where somebody traces requests.
    trace: "RequestTrace | None" = None
    _encoding: str = ""

    def keep_answer(
        self, when_complete: Callable[[bytes, str], None], when_failed: Callable[[], None]
    ) -> None:
        """Hold the answer in memory too: a conversation without a name is known by it.

        ``when_complete`` gets it, and its encoding, before the caller sees its end: the
        caller's next request may come at once. ``when_failed`` is called instead if there
        was no whole answer.
        """
        self._kept, self._when_complete, self._when_failed = [], when_complete, when_failed

    def went(
        self,
        upstream: UpstreamConnection,
        dialect: str,
        tried: list[dict[str, Any]],
        model: str = "",
    ) -> None:
        """Note who answers, as soon as that is clear; ``model`` as it is called there."""
        self._went = {"upstream": upstream.name, "provider_dialect": dialect}
        if model:
            self._went["provider_model"] = model
        if upstream.is_free:
            self._went["is_free"] = True
        if tried:
            self._went["tried"] = tried
        if self.trace is not None:
            self.trace.answered_by(dialect, len(tried) + 1)

    def mark(self, step: str) -> None:
        """Note that a step was reached, in milliseconds since the request came."""
        if step in self.timings:
            return
        self.timings[step] = int((time.perf_counter() - self._clock) * 1000)
        if self.trace is not None:
            self.trace.step(step)

    def begin(
        self,
        *,
        grant: KeyGrant,
        upstream: UpstreamConnection | None,
        conversation: Conversation,
        injection: Injection,
        request: dict[str, Any],
        body: bytes,
    ) -> None:
        """Record the request before the provider hears of it."""
        header = {
            "tenant": grant.tenant_id,
            "key_id": grant.key_id,
            "key_name": grant.name,
            "upstream": upstream.name if upstream else "",
            "is_simulated": upstream.is_simulated if upstream else False,
            "session_id": conversation.session_id,
            "session_source": conversation.source,
            "external_session_id": conversation.external_id,
            "started_at": self.started_at,
            "reached": self.timings,
            "injection": injection.facts(conversation),
            "skills": [
                [one.version_id, one.slug, one.version, injection.score_of(one), one.tokens]
                for one in injection.skills
            ],
            **request,
        }
        self.has_begun = True
        if self.trace is not None:
            self.trace.asked(header)
            # Held so that the span can say what the answer cost.
            self._kept = self._kept or []
        self._append(pack_begin(self.id.bytes, header, body))
        self._is_unknown = self.has_gap

    def count(
        self,
        grant: KeyGrant,
        upstream: UpstreamConnection,
        request: dict[str, Any],
        asked_tokens: int,
    ) -> None:
        """Have what was used counted, of a request that is no turn and leaves nothing else."""
        assert self.meter is not None  # whoever wants a count has it metered
        used = self.meter.used(asked_tokens)
        header = {
            "tenant": grant.tenant_id,
            "key_id": grant.key_id,
            "upstream": upstream.name,
            "counts_only": True,
            "input_tokens": used.input_tokens,
            "is_free": upstream.is_free,
            **request,
        }
        outcome = {"status": "complete", "http_status": 200, "finished_at": time.time()}
        frames = pack_begin(self.id.bytes, header, b"{}") + pack_end(self.id.bytes, outcome)
        self.spool.append(frames)
        self.outcome = "complete"

    def chunk(self, data: bytes) -> None:
        if self.meter is not None:
            self.meter.feed(data)
        if self.has_ended or not self.has_begun:
            # Behind the end mark, where the record is closed; or of what is not recorded.
            return
        if self._kept is not None:
            self._kept.append(data)
        if not self.has_gap:
            self._append(pack(CHUNK, self.id.bytes, data))

    def _append(self, frame: bytes) -> None:
        self.has_gap = not self.spool.append(frame) or self.has_gap

    def end(
        self,
        *,
        status: str,
        http_status: int,
        data: bytes = b"",
        encoding: str = "",
        error: dict[str, str] | None = None,
        sample: dict[str, Any] | None = None,
    ) -> None:
        """Record how it ended, together with the last bytes. Only the first end counts.

        ``sample``: the answer in the tokens of the policy that gave it.
        """
        if self.meter is not None and not self.has_ended:
            self.meter.feed(data)
        if self.has_ended or not self.has_begun:
            return
        self.has_ended = True
        self.outcome = status
        self.mark("finished")
        outcome = {
            "status": status,
            "http_status": http_status,
            "finished_at": time.time(),
            "latency_ms": self.timings["finished"],
            "timings": self.timings,
            "encoding": encoding,
            "error": error,
            **self._went,
        }
        if sample is not None:
            outcome["sample"] = sample
        self._write_end(data, outcome)
        if self._kept is None:
            return
        self._kept.append(data)
        self._encoding = encoding
        if status == "complete" and self._when_complete is not None:
            self._when_complete(b"".join(self._kept), encoding)
        elif self._when_failed is not None:
            self._when_failed()

    def end_trace(self) -> None:
        """Everything is sent: nobody waits any more while the answer is looked through."""
        if self.trace is not None:
            self.trace.end(self.outcome, b"".join(self._kept or ()), self._encoding)

    def _write_end(self, data: bytes, outcome: dict[str, Any]) -> None:
        if self._is_unknown:
            return
        last = pack(CHUNK, self.id.bytes, data) if data else b""
        if self.has_gap:
            last, outcome = b"", outcome | {"status": "truncated_crash", "error": _NO_ROOM}
        self._append(last + pack_end(self.id.bytes, outcome))
