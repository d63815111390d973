"""Telling the counters in Redis what the ledger holds now."""

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from apps.core.bell import redis_client, ring_on_commit
from apps.core.clock import now
from apps.usage.counters.operations import SCRIPT, Today, arguments, recorded
from apps.usage.selectors.spending import spent_all
from apps.usage.types import LimitRule


def spent_announce(
    *, tenant_id: UUID, rules: Sequence[LimitRule], turn_ids: Sequence[UUID], zone: ZoneInfo
) -> None:
    """Replace what these turns hold of a budget by what they cost, once that is committed.

    A lost word is harmless: the next one holds it too, and what is held runs out by itself.
    """
    if not rules:
        return
    moment = now()
    spent = spent_all(tenant_id=tenant_id, rules=rules, at=moment)
    known = [(rule, spent[rule.limit_id]) for rule in rules]
    count, *rest = arguments(tenant_id, [recorded(turn_ids, known, Today.at(moment, zone))])

    def ring() -> None:
        with redis_client() as client:
            client.eval(SCRIPT, int(count), *rest)

    ring_on_commit(ring)
