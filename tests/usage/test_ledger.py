"""The ledger: every request once, and sums that are those of its entries."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.db.models import Sum

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.tenants.services import tenant_update
from apps.tenants.types import SYSTEM
from apps.usage import services
from apps.usage.models import UsageDay, UsageEntry
from apps.usage.selectors import spent_all
from apps.usage.selectors.usage import NUMBERS
from apps.usage.types import LimitRule, Price
from tests.factories import TenantFactory, make_fact

COST = 1000 * 250_000 + 100 * 2_000_000  # gpt-5-mini, per million


def record(tenant, *facts):
    with tenant_tx(tenant.id):
        services.usage_record(tenant_id=tenant.id, facts=facts)


def days(tenant):
    with tenant_tx(tenant.id):
        return list(UsageDay.objects.for_tenant(tenant.id).order_by("day", "model"))


def entries(tenant):
    with tenant_tx(tenant.id):
        return list(UsageEntry.objects.for_tenant(tenant.id))


def totals(tenant) -> dict[str, int]:
    with tenant_tx(tenant.id):
        return UsageDay.objects.for_tenant(tenant.id).aggregate(**{n: Sum(n) for n in NUMBERS})


def test_what_is_said_again_is_counted_once(tenant):
    first, second, third = (make_fact() for _ in range(3))

    record(tenant, first, second, first)
    record(tenant, second, third)

    assert len(entries(tenant)) == 3
    assert sum(day.requests for day in days(tenant)) == 3


def test_an_entry_has_its_price_and_its_day(tenant):
    tenant_update(tenant_id=tenant.id, actor=SYSTEM, time_zone="Asia/Tokyo")
    at = datetime(2026, 3, 10, 16, 30, tzinfo=UTC)

    record(tenant, make_fact(at=at))

    (entry,) = entries(tenant)
    assert entry.day.isoformat() == "2026-03-11"
    assert entry.cost_micros == COST // 1_000_000
    (day,) = days(tenant)
    assert (day.day, day.model, day.cost_micros) == (
        entry.day,
        "gpt-5-mini-2025-08-07",
        entry.cost_micros,
    )


def test_a_model_without_a_price_has_no_cost_and_is_counted_as_such(tenant):
    unknown = make_fact(served_model="nobody-knows", model="mine")
    record(tenant, unknown, make_fact(served_model="x", is_free=True), make_fact())

    by_model = {day.model: day for day in days(tenant)}

    assert [entry.cost_micros for entry in entries(tenant) if entry.id == unknown.id] == [None]
    assert (by_model["nobody-knows"].unpriced, by_model["nobody-knows"].cost_micros) == (1, 0)
    assert (by_model["x"].unpriced, by_model["x"].cost_micros) == (0, 0)


def test_a_price_of_its_own_comes_first(tenant, other_tenant):
    services.price_set(
        tenant_id=tenant.id, actor=SYSTEM, pattern="gpt-5-mini*", price=Price(10**6, 0, 0, 0)
    )

    record(tenant, make_fact())
    record(other_tenant, make_fact())

    assert [entry.cost_micros for entry in entries(tenant)] == [1000]
    assert [entry.cost_micros for entry in entries(other_tenant)] == [COST // 1_000_000]


def test_sums_are_those_of_their_entries_in_whatever_order_they_come(tenant):
    chance = random.Random(3)
    facts = [
        make_fact(
            key_id=uuid7() if n % 50 == 0 else make_fact().key_id,
            agent=chance.choice(["", "a", "b"]),
            served_model=chance.choice(["gpt-5", "gpt-4o", "nobody-knows"]),
            status=chance.choice(["complete", "client_aborted", "upstream_error"]),
            input_tokens=chance.randrange(10_000),
            output_tokens=chance.randrange(1000),
            cache_read_tokens=chance.randrange(100),
            is_estimated=chance.random() < 0.3,
            at=now() - timedelta(hours=chance.randrange(60)),
        )
        for n in range(300)
    ]

    for _ in range(20):
        record(tenant, *chance.sample(facts, 60))
    record(tenant, *facts)

    found, made = totals(tenant), entries(tenant)
    assert len(made) == found["requests"] == 300
    for name in ("input_tokens", "output_tokens", "cache_read_tokens"):
        assert found[name] == sum(getattr(fact, name) for fact in facts)
    assert found["aborted"] == sum(fact.status == "client_aborted" for fact in facts)
    assert found["estimated"] == sum(fact.is_estimated for fact in facts)
    assert found["unpriced"] == sum(fact.served_model == "nobody-knows" for fact in facts)
    assert found["cost_micros"] == sum(entry.cost_micros or 0 for entry in made)


def test_recorders_that_store_the_same_at_the_same_time_count_it_once(committed_db):
    tenant = TenantFactory()
    facts = [make_fact(served_model=f"m{n % 7}") for n in range(200)]

    def run(seed: int) -> None:
        mine = list(facts)
        random.Random(seed).shuffle(mine)
        try:
            for at in range(0, 200, 40):
                record(tenant, *mine[at : at + 40])
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(run, range(4)))

    assert totals(tenant)["requests"] == 200


@pytest.mark.parametrize(
    "scope, subject, expected",
    [("tenant", "", (3, 3)), ("agent", "a", (2, 2)), ("key", "one", (1, 1))],
)
def test_what_a_limit_spent_is_that_of_its_scope(tenant, scope, subject, expected):
    one, other = uuid7(), uuid7()
    record(
        tenant,
        make_fact(agent="a", key_id=one),
        make_fact(agent="a", key_id=other),
        make_fact(agent="b", key_id=other),
        make_fact(agent="a", key_id=one, at=now() - timedelta(days=62)),
    )
    rule = LimitRule(uuid7(), scope, str(one) if subject == "one" else subject, day_micros=1)
    with tenant_tx(tenant.id):
        spent = spent_all(tenant_id=tenant.id, rules=[rule], at=now())[rule.limit_id]

    each = COST // 1_000_000
    assert (spent.day_micros, spent.month_micros) == (expected[0] * each, expected[1] * each)


def test_old_entries_go_and_their_sums_stay(tenant):
    record(tenant, make_fact(at=now() - timedelta(days=401)), make_fact())

    services.usage_sweep()

    assert len(entries(tenant)) == 1
    assert totals(tenant)["requests"] == 2
