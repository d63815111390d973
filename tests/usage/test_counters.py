"""What can be reserved of a limit, against a real Redis."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from apps.core.ids import uuid7
from apps.usage.counters.operations import Today
from tests.usage.counters import Counters, a_rule


@pytest.fixture
def counters() -> Counters:
    return Counters()


@pytest.mark.parametrize(
    "limits, what",
    [
        ({"requests_per_minute": 100}, "requests_per_minute"),
        ({"concurrent_streams": 100}, "concurrent_streams"),
        ({"tokens_per_minute": 1000}, "tokens_per_minute"),
        ({"day_micros": 500}, "day_money"),
        ({"month_micros": 500}, "month_money"),
    ],
)
def test_of_five_hundred_at_once_exactly_those_that_fit_pass(counters, limits, what):
    rule = a_rule(**limits)
    counters.recorded(rule)

    with ThreadPoolExecutor(16) as threads:
        found = list(threads.map(lambda _: counters.reserve(rule, tokens=10, micros=5), range(500)))

    assert sum(one is None for one in found) == 100
    assert {one.what for one in found if one is not None} == {what}


def test_a_rate_says_when_there_is_room_again(counters):
    rule = a_rule(requests_per_minute=2)

    assert counters.reserve(rule) is None
    assert counters.reserve(rule) is None
    found = counters.reserve(rule)

    assert found is not None
    # The two were just now: half of them has to have left the last sixty seconds.
    assert 30 <= found.wait_seconds <= 90


def test_a_request_that_is_larger_than_the_limit_passes_when_nothing_else_does(counters):
    rule = a_rule(tokens_per_minute=100)

    assert counters.reserve(rule, tokens=5000) is None
    assert counters.reserve(rule, tokens=1) is not None


def test_all_limits_take_a_request_or_none_does(counters):
    wide, narrow = a_rule(requests_per_minute=10), a_rule(requests_per_minute=1)

    assert counters.reserve(wide, narrow) is None
    found = counters.reserve(wide, narrow)

    assert found is not None
    assert found.rule == narrow
    assert counters.state(wide)["rc"] == "1"


def test_money_that_nobody_knows_of_is_unknown_until_the_ledger_spoke(counters):
    rule = a_rule(day_micros=100)

    first = counters.reserve(rule, micros=1)
    counters.recorded(rule, day=99, month=99)

    assert first is not None
    assert first.what == "unknown"
    assert counters.reserve(rule, micros=1) is None
    assert counters.reserve(rule, micros=1) is not None


def test_a_new_day_asks_the_ledger_again_and_a_late_word_of_yesterday_changes_nothing(counters):
    rule = a_rule(day_micros=100)
    counters.recorded(rule, day=100, month=100)
    tomorrow = Counters(counters.tenant_id, Today("2026-03-11", "2026-03"))

    unknown = tomorrow.reserve(rule, micros=1)
    tomorrow.recorded(rule, day=0, month=100)
    counters.recorded(rule, day=100, month=100)

    assert unknown is not None
    assert unknown.what == "unknown"
    assert tomorrow.reserve(rule, micros=100) is None


def test_what_was_reserved_is_replaced_by_what_it_cost_and_that_by_the_ledger(counters):
    rule = a_rule(day_micros=100, concurrent_streams=1)
    counters.recorded(rule)
    turn = uuid7()

    assert counters.reserve(rule, turn=turn, micros=90, tokens=50) is None
    counters.settle(turn, rule, micros=20, tokens=7)
    settled = counters.state(rule)
    counters.recorded(rule, turn, day=23, month=23)
    done = counters.state(rule)

    assert (settled["hm"], settled["hn"], settled["tc"]) == ("20", "0", "57")
    assert (done["hm"], done["hn"], done["ds"], done["ms"]) == ("0", "0", "23", "23")
    assert counters.reserve(rule, micros=77) is None
    assert counters.reserve(rule, micros=1) is not None


def test_settling_again_or_what_was_never_reserved_changes_nothing(counters):
    rule = a_rule(day_micros=100)
    counters.recorded(rule)
    turn = uuid7()
    counters.reserve(rule, turn=turn, micros=90)

    for _ in range(3):
        counters.settle(turn, rule, micros=10)
        counters.settle(uuid7(), rule, micros=50)

    assert counters.state(rule)["hm"] == "10"


def test_what_a_killed_process_held_is_given_back(counters):
    rule = a_rule(day_micros=100, concurrent_streams=5)
    counters.recorded(rule)
    for _ in range(5):
        counters.reserve(rule, micros=20)
    full = counters.reserve(rule, micros=20)

    counters.expire(rule)

    assert full is not None
    assert counters.reserve(rule, micros=100) is None
    assert (counters.state(rule)["hm"], counters.state(rule)["hn"]) == ("100", "1")


def test_ten_thousand_requests_in_any_order_leave_nothing_reserved(counters):
    rule = a_rule(day_micros=1_000_000, concurrent_streams=50)
    counters.recorded(rule)
    chance = random.Random(7)
    open_turns, spent = [], 0
    for _ in range(10_000):
        if open_turns and chance.random() < 0.5:
            turn = open_turns.pop(chance.randrange(len(open_turns)))
            cost = chance.choice([0, 3])
            counters.settle(turn, rule, micros=cost)
            if cost:
                spent += cost
                counters.recorded(rule, turn, day=spent, month=spent)
        else:
            turn = uuid7()
            if counters.reserve(rule, turn=turn, micros=chance.randrange(50)) is None:
                open_turns.append(turn)
    for turn in open_turns:
        counters.settle(turn, rule)

    state = counters.state(rule)
    assert (state["hm"], state["hn"], state["ds"]) == ("0", "0", str(spent))


def test_the_same_limit_of_another_workspace_is_another_one(counters):
    rule = a_rule(requests_per_minute=1)

    assert counters.reserve(rule) is None
    assert Counters().reserve(rule) is None
    assert counters.reserve(rule) is not None
