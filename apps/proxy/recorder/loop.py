"""The recorder: follows the spool and stores finished turns, in batches, exactly once.

What is stored is known by the turn's id, so that reading a segment twice is harmless; a
segment is deleted only when everything in it is in Postgres. With Postgres away, turns wait
in the spool.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from uuid import UUID

import orjson
from django.db import (
    DatabaseError,
    InterfaceError,
    OperationalError,
    close_old_connections,
    connection,
)

from apps.core.clock import now
from apps.proxy.recorder.arriving import Arriving
from apps.proxy.recorder.assemble import OpenTurn
from apps.proxy.recorder.quarantine import Quarantine
from apps.proxy.recorder.storing import Found, Work, found_in, records_store
from apps.proxy.spool.frames import BEGIN, CHUNK, END, Frame, pack
from apps.proxy.spool.reader import SpoolReader
from apps.tenants.selectors import tenant_ids
from apps.trajectories.types import TurnRecord

logger = logging.getLogger(__name__)

_PAUSE_SECONDS = 0.1
_PAUSE_WITHOUT_DATABASE_SECONDS = 1.0
_LOOK_FOR_GONE_SECONDS = 10.0
# What waits is stored in large batches, and in small ones while it comes in drops.
_BATCH = 500


@dataclass(slots=True)
class Counters:
    stored: int = 0
    # Set aside: unreadable, or refused by Postgres.
    unreadable: int = 0


_Read = tuple[UUID, Found | Exception]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """A batch that is being read while another one is stored."""

    batch: dict[UUID, OpenTurn]
    read: Future[list[_Read]]


def _read(batch: dict[UUID, OpenTurn]) -> list[_Read]:
    """The records of a batch. Touches nothing but what it is given: runs on a thread."""
    read: list[_Read] = []
    for turn_id, turn in batch.items():
        try:
            read.append((turn_id, found_in(turn_id, turn)))
        except Exception as exc:  # the edge: one turn that cannot be read must not hold up others
            read.append((turn_id, exc))
    return read


class Recorder:
    """One per spool folder. Not for use from several threads."""

    def __init__(self, folder: Path) -> None:
        self._quarantine = Quarantine(folder)
        self._reader = SpoolReader(folder, self._quarantine.take)
        self._open: dict[UUID, OpenTurn] = {}
        self._finished: dict[UUID, OpenTurn] = {}
        self._strays: set[UUID] = set()
        self._arriving = Arriving()
        self.counters = Counters()
        # Reads the next batch while Postgres stores this one.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="assemble")
        self._ahead: _Ahead | None = None
        # The workspaces of the last look; None: nobody has looked yet.
        self._staying: frozenset[UUID] | None = None
        self._look_again_at = 0.0

    def run(self, is_stopped: Callable[[], bool]) -> None:
        """Follow the spool until told to stop."""
        while not is_stopped():
            pause = _PAUSE_SECONDS
            try:
                if self.step():
                    pause = 0.0
                self.forget_gone()
            except DatabaseError as exc:
                logger.warning("recorder.database_away", extra={"reason": exc})
                connection.close()
                pause = _PAUSE_WITHOUT_DATABASE_SECONDS
            time.sleep(pause)

    def forget_gone(self, *, at_once: bool = False) -> None:
        """Look from time to time whether a workspace is gone, and let go of what was set aside
        of it. What waits in the files of the spool is dropped when it is read."""
        if not at_once and time.monotonic() < self._look_again_at:
            return
        self._look_again_at = time.monotonic() + _LOOK_FOR_GONE_SECONDS
        close_old_connections()
        staying = frozenset(tenant_ids())
        if self._staying is None or self._staying - staying:
            self._quarantine.forget_others(staying)
        self._staying = staying

    def step(self) -> int:
        """Read what is new and store what is finished; answers with how many turns."""
        if len(self._finished) < 2 * _BATCH:
            # What cannot be stored yet stays in the files, not in memory.
            self._strays.clear()
            for frame in self._reader.poll():
                self._take(frame)
            self._finish_orphans()
            self._reader.stored(self._strays)
        count = self._store()
        # Afterwards: what is over already need not be announced as beginning.
        self._arriving.tell()
        return count

    def _take(self, frame: Frame) -> None:
        try:
            if frame.kind == BEGIN:
                begun = OpenTurn(frame.header, frame.body)
                if self._open.setdefault(frame.turn_id, begun) is begun:
                    self._arriving.begun(frame.turn_id, begun.header)
                return
            turn = self._open.get(frame.turn_id)
            if turn is None:
                # Its beginning was stored earlier, or is damaged: these lead nowhere.
                if frame.turn_id not in self._finished:
                    self._strays.add(frame.turn_id)
                return
            if frame.kind == CHUNK:
                if not turn.chunks:
                    self._arriving.begun(frame.turn_id, turn.header, is_answering=True)
                turn.chunks.append(frame.content)
            elif frame.kind == END:
                turn.outcome = frame.header
                self._finished[frame.turn_id] = self._open.pop(frame.turn_id)
                self._arriving.ended(frame.turn_id)
        except (orjson.JSONDecodeError, ValueError) as exc:
            self.counters.unreadable += 1
            raw = pack(frame.kind, frame.turn_id.bytes, frame.content)
            self._quarantine.keep(str(frame.turn_id), [raw], exc)

    def _finish_orphans(self) -> None:
        """Turns of processes that died stay as they were left, and never look complete."""
        dead = self._reader.dead_boots()
        if not dead:
            return
        alive = {
            turn_id
            for segment in self._reader.segments.values()
            if segment.boot not in dead
            for turn_id in segment.waiting
        }
        for turn_id in list(self._open):
            if turn_id not in alive:
                self._finished[turn_id] = self._open.pop(turn_id)
        # Frames without a beginning (it was damaged) lead nowhere.
        known = self._open.keys() | self._finished.keys() | alive
        lost = {t for s in self._reader.segments.values() for t in s.waiting} - known
        self._reader.stored(lost)

    def _store(self) -> int:
        if not self._finished:
            self._reader.stored(set())
            return 0
        close_old_connections()
        work: dict[UUID, Work] = defaultdict(Work)
        batch, read = self._next_batch()
        for turn_id, found in read:
            if isinstance(found, Exception):
                self._set_aside(turn_id, batch[turn_id], found)
            else:
                work[UUID(batch[turn_id].header["tenant"])].add(found)
        known = set(tenant_ids())
        for tenant_id in [one for one in work if one in known]:
            if work[tenant_id].records:
                self._store_batch(tenant_id, work[tenant_id].records)
            work[tenant_id].store_rest(tenant_id)
        for turn_id in batch:
            del self._finished[turn_id]
        self._reader.stored(set(batch))
        return len(batch)

    def _next_batch(self) -> tuple[dict[UUID, OpenTurn], list[_Read]]:
        """What is to be stored now; what comes after it is read meanwhile."""
        ahead, self._ahead = self._ahead, None
        # After a failure the batch before it comes first: a conversation is stored in its order.
        if ahead is not None and next(iter(ahead.batch)) == next(iter(self._finished)):
            batch, read = ahead.batch, ahead.read.result()
        else:
            batch = dict(islice(self._finished.items(), _BATCH))
            read = _read(batch)
        rest = {
            turn_id: turn
            for turn_id, turn in islice(self._finished.items(), 2 * _BATCH)
            if turn_id not in batch
        }
        if rest:
            after = dict(islice(rest.items(), _BATCH))
            self._ahead = _Ahead(after, self._thread.submit(_read, after))
        return batch, read

    def _set_aside(self, turn_id: UUID, turn: OpenTurn, reason: Exception) -> None:
        self.counters.unreadable += 1
        logger.error("recorder.unreadable", extra={"turn_id": turn_id}, exc_info=reason)
        self._quarantine.keep(str(turn_id), turn.frames(turn_id), reason)

    def _store_batch(self, tenant_id: UUID, records: list[TurnRecord]) -> None:
        """All at once; where Postgres refuses that, one by one, without the refused ones."""
        try:
            self._store_tenant(tenant_id, records)
        except (OperationalError, InterfaceError):
            raise
        except Exception as exc:  # the edge: whatever is wrong with a turn stays with that turn
            if len(records) > 1:
                for record in records:
                    self._store_batch(tenant_id, [record])
                return
            self._set_aside(records[0].id, self._finished[records[0].id], exc)

    def _store_tenant(self, tenant_id: UUID, records: list[TurnRecord]) -> None:
        new = records_store(tenant_id, records)
        self.counters.stored += len(new)
        lag = max((now() - r.finished_at).total_seconds() for r in records)
        logger.info(
            "recorder.stored",
            extra={"tenant_id": tenant_id, "turns": len(new), "lag_seconds": round(lag, 3)},
        )
