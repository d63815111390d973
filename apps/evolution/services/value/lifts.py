"""What a version is worth beside not having it: only where something of the kind was tried."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from apps.evolution.models import Canary, Replay, ReplayCase

# The first is the better control: sessions drawn by lot, of the same days and agents.
Control = Literal["canary", "replay"]


@dataclass(frozen=True, slots=True)
class Lift:
    """Success with the version minus success without it (−1 to 1), with its 95 % interval."""

    control: Control
    # The canary, or the replay, that says so.
    source_id: UUID
    difference: float
    low: float
    high: float
    # Pairs of sessions, or turns asked both ways.
    pairs: int
    is_simulated: bool
    at: datetime


def lifts_of(*, tenant_id: UUID, sha256_of: Mapping[UUID, str]) -> dict[UUID, Lift]:
    """By version, given with the hash of its text; none for those that nothing was held against.

    Only what compared the two arms counts. Turns that just happened to go without a version were
    others in more than that.
    """
    replayed = _replayed(tenant_id, set(sha256_of.values()))
    found = {one: replayed[sha256] for one, sha256 in sha256_of.items() if sha256 in replayed}
    rows = Canary.objects.for_tenant(tenant_id).filter(version_id__in=sha256_of)
    for canary in rows.order_by("id"):
        standing = canary.result.get("reward", {})
        if standing.get("pairs"):
            found[canary.version_id] = Lift(
                control="canary",
                source_id=canary.id,
                difference=standing["difference"],
                low=standing["low"],
                high=standing["high"],
                pairs=standing["pairs"],
                is_simulated=False,
                at=canary.ended_at or canary.created_at,
            )
    return found


def _replayed(tenant_id: UUID, hashes: set[str]) -> dict[str, Lift]:
    """By hash of the text. Turns that the evolver had not seen, where any were asked again."""
    rows = Replay.objects.for_tenant(tenant_id).filter(
        sha256__in=hashes, status=Replay.Status.DONE, finished_at__isnull=False
    )
    found: dict[str, Lift] = {}
    for replay in rows.order_by("id"):
        groups: dict[str, Any] = replay.result.get("groups", {})
        group = groups.get(ReplayCase.Group.HELD_OUT) or groups.get("failing")
        if group and replay.finished_at:
            found[replay.sha256] = Lift(
                control="replay",
                source_id=replay.id,
                # Votes are from −1 to 1, shares of success from 0 to 1.
                difference=group["lift"] / 2,
                low=group["low"] / 2,
                high=group["high"] / 2,
                pairs=group["pairs"],
                is_simulated=replay.is_simulated,
                at=replay.finished_at,
            )
    return found
