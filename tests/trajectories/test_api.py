import pytest

from apps.core.ids import uuid7
from tests.factories import make_skill, make_turn
from tests.trajectories.test_recording import assistant, talk, user


def turns_of(tenant):
    return f"/api/v1/t/{tenant.slug}/turns/"


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


@pytest.mark.parametrize(
    "client, status",
    [
        ("owner_client", 200),
        ("viewer_client", 200),
        ("admin_key_client", 200),
        ("gateway_key_client", 403),
        ("stranger_client", 404),
    ],
)
def test_who_may_read_turns(request, tenant, client, status):
    client = request.getfixturevalue(client)
    turn = talk(tenant, "one")

    assert client.get(turns_of(tenant)).status_code == status
    assert client.get(f"{turns_of(tenant)}{turn.id}/").status_code == status


def test_every_filter_finds_its_turns_and_no_others(tenant, viewer_client):
    version = make_skill(tenant.id).live_version
    named = {
        "outcome=passed": talk(tenant, "a", score=1),
        "outcome=failed": talk(tenant, "b", score=-1),
        "outcome=neutral": talk(tenant, "c", score=0),
        "outcome=error": talk(tenant, "d", status="upstream_error", answer=None),
        "status=client_aborted": talk(tenant, "e", status="client_aborted"),
        "agent=scribe": talk(tenant, "f", agent="scribe"),
        "model=SPECIAL": talk(tenant, "g", model="very-special-1"),
        "skill=iso-dates": talk(tenant, "h", skills=[(version.id, "iso-dates", 1)]),
        "q=Zebra": talk(tenant, "Where are the zebras?"),
    }
    plain = talk(tenant, "nothing special")
    named |= {f"session={plain.session_id}": plain, f"q={plain.id}": plain}

    found = {query: ids(viewer_client.get(f"{turns_of(tenant)}?{query}")) for query in named}

    assert found == {query: [str(turn.id)] for query, turn in named.items()}


def test_unscored_is_neither_neutral_nor_an_error(tenant, viewer_client):
    open_turn = talk(tenant, "a")
    talk(tenant, "b", score=0)
    talk(tenant, "c", status="rejected", answer=None)

    assert ids(viewer_client.get(f"{turns_of(tenant)}?outcome=unscored")) == [str(open_turn.id)]


@pytest.mark.parametrize(
    "query", ["outcome=great", "status=lost", "session=1", "q=" + "x" * 201, "q=%00", "agent=%00"]
)
def test_a_filter_that_makes_no_sense_is_a_400(tenant, viewer_client, query):
    answer = viewer_client.get(f"{turns_of(tenant)}?{query}")

    assert (answer.status_code, list(answer.json()["fields"])) == (400, [query.split("=")[0]])


def test_pages_show_every_turn_once_newest_first_while_new_ones_arrive(tenant, viewer_client):
    turns = [str(talk(tenant, f"turn {n}").id) for n in range(7)]
    seen, cursor = [], ""

    while cursor is not None:
        page = viewer_client.get(turns_of(tenant), {"limit": 3, "cursor": cursor}).json()
        seen += [row["id"] for row in page["results"]]
        cursor = page["next"]
        talk(tenant, "arrives meanwhile")

    assert seen == turns[::-1]


def test_a_cursor_that_was_made_up_is_refused(tenant, viewer_client):
    assert viewer_client.get(turns_of(tenant), {"cursor": "nonsense"}).status_code == 404


@pytest.mark.parametrize("limit, shown", [("2", 2), ("0", 4), ("-1", 4), ("lots", 4), ("9999", 4)])
def test_a_page_has_a_sensible_size(tenant, viewer_client, limit, shown):
    for number in range(4):
        talk(tenant, f"turn {number}")

    assert len(ids(viewer_client.get(turns_of(tenant), {"limit": limit}))) == shown


def test_a_list_takes_the_same_queries_however_long_it_is(
    tenant, viewer_client, django_assert_max_num_queries
):
    for number in range(12):
        talk(tenant, f"turn {number}")
    # Noting that this session is used takes queries of its own, once a minute.
    viewer_client.get(turns_of(tenant))

    with django_assert_max_num_queries(14):
        viewer_client.get(turns_of(tenant))


def test_a_turn_shows_the_conversation_the_skills_and_the_verdict(tenant, viewer_client):
    version = make_skill(tenant.id).live_version
    talk(tenant, "one")
    turn = talk(
        tenant,
        "one",
        "re one",
        "two",
        score=-1,
        system=[{"type": "text", "text": "Be brief."}],
        tools=[{"type": "function", "function": {"name": "search"}}, {"name": "read"}],
        skills=[(version.id, "iso-dates", 1)],
        injection={"text": "<metaclaw_skills>…</metaclaw_skills>", "place": "system"},
    )

    detail = viewer_client.get(f"{turns_of(tenant)}{turn.id}/").json()

    assert detail["messages"] == [user("one"), assistant("re one"), user("two")]
    assert (detail["new_from"], detail["response"]) == (1, assistant("re two"))
    assert (detail["system"], detail["tools"]) == ("Be brief.", ["search", "read"])
    assert detail["injection"]["skills"] == [{"slug": "iso-dates", "version": 1, "score": 0.5}]
    assert (detail["outcome"], detail["scores"][0]["value"]) == ("failed", -1)
    steps = [step["step"] for step in detail["timeline"]]
    assert steps[0] == "received"
    assert steps[-2:] == ["recorded", "scored"]


def test_a_turn_that_ended_in_an_error_says_which(tenant, viewer_client):
    turn = make_turn(
        tenant.id,
        answer=None,
        status="upstream_error",
        http_status=529,
        error={"type": "overloaded", "message": "Try later."},
    )

    detail = viewer_client.get(f"{turns_of(tenant)}{turn.id}/").json()

    assert (detail["outcome"], detail["response"]) == ("error", None)
    assert detail["error"] == {"type": "overloaded", "message": "Try later."}


def test_an_unknown_turn_is_a_404(tenant, viewer_client):
    assert viewer_client.get(f"{turns_of(tenant)}{uuid7()}/").status_code == 404
