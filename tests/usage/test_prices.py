"""What a model costs, under whatever name it comes."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.usage.days import day_end, day_of, month_end, zone_of
from apps.usage.prices import listed
from apps.usage.types import Price, PriceTable

OWN = Price(1, 1, 1, 1)
MINI = Price(250_000, 2_000_000, 25_000, 250_000)


@pytest.mark.parametrize(
    "model, price",
    [
        ("gpt-5-mini", MINI),
        ("gpt-5-mini-2025-08-07", MINI),
        ("openai/gpt-5-mini", MINI),
        ("openai/gpt-5-mini-20250807", MINI),
        ("gpt-5-mini-turbo", None),
        ("claude-sonnet-4-5-20250929", Price(3_000_000, 15_000_000, 300_000, 3_750_000)),
        (
            "anthropic/claude-opus-4-1@20250805",
            Price(15_000_000, 75_000_000, 1_500_000, 18_750_000),
        ),
        ("nobody-knows", None),
    ],
)
def test_a_listed_model_is_found_under_its_names(model, price):
    assert PriceTable({}, listed()).price_of(model) == price


def test_own_prices_come_first_and_the_longest_beginning_wins():
    table = PriceTable({"gpt-*": OWN, "gpt-5-*": Price(2, 2, 2, 2)}, listed())

    assert table.price_of("gpt-5-mini") == Price(2, 2, 2, 2)
    assert table.price_of("gpt-4o") == OWN
    assert table.price_of("o3") == listed()["o3"]


def test_cost_is_rounded_up_and_cached_input_is_not_paid_twice():
    price = Price(input=3_000_000, output=15_000_000, cache_read=300_000, cache_write=3_750_000)

    whole = price.cost(input_tokens=1000, output_tokens=10, read=800, written=100)

    assert whole == 100 * 3 + 10 * 15 + 240 + 375
    assert Price(1, 0, 0, 0).cost(input_tokens=1, output_tokens=0) == 1
    assert Price(1, 0, 0, 0).cost(input_tokens=0, output_tokens=0) == 0


def test_every_listed_price_is_plausible():
    for pattern, price in listed().items():
        assert 0 <= price.cache_read <= price.input <= 10**8, pattern
        assert 0 <= price.output <= 2 * 10**8, pattern


ZONES = st.sampled_from(
    ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"]
)
TIMES = st.integers(1_700_000_000, 1_900_000_000).map(lambda s: datetime.fromtimestamp(s, UTC))


@given(TIMES, ZONES)
def test_a_day_ends_where_the_next_one_begins(at, name):
    zone = zone_of(name)
    end = day_end(at, zone)

    assert at < end <= at + timedelta(hours=25)
    assert day_of(end, zone) == day_of(at, zone) + timedelta(days=1)
    assert day_of(end - timedelta(seconds=1), zone) == day_of(at, zone)
    assert end <= month_end(at, zone)
    assert day_of(month_end(at, zone), zone).day == 1


def test_a_zone_that_nobody_knows_is_utc():
    assert zone_of("Nowhere/Atlantis").key == "UTC"
