from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from apps.core.bulk import run_with_json
from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.tenants.models import RefusedRequest
from apps.tenants.types import RefusedFact

_KEPT = timedelta(days=7)

# What is read twice is counted twice: these are for a person to look at, not for accounts.
_RECORD = """
INSERT INTO tenants_refusedrequest AS known (id, tenant_id, created_at, key_id, code, http_status,
  is_authenticated, detail, times, last_at)
SELECT id, tenant_id, now(), key_id, code, http_status, is_authenticated, detail, times, last_at
FROM json_to_recordset(%s::json) new (id uuid, tenant_id uuid, key_id uuid, code text,
  http_status int, is_authenticated bool, detail text, times int, last_at timestamptz)
ON CONFLICT (tenant_id, key_id, code) DO UPDATE SET
  times = least(known.times + excluded.times, 1000000), detail = excluded.detail,
  http_status = excluded.http_status, is_authenticated = excluded.is_authenticated,
  last_at = greatest(known.last_at, excluded.last_at)
"""


def refused_record(*, tenant_id: UUID, facts: Sequence[RefusedFact]) -> None:
    """Note requests that were turned away; those of a week ago are forgotten meanwhile."""
    if not facts:
        return
    summed: dict[tuple[UUID, str], dict[str, Any]] = {}
    for fact in sorted(facts, key=lambda one: one.at):
        row = summed.setdefault((fact.key_id, fact.code), {"id": uuid7(), "times": 0})
        row |= {
            "tenant_id": tenant_id,
            "key_id": fact.key_id,
            "code": fact.code,
            "http_status": fact.http_status,
            "is_authenticated": fact.is_authenticated,
            "detail": fact.detail,
            "times": row["times"] + fact.times,
            "last_at": fact.at,
        }
    with tenant_tx(tenant_id):
        # In one order, so that two recorders never wait for each other.
        run_with_json(_RECORD, [summed[key] for key in sorted(summed)])
        RefusedRequest.objects.for_tenant(tenant_id).filter(last_at__lt=now() - _KEPT).delete()
