"""A request that a client sends again is an attempt of one turn, not another turn."""

from datetime import timedelta

import pytest

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.jobs.models import Job
from apps.trajectories import selectors, services
from apps.trajectories.models import Turn
from tests.factories import make_record, make_turn

SESSION = uuid7()
START = now() - timedelta(minutes=30)


def attempt(tenant, status="complete", *, after=0, **fields):
    at = START + timedelta(seconds=after)
    wanted = {"session_id": SESSION, "status": status, "started_at": at, "finished_at": at}
    if status != "complete":
        wanted |= {"answer": None}
    return make_turn(tenant.id, **(wanted | fields))


def rows(tenant) -> list[Turn]:
    with tenant_tx(tenant.id):
        return list(Turn.objects.for_tenant(tenant.id).order_by("started_at"))


def listed(tenant, **filters):
    with tenant_tx(tenant.id):
        wanted = selectors.TurnFilters(**filters)
        found = selectors.turn_list(tenant_id=tenant.id, filters=wanted).order_by("started_at")
        return [(turn.id, turn.attempts) for turn in found]


def judged(tenant) -> set[str]:
    with tenant_tx(tenant.id):
        jobs = Job.objects.for_tenant(tenant.id).filter(kind=services.JUDGE_KIND)
        return set(jobs.values_list("dedupe_key", flat=True))


def test_a_request_sent_again_until_it_is_answered_is_one_turn(tenant):
    first = attempt(tenant, "truncated_upstream")
    second = attempt(tenant, "upstream_error", after=2)
    third = attempt(tenant, after=5)

    assert listed(tenant) == [(third.id, 3)]
    assert [one for one, _ in listed(tenant, attempts="all")] == [first.id, second.id, third.id]
    assert [turn.attempt_of for turn in rows(tenant)] == [None, first.id, first.id]
    assert judged(tenant) == {str(third.id)}


def test_of_two_answers_to_one_request_the_later_is_judged_and_learned_from(tenant):
    first = attempt(tenant, score=-1)
    second = attempt(tenant, after=60)

    assert judged(tenant) == {str(second.id)}
    with tenant_tx(tenant.id):
        failing = selectors.failures_open(
            tenant_id=tenant.id,
            since=START - timedelta(days=1),
            attempts_below=9,
            without=(),
            limit=9,
        )
    assert failing == []
    assert [turn.is_repeated for turn in rows(tenant)] == [True, False]
    assert first.score == -1


def test_an_answer_stays_the_turns_answer_when_a_later_attempt_fails(tenant):
    first = attempt(tenant)
    second = attempt(tenant, "client_aborted", after=60)

    assert judged(tenant) == {str(first.id)}
    assert listed(tenant) == [(second.id, 2)]


@pytest.mark.parametrize(
    "fields",
    [
        {"session_id": uuid7()},
        {"kind": "side"},
        {"messages": [{"role": "user", "content": "Something else"}]},
        {"after": 301},
    ],
    ids=["another session", "another kind", "other words", "much later"],
)
def test_what_is_not_the_same_request_is_another_turn(tenant, fields):
    first, second = attempt(tenant), attempt(tenant, **({"after": 1} | fields))

    assert listed(tenant) == [(first.id, 1), (second.id, 1)]


@pytest.mark.parametrize("after, turns", [(3599, 1), (3601, 2)])
def test_a_failed_request_is_waited_for_longer(tenant, after, turns):
    attempt(tenant, "truncated_crash")
    attempt(tenant, after=after)

    assert len(listed(tenant)) == turns


def test_attempts_of_one_batch_and_recorded_late_are_put_in_order(tenant):
    made = []
    for second in range(3):
        at = START + timedelta(seconds=second)
        fields = {"session_id": SESSION, "started_at": at, "finished_at": at}
        made.append(make_record(tenant.id, **fields))

    services.turns_record(tenant_id=tenant.id, records=made[1:])
    services.turns_record(tenant_id=tenant.id, records=made[:1])

    assert listed(tenant) == [(made[2].id, 3)]
    first = {turn.id: turn.attempt_of for turn in rows(tenant)}
    # All of them name the one that was on record first.
    assert [first[one.id] for one in made] == [made[1].id, None, made[1].id]


def test_the_list_shows_the_latest_attempt_and_all_of_them_when_asked(tenant, viewer_client):
    first = attempt(tenant, "upstream_error")
    second = attempt(tenant, after=3)
    url = f"/api/v1/t/{tenant.slug}/turns/"

    latest = viewer_client.get(url).json()["results"]
    every = viewer_client.get(url, {"attempts": "all"}).json()["results"]

    assert [(row["id"], row["attempts"]) for row in latest] == [(str(second.id), 2)]
    assert {row["id"] for row in every} == {str(first.id), str(second.id)}
    # The id in the first caller's answer header still leads to what became of it.
    assert viewer_client.get(f"{url}{first.id}/").json()["status"] == "upstream_error"
