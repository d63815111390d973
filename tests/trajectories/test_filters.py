"""Filters of turns find what they name, alone and together."""

from datetime import timedelta
from uuid import UUID

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.trajectories.months import first_id
from apps.trajectories.services import turns_mark_support
from tests.factories import make_turn
from tests.trajectories.test_api import ids, turns_of
from tests.trajectories.test_recording import talk


def turn_at(tenant, at, text, **fields):
    # The random part of an id of this kind, behind the moment it is to be of.
    turn_id = UUID(int=first_id(at).int | (uuid7().int & ((1 << 76) - 1)))
    return talk(tenant, text, id=turn_id, started_at=at, finished_at=at, **fields)


def test_a_filter_finds_its_turns_and_no_others(tenant, viewer_client):
    key, skill = uuid7(), uuid7()
    upstream = talk(tenant, "a", upstream="second-provider")
    keyed = talk(tenant, "b", key_id=key)
    routed = talk(tenant, "c", model="smart")
    talk(tenant, "d", model="smarter")
    older = talk(tenant, "e", skills=[(skill, "iso-dates", 3)])
    talk(tenant, "f", skills=[(uuid7(), "iso-dates", 13)])
    taught = talk(tenant, "g")
    with tenant_tx(tenant.id):
        turns_mark_support(tenant_id=tenant.id, turn_ids=[taught.id])
    named = {
        "upstream=SECOND": upstream,
        f"key={key}": keyed,
        "route=smart": routed,
        "skill=iso-dates@3": older,
        "split=support": taught,
    }

    found = {query: ids(viewer_client.get(f"{turns_of(tenant)}?{query}")) for query in named}

    assert found == {query: [str(turn.id)] for query, turn in named.items()}
    assert str(taught.id) not in ids(viewer_client.get(f"{turns_of(tenant)}?split=query"))


@pytest.mark.parametrize(
    "query, found",
    [
        ("score_min=0", "bc"),
        ("score_max=0", "ab"),
        ("score_min=-0.5&score_max=0.5", "b"),
        ("score_min=1&outcome=failed", ""),
        ("score_max=0&outcome=failed", "a"),
    ],
)
def test_scores_are_asked_for_by_range_and_an_unscored_turn_has_none(
    tenant, viewer_client, query, found
):
    turns = {
        str(talk(tenant, name, score=score).id): name
        for name, score in [("a", -1), ("b", 0), ("c", 1), ("d", None)]
    }

    shown = ids(viewer_client.get(f"{turns_of(tenant)}?{query}"))

    assert "".join(sorted(turns[one] for one in shown)) == found


def test_a_span_of_time_takes_its_first_moment_and_leaves_out_its_last(tenant, viewer_client):
    noon = (now() - timedelta(days=40)).replace(microsecond=0)
    names = {
        str(turn_at(tenant, noon + timedelta(hours=hours), name).id): name
        for name, hours in [("a", -1), ("b", 0), ("c", 5), ("d", 6), ("e", 24 * 39)]
    }

    def shown(**query):
        return "".join(names[one] for one in ids(viewer_client.get(turns_of(tenant), query)))

    since, until = noon.isoformat(), (noon + timedelta(hours=6)).isoformat()
    assert shown(since=since, until=until) == "cb"
    assert shown(since=since) == "edcb"
    assert shown(until=until) == "cba"


def test_filters_hold_together(tenant, viewer_client):
    wanted = talk(tenant, "a", agent="scribe", upstream="one", score=-1)
    talk(tenant, "b", agent="scribe", upstream="one", score=1)
    talk(tenant, "c", agent="scribe", upstream="two", score=-1)
    talk(tenant, "d", agent="coder", upstream="one", score=-1)

    query = {"agent": "scribe", "upstream": "one", "score_max": -1}

    assert ids(viewer_client.get(turns_of(tenant), query)) == [str(wanted.id)]


@pytest.mark.parametrize(
    "query",
    [
        "split=train",
        "key=1",
        "skill=iso-dates@new",
        "score_min=2",
        "score_max=low",
        "since=yesterday",
        "until=1066-10-14T09:00:00Z",
        "upstream=%00",
    ],
)
def test_a_filter_that_makes_no_sense_is_refused_by_name(tenant, viewer_client, query):
    answer = viewer_client.get(f"{turns_of(tenant)}?{query}")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [query.split("=")[0]])


def test_pages_of_a_filtered_list_show_every_turn_once(tenant, viewer_client):
    wanted = [str(make_turn(tenant.id, agent="scribe").id) for _ in range(5)]
    seen, cursor = [], ""

    while cursor is not None:
        query = {"agent": "scribe", "limit": 2, "cursor": cursor}
        page = viewer_client.get(turns_of(tenant), query).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
        make_turn(tenant.id, agent="coder")

    assert seen == wanted[::-1]
