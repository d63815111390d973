"""From a model's name to the providers that are asked for it."""

import time
from collections import Counter
from uuid import uuid4

import pytest

from apps.upstreams.route_table import RouteRule, RouteTable
from apps.upstreams.types import Target, UpstreamConnection


def _provider(name: str, kind: str = "openai", url: str = "https://a.example/v1", **fields):
    return UpstreamConnection(uuid4(), name, kind, url, "key", "model-of-it", **fields)


ONE, TWO, THREE = (_provider(name) for name in ("one", "two", "three"))


def _names(table: RouteTable, model: str, **of: str) -> list[tuple[str, str]]:
    return [(t.connection.name, t.model) for t in table.resolve(model, **of).targets]


def test_without_a_route_the_serving_provider_gets_the_name_as_it_is():
    table = RouteTable([], ONE)

    assert _names(table, "any-model") == [("one", "")]
    assert _names(table, "default") == [("one", "model-of-it")]
    assert _names(RouteTable([], None), "any-model") == []


@pytest.mark.parametrize(
    "model, expected",
    [
        ("smart", [("one", "exact")]),
        ("smart-mini", [("two", "small-mini")]),
        ("smart-mini-2", [("two", "small-mini-2")]),
        ("smart/tools", [("one", "tools")]),
        ("SMART", [("three", "")]),
        ("other", [("three", "")]),
    ],
)
def test_the_route_that_says_most_about_a_name_decides(model, expected):
    table = RouteTable(
        [
            RouteRule("*", (Target(THREE),)),
            RouteRule("smart-*", (Target(TWO, "small-*"),)),
            RouteRule("smart/*", (Target(ONE, "*"),)),
            RouteRule("smart", (Target(ONE, "exact"),)),
        ],
        ONE,
    )

    assert _names(table, model) == expected


def test_an_agents_own_route_comes_before_everybodys():
    table = RouteTable(
        [
            RouteRule("smart", (Target(ONE),)),
            RouteRule("smart", (Target(TWO),), agent="coder"),
            RouteRule("s*", (Target(ONE),)),
            RouteRule("s*", (Target(THREE),), agent="writer"),
        ],
        None,
    )

    assert _names(table, "smart", agent="coder") == [("two", "")]
    assert _names(table, "smart", agent="somebody") == [("one", "")]
    assert _names(table, "small", agent="writer") == [("three", "")]
    assert _names(table, "small", agent="coder") == [("one", "")]


def test_without_weights_targets_are_tried_in_their_order():
    table = RouteTable([RouteRule("m", (Target(TWO), Target(ONE), Target(THREE)))], None)

    assert {tuple(_names(table, "m", sticky=str(n))) for n in range(50)} == {
        (("two", ""), ("one", ""), ("three", ""))
    }


def test_weights_spread_sessions_and_a_session_stays_where_it_is():
    targets = (Target(ONE, weight=3), Target(TWO, weight=1), Target(THREE))
    table = RouteTable([RouteRule("m", targets)], None)

    firsts = Counter(_names(table, "m", sticky=str(number))[0][0] for number in range(2000))

    assert firsts["three"] == 0
    assert 0.7 < firsts["one"] / 2000 < 0.8
    assert _names(table, "m", sticky="s") == _names(table, "m", sticky="s")
    assert len(_names(table, "m", sticky="s")) == 3


def _firsts(*targets: Target) -> list[str]:
    table = RouteTable([RouteRule("m", targets)], None)
    return [_names(table, "m", sticky=str(number))[0][0] for number in range(1000)]


def test_a_target_that_comes_or_goes_moves_only_the_sessions_it_wins_or_loses():
    three = _firsts(Target(ONE, weight=1), Target(TWO, weight=1), Target(THREE, weight=1))
    two = _firsts(Target(TWO, weight=1), Target(ONE, weight=1))

    assert 250 < three.count("three") < 420
    assert all(before in ("three", after) for before, after in zip(three, two, strict=True))


def test_a_larger_weight_takes_sessions_and_gives_none_away():
    even = _firsts(Target(ONE, weight=5), Target(TWO, weight=5))
    uneven = _firsts(Target(ONE, weight=15), Target(TWO, weight=5))

    assert all(b == a or a == "one" for b, a in zip(even, uneven, strict=True))
    assert uneven.count("one") > even.count("one") + 150


def test_the_others_stand_in_as_they_are_written():
    targets = (Target(THREE), Target(ONE, weight=1), Target(TWO))
    table = RouteTable([RouteRule("m", targets)], None)

    assert _names(table, "m", sticky="any") == [("one", ""), ("three", ""), ("two", "")]


@pytest.mark.parametrize(
    "pattern, model, stood_for",
    [
        ("*", "", ""),
        ("*", "any/model", "any/model"),
        ("gpt-*", "gpt-", ""),
        ("gpt-*", "gpt", None),
        ("*-mini", "gpt-5-mini", "gpt-5"),
        ("*-mini", "gpt-5-mini-2", None),
        ("a*a", "a", None),
        ("a*a", "aa", ""),
        ("a*b*c", "a1b2c", "1"),
        ("a*b*c", "a1b2b3c", "1"),
        ("a*b*c", "ac", None),
        ("a*bc*c", "abc", None),
        ("*x*y*", "1x2y3", "1"),
        ("*\n", "a\nb\n", "a\nb"),
    ],
)
def test_what_a_star_stands_for(pattern, model, stood_for):
    table = RouteTable([RouteRule(pattern, (Target(ONE, "<*>"),))], None)

    assert _names(table, model) == ([] if stood_for is None else [("one", f"<{stood_for}>")])


def test_a_name_made_to_take_long_takes_no_time():
    table = RouteTable([RouteRule("*a*a*b", (Target(ONE),))], None)
    began = time.process_time()

    found = _names(table, "a" * 1_000_000)

    assert found == []
    assert time.process_time() - began < 1


def test_a_longer_beginning_comes_before_another_of_the_same_length():
    table = RouteTable(
        [RouteRule("g*mini", (Target(ONE),)), RouteRule("gpt-5*", (Target(TWO),))], None
    )

    assert _names(table, "gpt-5-mini") == [("two", "")]


def test_a_route_brings_its_patience():
    rules = [
        RouteRule("m", (Target(ONE),), first_byte_seconds=7, idle_seconds=9),
        RouteRule("n*", (Target(ONE),), first_byte_seconds=8),
    ]
    table = RouteTable(rules, ONE)

    found = [table.resolve(model) for model in ("m", "nn", "other")]

    assert [(f.first_byte_seconds, f.idle_seconds) for f in found] == [
        (7, 9),
        (8, None),
        (None, None),
    ]


def test_a_stars_text_is_never_read_as_a_pattern():
    table = RouteTable([RouteRule("a.c*", (Target(ONE),))], None)

    assert _names(table, "abc") == []
    assert _names(table, "a.cd") == [("one", "")]
