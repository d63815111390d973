"""What a beat of the story works with: the job that plays it, and the time it plays at."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

from apps.jobs.handlers import JobRun
from apps.proxy.gateway.snapshots import TenantSnapshot, load
from apps.trajectories.months import first_id


@dataclass(slots=True)
class Stage:
    run: JobRun
    # When the beat ends, as the story goes.
    at: datetime
    _snapshot: TenantSnapshot | None = field(default=None)

    @property
    def tenant_id(self) -> UUID:
        return self.run.tenant_id

    @property
    def snapshot(self) -> TenantSnapshot:
        """The workspace as a gateway knows it."""
        if self._snapshot is None:
            self._snapshot = load(self.tenant_id)
        return self._snapshot

    def changed(self) -> None:
        """The library is another: what follows is asked with it."""
        self._snapshot = None

    def job(self, **payload: Any) -> JobRun:
        """For services that are jobs elsewhere: they do their work under ours."""
        return replace(self.run, payload=payload)

    def id_at(self, at: datetime, *names: object) -> UUID:
        """A version 7 id of that moment, the same for the same names: told twice, it is one."""
        named = ":".join([self.tenant_id.hex, *map(str, names)]).encode()
        bits = int.from_bytes(hashlib.blake2b(named, digest_size=10).digest()) & ((1 << 74) - 1)
        value = first_id(at).int | 0x7 << 76 | (bits >> 62) << 64 | 0b10 << 62
        return UUID(int=value | bits & ((1 << 62) - 1))

    def dice(self, *names: object) -> Random:
        """Chance that falls the same way every time."""
        return Random(f"{self.tenant_id}:{names}")  # noqa: S311  # a story, not a secret
