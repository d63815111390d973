"""Sessions are listed, found and read as the conversation they were."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.trajectories import services
from tests.factories import make_skill
from tests.trajectories.test_recording import assistant, talk, user


def sessions_of(tenant):
    return f"/api/v1/t/{tenant.slug}/sessions/"


def listed(client, tenant, **query):
    answer = client.get(sessions_of(tenant), query)
    assert answer.status_code == 200, answer.content
    return answer.json()["results"]


def read(client, tenant, session_id):
    answer = client.get(f"{sessions_of(tenant)}{session_id}/")
    assert answer.status_code == 200, answer.content
    return answer.json()


@pytest.mark.parametrize(
    "client, status",
    [("viewer_client", 200), ("gateway_key_client", 403), ("stranger_client", 404)],
)
def test_who_may_read_sessions(request, tenant, client, status):
    client = request.getfixturevalue(client)
    turn = talk(tenant, "one")

    assert client.get(sessions_of(tenant)).status_code == status
    assert client.get(f"{sessions_of(tenant)}{turn.session_id}/").status_code == status


def test_a_session_says_what_it_is_about_and_how_its_turns_went(tenant, viewer_client):
    session = uuid7()
    talk(tenant, "Fix the date", session_id=session, score=1)
    talk(tenant, "Fix the date", "re Fix the date", "No", session_id=session, score=-1)
    talk(tenant, "more", session_id=session, status="upstream_error", answer=None)

    (row,) = listed(viewer_client, tenant)

    assert row["preview"] == "Fix the date"
    assert [row[f"turns_{name}"] for name in ("total", "passed", "failed", "error")] == [3, 1, 1, 1]
    assert (row["state"], row["closed_at"]) == ("open", None)


def test_a_filter_finds_its_sessions_and_no_others(tenant, viewer_client):
    old = now() - timedelta(days=3)
    closed = talk(tenant, "a").session_id
    with tenant_tx(tenant.id):
        services.session_close(tenant_id=tenant.id, session_id=closed)
    named = {
        ("state", "closed"): closed,
        ("agent", "SCRIBE"): talk(tenant, "b", agent="scribe").session_id,
        ("source", "header"): talk(tenant, "c", session_source="header").session_id,
        ("until", (old + timedelta(hours=1)).isoformat()): talk(
            tenant, "d", started_at=old, finished_at=old
        ).session_id,
        ("q", "zebra"): talk(tenant, "Where are the zebras?").session_id,
        ("q", "run-77"): talk(tenant, "f", external_session_id="run-77").session_id,
    }
    named["q", str(closed)] = closed

    found = {
        (name, value): [row["id"] for row in listed(viewer_client, tenant, **{name: value})]
        for name, value in named
    }

    assert found == {query: [str(session)] for query, session in named.items()}
    assert len(listed(viewer_client, tenant, since=(old + timedelta(hours=1)).isoformat())) == 5


def test_pages_show_every_session_once_last_heard_of_first(tenant, viewer_client):
    at = now()
    made = [
        # Two of them at the same moment.
        str(talk(tenant, str(n), finished_at=at + timedelta(seconds=n // 2)).session_id)
        for n in range(5)
    ]
    seen, cursor = [], ""

    while cursor is not None:
        page = viewer_client.get(sessions_of(tenant), {"limit": 2, "cursor": cursor}).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]

    assert sorted(seen) == sorted(made)
    assert seen[0] == made[-1]


def test_everything_that_was_said_is_there_once(tenant, viewer_client):
    session, skill = uuid7(), make_skill(tenant.id).live_version
    at = now()
    first = talk(
        tenant,
        "one",
        session_id=session,
        finished_at=at,
        score=-1,
        skills=[(skill.id, "iso-dates", 1)],
    )
    later = at + timedelta(seconds=9)
    talk(tenant, "one", "re one", "two", session_id=session, started_at=later, finished_at=later)
    talk(tenant, "one", "re one", "two", "re two", "three", session_id=session)

    turns = read(viewer_client, tenant, session)["turns"]

    assert [row["said"] for row in turns] == [[user("one")], [user("two")], [user("three")]]
    assert [row["response"] for row in turns] == [
        assistant("re one"),
        assistant("re two"),
        assistant("re three"),
    ]
    assert (turns[0]["gap_ms"], turns[1]["gap_ms"]) == (None, 9000)
    assert turns[0]["turn"]["id"] == str(first.id)
    assert turns[0]["turn"]["skills"][0]["slug"] == "iso-dates"
    assert turns[0]["scores"][0]["value"] == -1


def test_what_was_said_on_another_line_is_there_too(tenant, viewer_client):
    session = uuid7()
    talk(tenant, "one", session_id=session)
    talk(tenant, "one", "re one", "left", session_id=session)
    talk(tenant, "one", "re one", "right", session_id=session)
    talk(tenant, "begun anew", session_id=session)

    turns = read(viewer_client, tenant, session)["turns"]

    assert [row["said"] for row in turns] == [
        [user("one")],
        [user("left")],
        [user("right")],
        [user("begun anew")],
    ]


def test_a_list_takes_the_same_queries_however_long_it_is(
    tenant, viewer_client, django_assert_max_num_queries
):
    for number in range(12):
        talk(tenant, f"turn {number}")
    # Noting that this session is used takes queries of its own, once a minute.
    listed(viewer_client, tenant)

    with django_assert_max_num_queries(12):
        listed(viewer_client, tenant)


def test_an_unknown_session_is_a_404(tenant, viewer_client):
    assert viewer_client.get(f"{sessions_of(tenant)}{uuid7()}/").status_code == 404
