"""Writing down what requests used: once each, however often it is said."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from apps.core.bulk import run_with_json
from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.tenants.selectors import tenant_get, tenant_ids
from apps.usage.days import day_of, zone_of
from apps.usage.models import Limit, UsageEntry
from apps.usage.selectors.limits import rule_of
from apps.usage.selectors.prices import price_table
from apps.usage.services.announcing import spent_announce
from apps.usage.types import PriceTable, UsageFact

_KEPT = timedelta(days=400)
_ABORTED = ("client_aborted", "truncated_upstream", "truncated_crash")

# The days take what was new, in the order of their keys: two recorders never deadlock.
_RECORD = """
WITH fresh AS (
  INSERT INTO usage_usageentry (id, tenant_id, created_at, at, day, key_id, agent, model,
    served_model, upstream, status, input_tokens, output_tokens, cache_read_tokens,
    cache_write_tokens, is_estimated, cost_micros)
  SELECT id, tenant_id, now(), at, day, key_id, agent, model, served_model, upstream, status,
    input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, is_estimated, cost_micros
  FROM json_to_recordset(%s::json) new (id uuid, tenant_id uuid, at timestamptz, day date,
    key_id uuid, agent text, model text, served_model text, upstream text, status text,
    input_tokens int, output_tokens int, cache_read_tokens int, cache_write_tokens int,
    is_estimated bool, cost_micros bigint)
  ON CONFLICT DO NOTHING
  RETURNING *
)
INSERT INTO usage_usageday AS known (id, tenant_id, created_at, day, key_id, agent, model, upstream,
  requests, aborted, estimated, unpriced, input_tokens, output_tokens, cache_read_tokens,
  cache_write_tokens, cost_micros)
SELECT gen_random_uuid(), tenant_id, now(), day, key_id, agent,
  coalesce(nullif(served_model, ''), model), upstream,
  count(*), count(*) FILTER (WHERE status IN ('client_aborted', 'truncated_upstream',
    'truncated_crash')), count(*) FILTER (WHERE is_estimated),
  count(*) FILTER (WHERE cost_micros IS NULL), sum(input_tokens), sum(output_tokens),
  sum(cache_read_tokens), sum(cache_write_tokens), coalesce(sum(cost_micros), 0)
FROM fresh GROUP BY 2, 4, 5, 6, 7, 8 ORDER BY 4, 5, 6, 7, 8
ON CONFLICT (tenant_id, day, key_id, agent, model, upstream) DO UPDATE SET
  requests = known.requests + excluded.requests,
  aborted = known.aborted + excluded.aborted,
  estimated = known.estimated + excluded.estimated,
  unpriced = known.unpriced + excluded.unpriced,
  input_tokens = known.input_tokens + excluded.input_tokens,
  output_tokens = known.output_tokens + excluded.output_tokens,
  cache_read_tokens = known.cache_read_tokens + excluded.cache_read_tokens,
  cache_write_tokens = known.cache_write_tokens + excluded.cache_write_tokens,
  cost_micros = known.cost_micros + excluded.cost_micros
"""


def usage_record(*, tenant_id: UUID, facts: Sequence[UsageFact]) -> PriceTable:
    """Count what these requests used; those that are counted already change nothing.

    Runs in the caller's transaction. When that is committed, gateways hear what is left.
    Answers with the prices it went by, for whoever counts on.
    """
    if not facts:
        return PriceTable()
    with tenant_tx(tenant_id):
        zone = zone_of(tenant_get(tenant_id=tenant_id).time_zone)
        prices = price_table(tenant_id=tenant_id)
        # In the order of their ids: two recorders that count the same never deadlock.
        ordered = sorted(facts, key=lambda fact: fact.id)
        rows = [_row(tenant_id, fact, prices) for fact in ordered]
        for row in rows:
            row["day"] = day_of(row["at"], zone).isoformat()
        run_with_json(_RECORD, rows)
        rules = [rule_of(row) for row in Limit.objects.for_tenant(tenant_id)]
        spent_announce(
            tenant_id=tenant_id,
            rules=[rule for rule in rules if rule.has_money],
            turn_ids=[fact.id for fact in facts],
            zone=zone,
        )
    return prices


def usage_sweep() -> None:
    """Let go of old entries; the sums of their days stay. For once a day."""
    before = now() - _KEPT
    for tenant_id in tenant_ids():
        with tenant_tx(tenant_id):
            UsageEntry.objects.for_tenant(tenant_id).filter(at__lt=before)._raw_delete(
                using="default"
            )


def _row(tenant_id: UUID, fact: UsageFact, prices: PriceTable) -> dict[str, Any]:
    return {
        "id": fact.id,
        "tenant_id": tenant_id,
        "at": fact.at,
        "key_id": fact.key_id,
        "agent": fact.agent,
        "model": fact.model,
        "served_model": fact.served_model,
        "upstream": fact.upstream,
        "status": fact.status,
        "input_tokens": fact.input_tokens,
        "output_tokens": fact.output_tokens,
        "cache_read_tokens": fact.cache_read_tokens,
        "cache_write_tokens": fact.cache_write_tokens,
        "is_estimated": fact.is_estimated,
        "cost_micros": _cost(fact, prices),
    }


def _cost(fact: UsageFact, prices: PriceTable) -> int | None:
    if fact.is_free or not (fact.input_tokens or fact.output_tokens):
        return 0
    price = prices.price_for(fact)
    if price is None:
        return None
    return price.cost(
        input_tokens=fact.input_tokens,
        output_tokens=fact.output_tokens,
        read=fact.cache_read_tokens,
        written=fact.cache_write_tokens,
    )
