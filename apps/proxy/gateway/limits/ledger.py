"""What was spent, asked of Postgres: rarely, and never while requests wait without need."""

import asyncio
import logging
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, close_old_connections

from apps.core.tenancy import tenant_tx
from apps.usage.counters.operations import Today
from apps.usage.selectors import spent_all
from apps.usage.types import LimitRule, Spent

logger = logging.getLogger(__name__)

_FRESH_SECONDS = 5.0
_DEADLINE_SECONDS = 2.0

Sums = dict[UUID, Spent]


@dataclass(slots=True)
class _Known:
    at: float
    today: Today
    sums: Sums


class Ledger:
    """One per process."""

    def __init__(self) -> None:
        self._known: dict[UUID, _Known] = {}
        self._asking: dict[UUID, asyncio.Task[None]] = {}
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    def stop(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def spent(
        self, tenant_id: UUID, rules: Sequence[LimitRule], moment: datetime, today: Today
    ) -> Sums:
        """By limit, for all limits of a workspace with money; empty where nobody knows.

        With Postgres away the last answer holds for METACLAW_MONEY_GRACE_SECONDS.
        """
        known = self._known.get(tenant_id)
        if known is None or known.today != today or time.monotonic() - known.at > _FRESH_SECONDS:
            await self._ask_once(tenant_id, rules, moment, today)
            known = self._known.get(tenant_id)
        if known is None or known.today != today:
            return {}
        longest = _FRESH_SECONDS + settings.METACLAW_MONEY_GRACE_SECONDS
        if time.monotonic() - known.at > longest:
            return {}
        return known.sums

    async def _ask_once(
        self, tenant_id: UUID, rules: Sequence[LimitRule], moment: datetime, today: Today
    ) -> None:
        """Requests that want to know the same at the same time share one look."""
        asking = self._asking.get(tenant_id)
        if asking is None:
            asking = asyncio.create_task(self._ask(tenant_id, rules, moment, today))
            self._asking[tenant_id] = asking
            asking.add_done_callback(lambda _: self._asking.pop(tenant_id, None))
        await asyncio.wait((asking,), timeout=_DEADLINE_SECONDS)

    async def _ask(
        self, tenant_id: UUID, rules: Sequence[LimitRule], moment: datetime, today: Today
    ) -> None:
        with_money = [rule for rule in rules if rule.has_money]

        def look() -> Sums:
            close_old_connections()
            with tenant_tx(tenant_id):
                return spent_all(tenant_id=tenant_id, rules=with_money, at=moment)

        began = time.monotonic()
        try:
            sums = await asyncio.get_running_loop().run_in_executor(self._threads, look)
        except DatabaseError as exc:
            logger.warning("gateway.ledger_away", extra={"reason": str(exc)[:200]})
            return
        self._known[tenant_id] = _Known(began, today, sums)
