"""What Postgres holds of a row's turns. Needs a configured Django."""

import time
from collections.abc import Set
from dataclasses import dataclass, field
from uuid import UUID

from django.db.models import Sum

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.skills.models import SkillStat
from apps.trajectories.models import Turn
from apps.trajectories.months import first_id
from bench.workspace import Workspace

_LOOK_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Stored:
    """A turn on record."""

    status: str
    text: str

    @property
    def is_complete(self) -> bool:
        return self.status == Turn.Status.COMPLETE


@dataclass(frozen=True, slots=True)
class Record:
    """The turns of a workspace that began after this was made."""

    space: Workspace
    since: UUID = field(default_factory=lambda: first_id(now()))

    def count(self) -> int:
        with tenant_tx(self.space.tenant_id):
            turns = Turn.objects.for_tenant(self.space.tenant_id)
            return turns.filter(id__gte=self.since).count()

    def skill_uses(self) -> int:
        """How often the workspace's skills were counted as used, ever."""
        with tenant_tx(self.space.tenant_id):
            stats = SkillStat.objects.for_tenant(self.space.tenant_id)
            return stats.aggregate(uses=Sum("uses"))["uses"] or 0

    def turns(self) -> dict[str, Stored]:
        with tenant_tx(self.space.tenant_id):
            turns = Turn.objects.for_tenant(self.space.tenant_id).filter(id__gte=self.since)
            rows = turns.values_list("id", "status", "response_text")
            return {str(id): Stored(status, text) for id, status, text in rows}

    def await_all(self, turn_ids: Set[str], *, seconds: float) -> dict[str, Stored]:
        """The turns on record once all of these are; or after so many seconds."""
        ends_at = time.monotonic() + seconds
        found = self.turns()
        while turn_ids - found.keys() and time.monotonic() < ends_at:
            time.sleep(1.0)
            found = self.turns()
        return found

    def settle(self, wanted: int, *, seconds: float, quiet: float = 2.0) -> int:
        """Wait until so many turns are there, and a moment for more; or for ``seconds``.

        Answers with how many there are.
        """
        ends_at = time.monotonic() + seconds
        found, moved_at = self.count(), time.monotonic()
        while time.monotonic() < ends_at:
            if found >= wanted and time.monotonic() - moved_at > quiet:
                break
            time.sleep(_LOOK_SECONDS)
            count = self.count()
            if count != found:
                found, moved_at = count, time.monotonic()
        return found
