"""From a model's name to the providers that are asked for it."""

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


def test_a_stars_text_is_never_read_as_a_pattern():
    table = RouteTable([RouteRule("a.c*", (Target(ONE),))], None)

    assert _names(table, "abc") == []
    assert _names(table, "a.cd") == [("one", "")]
