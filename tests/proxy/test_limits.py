"""Workspaces, keys and agents are held to their limits, in every gateway process."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings

from apps.core.tenancy import tenant_tx
from apps.tenants.types import SYSTEM
from apps.usage.models import UsageEntry
from apps.usage.services import limit_create, price_set
from apps.usage.types import Price
from tests import database
from tests.proxy.conftest import Recorded, Workspace, chat_body, make_workspace, record_all
from tests.proxy.fault_proxy import FaultProxy
from tests.proxy.provider import Provider
from tests.proxy.running import Answer, RunningGateway

Make = Callable[..., RunningGateway]
# A dollar a token: an answer of the provider (11 in, 7 out) costs $18.
DOLLAR = Price(10**12, 10**12, 10**12, 10**12)


@pytest.fixture
def mine(committed: None, provider: Provider) -> Workspace:
    return make_workspace("openai", provider)


def limit(workspace: Workspace, scope: str = "tenant", subject: str = "", **numbers: Any) -> None:
    limit_create(tenant_id=workspace.id, actor=SYSTEM, scope=scope, subject=subject, **numbers)


def price(workspace: Workspace, pattern: str = "*") -> None:
    price_set(tenant_id=workspace.id, actor=SYSTEM, pattern=pattern, price=DOLLAR)


def ask(gateway: RunningGateway, workspace: Workspace, **headers: str) -> Answer:
    return gateway.chat(chat_body(max_tokens=7), key=workspace.key, **headers)


def outcomes(answers: list[Answer]) -> Counter[int]:
    return Counter(answer.status for answer in answers)


def test_of_many_requests_at_once_to_two_processes_exactly_those_that_fit_pass(
    new_gateway: Make, mine: Workspace
) -> None:
    limit(mine, requests_per_minute=10)
    gateways = [new_gateway().wait(), new_gateway().wait()]

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(lambda n: ask(gateways[n % 2], mine), range(40)))

    assert outcomes(answers) == {200: 10, 429: 30}


@pytest.mark.parametrize(
    "dialect, kind, code",
    [
        ("openai", "rate_limit_error", "rate_limit_exceeded"),
        ("anthropic", "rate_limit_error", None),
        ("responses", "rate_limit_error", "rate_limit_exceeded"),
    ],
)
def test_a_refusal_has_the_shape_of_its_dialect_and_says_when_to_come_again(
    gateway: RunningGateway, mine: Workspace, dialect: str, kind: str, code: str | None
) -> None:
    limit(mine, requests_per_minute=1)
    asked = {"input": "Hello"} if dialect == "responses" else {}
    body = chat_body(max_tokens=5, **asked)
    ask(gateway, mine)

    refused = gateway.chat(body, dialect, key=mine.key)

    assert refused.status == 429
    assert (refused.error["type"], refused.error.get("code")) == (kind, code)
    assert "This workspace is limited to 1 requests a minute" in refused.error["message"]
    assert 1 <= int(refused.headers["retry-after"]) <= 120
    assert refused.headers["x-metaclaw-limit"] == "requests_per_minute"


def test_answers_under_way_are_counted_until_they_end(
    gateway: RunningGateway, mine: Workspace
) -> None:
    limit(mine, concurrent_streams=1)
    body = chat_body("paced:0.3", stream=True)
    with gateway.open(body, key=mine.key) as wire:
        wire.read_until(b"data:")
        during = ask(gateway, mine)
    time.sleep(0.3)

    after = ask(gateway, mine)

    assert (during.status, after.status) == (429, 200)
    assert during.headers["retry-after"] == "1"


def test_what_an_answer_cost_is_spent_and_what_was_reserved_beyond_that_is_not(
    gateway: RunningGateway, mine: Workspace, recorded: Recorded
) -> None:
    price(mine)
    # Three answers, and what a fourth one could cost at most (its body and 7 tokens).
    limit(mine, day_micros=(3 * 18 + 30) * 10**6)

    answers = [ask(gateway, mine) for _ in range(3)]
    for answer in answers:
        recorded.turn(mine, answer.turn_id)
    time.sleep(0.3)
    last, over = ask(gateway, mine), ask(gateway, mine)

    assert outcomes([*answers, last]) == {200: 4}
    assert over.status == 429
    assert over.error["code"] == "insufficient_quota"
    assert over.headers["x-should-retry"] == "false"
    assert "$84.00 a day" in over.error["message"]
    with tenant_tx(mine.id):
        entries = list(UsageEntry.objects.for_tenant(mine.id))
    assert [entry.cost_micros for entry in entries] == [18 * 10**6] * 3


def test_a_model_nobody_knows_the_price_of_is_not_paid_from_a_budget(
    gateway: RunningGateway, mine: Workspace
) -> None:
    limit(mine, month_micros=10**9)

    refused = ask(gateway, mine)
    price(mine, "ok")
    time.sleep(1.0)

    assert (refused.status, refused.error["code"]) == (400, "price_unknown")
    assert "nobody knows what ok costs" in refused.error["message"]
    assert ask(gateway, mine).status == 200


def test_the_limits_of_a_key_and_of_an_agent_are_theirs_alone(
    gateway: RunningGateway, mine: Workspace
) -> None:
    row, other = mine.new_key()
    limit(mine, "key", str(row.id), requests_per_minute=1)
    limit(mine, "agent", "coder", requests_per_minute=1)

    of_agent = [ask(gateway, mine, x_agent_id="coder") for _ in range(2)]
    of_key = [gateway.chat(chat_body(), key=other) for _ in range(2)]
    unlimited = [ask(gateway, mine) for _ in range(3)]

    assert [answer.status for answer in of_agent] == [200, 429]
    assert [answer.status for answer in of_key] == [200, 429]
    assert outcomes(unlimited) == {200: 3}
    assert of_agent[1].error["message"].startswith("The agent coder is limited")
    assert of_key[1].error["message"].startswith("This API key is limited")


def test_a_limit_of_another_workspace_changes_nothing(
    gateway: RunningGateway, mine: Workspace, provider: Provider
) -> None:
    theirs = make_workspace("openai", provider)
    limit(theirs, requests_per_minute=1)

    assert outcomes([ask(gateway, theirs) for _ in range(2)]) == {200: 1, 429: 1}
    assert outcomes([ask(gateway, mine) for _ in range(3)]) == {200: 3}


def test_vectors_are_counted_although_they_are_no_turn(new_gateway: Make, mine: Workspace) -> None:
    price(mine)
    gateway = new_gateway().wait()

    answer = gateway.chat({"model": "ok", "input": "Hello"}, "embeddings", key=mine.key)
    gateway.stop()
    record_all(gateway.spool)

    assert answer.status == 200
    with tenant_tx(mine.id):
        (entry,) = UsageEntry.objects.for_tenant(mine.id)
    assert (entry.model, entry.input_tokens, entry.key_id) == ("ok", 11, mine.key_id)
    assert mine.turns() == []


# Redis and Postgres away -------------------------------------------------------------------


@pytest.fixture
def redis() -> Iterator[FaultProxy]:
    proxy = FaultProxy(urlsplit(settings.REDIS_URL).port or 6379)
    yield proxy
    proxy.stop()


@pytest.fixture
def postgres() -> Iterator[FaultProxy]:
    proxy = FaultProxy(urlsplit(settings.DATABASE_URL).port or 5432)
    yield proxy
    proxy.stop()


def through(address: str, proxy: FaultProxy) -> str:
    parts = urlsplit(address)
    credentials, at, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{credentials}{at}127.0.0.1:{proxy.port}").geturl()


@pytest.mark.parametrize("fault", ["shut", "swallow"])
def test_without_redis_rates_are_kept_by_every_process_for_itself(
    new_gateway: Make, mine: Workspace, redis: FaultProxy, fault: str
) -> None:
    limit(mine, requests_per_minute=4)
    gateway = new_gateway(REDIS_URL=through(settings.REDIS_URL, redis)).wait()
    getattr(redis, fault)()

    answers = [ask(gateway, mine) for _ in range(12)]

    assert outcomes(answers)[200] in (4, 8)  # a minute may have begun in between
    assert set(outcomes(answers)) == {200, 429}


def test_without_redis_budgets_are_kept_by_the_ledger_and_without_both_nothing_is_spent(
    new_gateway: Make, mine: Workspace, redis: FaultProxy, postgres: FaultProxy
) -> None:
    price(mine)
    limit(mine, day_micros=95 * 10**6)
    gateway = new_gateway(
        REDIS_URL=through(settings.REDIS_URL, redis),
        DATABASE_URL=through(database.url(), postgres),
        METACLAW_MONEY_GRACE_SECONDS="0",
    ).wait()
    redis.shut()

    answers = [ask(gateway, mine) for _ in range(6)]
    postgres.shut()
    time.sleep(5.2)
    unknown = ask(gateway, mine)

    # Each spends 18; the one that asks needs room for 27.
    assert outcomes(answers) == {200: 4, 429: 2}
    assert (unknown.status, unknown.error["code"]) == (503, "budget_unknown")
    assert unknown.headers["retry-after"] == "5"


def test_an_emptied_redis_learns_from_the_ledger_what_was_spent(
    new_gateway: Make, mine: Workspace, provider: Provider
) -> None:
    price(mine)
    limit(mine, day_micros=60 * 10**6)
    first = new_gateway().wait()
    answers = [ask(first, mine) for _ in range(2)]
    first.stop()
    record_all(first.spool)
    _forget_counters()

    later = ask(new_gateway().wait(), mine)

    assert outcomes(answers) == {200: 2}
    assert (later.status, later.error["code"]) == (429, "insufficient_quota")


def _forget_counters() -> None:
    import redis as client

    with client.Redis.from_url(settings.REDIS_URL) as one:
        for name in one.scan_iter("metaclaw:limit:*"):
            one.delete(name)
