"""Who waits for the engine: each run and each policy has a lane, and lanes take turns."""

import heapq
import itertools
from collections import deque
from collections.abc import Iterable
from typing import Protocol

from apps.trainer.sampling.batch import Batch, Job
from apps.trainer.types import Request

# Rows sampled together, and tokens (prompt and answer) that they may hold together.
_ROWS = 64
_TOKENS = 65_536


class Lane(Protocol):
    tenant: str
    last_turn: int

    def is_ready(self) -> bool: ...


class RunLane:
    """A run's requests in the order of their numbers; those that come early are held."""

    def __init__(self, tenant: str, run_id: str, applied: int) -> None:
        self.tenant = tenant
        self.run_id = run_id
        self.applied = applied
        self.last_turn = 0
        self._held: list[tuple[int, Request]] = []

    def add(self, request: Request) -> None:
        heapq.heappush(self._held, (request.seq, request))

    def is_ready(self) -> bool:
        return bool(self._held) and self._held[0][0] == self.applied + 1

    def next(self) -> Request:
        return self._held[0][1]

    def is_done(self) -> None:
        seq, _ = heapq.heappop(self._held)
        self.applied = seq


class PolicyLane:
    """Sampling from one base with one adapter (or none), for one tenant."""

    def __init__(self, tenant: str, base: str, file: str | None, rank: int) -> None:
        self.tenant = tenant
        self.base = base
        self.file = file
        self.rank = rank
        self.last_turn = 0
        self.batches: deque[Batch] = deque()
        self._waiting: deque[Job] = deque()

    def add(self, job: Job) -> None:
        self._waiting.append(job)

    def is_ready(self) -> bool:
        return bool(self.batches or self._waiting)

    def take(self) -> list[Job]:
        """The next jobs that fit beside those under way; at least one if there are none."""
        taken: list[Job] = []
        under_way = [job for batch in self.batches for job in batch.jobs]
        rows = sum(job.ask.samples for job in under_way)
        tokens = sum(job.cost for job in under_way)
        while self._waiting:
            job = self._waiting[0]
            rows += job.ask.samples
            tokens += job.cost
            if (taken or under_way) and (rows > _ROWS or tokens > _TOKENS):
                break
            taken.append(self._waiting.popleft())
        return taken


class Turns:
    """Tenants take turns, and within a tenant its lanes."""

    def __init__(self) -> None:
        self._count = itertools.count(1)
        self._tenants: dict[str, int] = {}

    def next(self, lanes: Iterable[Lane]) -> Lane | None:
        """The ready lane whose turn it is."""
        ready = [lane for lane in lanes if lane.is_ready()]
        if not ready:
            return None
        lane = min(ready, key=lambda lane: (self._tenants.get(lane.tenant, 0), lane.last_turn))
        lane.last_turn = self._tenants[lane.tenant] = next(self._count)
        return lane
