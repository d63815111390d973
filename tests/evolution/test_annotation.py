"""People are asked about judged turns: which ones, by whom, and without seeing the verdict."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.evolution.models import AnnotationItem, AnnotationLease
from apps.tenants.models import Tenant
from apps.tenants.types import SYSTEM, Actor
from apps.trajectories.models import Score, Turn
from tests.conftest import client_of, member_of
from tests.factories import TenantFactory, make_run, make_turn
from tests.fakes import FakeModel

EVERYTHING = {f"share_{name}": 100 for name in ("split", "failed", "neutral", "passed")}
SURE = {vote: [{"vote": vote, "rationale": f"Because {vote}."}] for vote in (-1, 0, 1)}
SPLIT = [{"vote": 1, "rationale": "Fine."}, {"vote": 1, "rationale": "Fine."}, {"vote": -1}]


def ask_about(tenant, **rules):
    services.annotation_policy_set(tenant_id=tenant.id, actor=SYSTEM, **(EVERYTHING | rules))


def judged(tenant, *answers, **fields):
    turn = make_turn(tenant.id, **fields)
    services.turn_score(
        run=make_run(tenant.id), turn_id=turn.id, model=FakeModel(*answers), is_simulated=False
    )
    return turn


def items(tenant, **which):
    with tenant_tx(tenant.id):
        return list(AnnotationItem.objects.for_tenant(tenant.id).filter(**which).order_by("id"))


def strata(tenant):
    return sorted(item.stratum for item in items(tenant))


class Desk:
    """A reviewer at work."""

    def __init__(self, tenant, name="Ada", role="reviewer"):
        user = member_of(tenant, role)
        user.name = name
        user.save()
        self.tenant, self.client = tenant, client_of(user)

    def call(self, verb, path="", **body):
        url = f"/api/v1/t/{self.tenant.slug}/annotations/{path}"
        return getattr(self.client, verb)(url, body or None, format="json")

    def next(self):
        answer = self.call("post", "next/")
        assert answer.status_code == 200, answer.content
        return answer.json()["item"]

    def progress(self):
        return self.call("get", "progress/").json()

    def answer(self, item, value, comment=""):
        return self.call("post", f"{item['id']}/answer/", value=value, comment=comment)

    def add(self, turn, note=""):
        return self.call("post", turn_id=str(turn.id), note=note)


@pytest.fixture
def ada(tenant):
    return Desk(tenant)


@pytest.fixture
def ben(tenant):
    return Desk(tenant, "Ben")


def test_every_verdict_is_a_stratum_of_its_own_and_split_votes_are_one(tenant):
    ask_about(tenant)
    for vote in SURE:
        judged(tenant, *SURE[vote])
    judged(tenant, *SPLIT)
    judged(tenant, {"vote": 1}, {"vote": 1}, "no answer of use")

    assert strata(tenant) == ["failed", "neutral", "passed", "split", "split"]


def test_shares_are_the_workspaces(tenant):
    ask_about(tenant, share_passed=0, share_split=0)
    for votes in (SURE[1], SPLIT, SURE[-1]):
        judged(tenant, *votes)

    assert strata(tenant) == ["failed"]


def test_a_share_picks_about_so_many_and_the_same_ones_again(tenant):
    ask_about(tenant, share_passed=50)
    turns = [judged(tenant, *SURE[1]) for _ in range(24)]
    picked = {item.turn_id for item in items(tenant)}

    with tenant_tx(tenant.id):
        Score.objects.for_tenant(tenant.id).delete()
        AnnotationItem.objects.for_tenant(tenant.id).delete()
    for turn in turns:
        model = FakeModel(*SURE[1])
        services.turn_score(
            run=make_run(tenant.id), turn_id=turn.id, model=model, is_simulated=False
        )

    assert 3 <= len(picked) <= 21
    assert {item.turn_id for item in items(tenant)} == picked
    assert {item.share for item in items(tenant)} == {0.5}


def test_a_full_queue_takes_nothing_by_itself(tenant, ada):
    ask_about(tenant, waiting_most=2)
    for _ in range(4):
        judged(tenant, *SPLIT)
    by_hand = ada.add(make_turn(tenant.id))

    assert len(items(tenant)) == 3
    assert by_hand.status_code == 201


def test_what_a_person_judged_before_is_not_asked(tenant):
    ask_about(tenant)
    turn = make_turn(tenant.id)
    services.verdict_give(tenant_id=tenant.id, actor=SYSTEM, turn_id=turn.id, value=1, comment="")
    services.turn_score(
        run=make_run(tenant.id), turn_id=turn.id, model=FakeModel(*SURE[1]), is_simulated=False
    )

    assert items(tenant) == []


def test_a_verdict_elsewhere_ends_the_question(tenant, ada):
    ask_about(tenant)
    turn = judged(tenant, *SURE[1])
    services.verdict_give(tenant_id=tenant.id, actor=SYSTEM, turn_id=turn.id, value=1, comment="")

    assert ada.next() is None
    assert [item.state for item in items(tenant)] == ["dropped"]


def test_by_hand_comes_first_then_split_votes_then_the_oldest(tenant, ada):
    ask_about(tenant)
    sampled, split = judged(tenant, *SURE[1]), judged(tenant, *SPLIT)
    later = judged(tenant, *SURE[-1])
    by_hand = make_turn(tenant.id)
    ada.add(by_hand, "Is this right?")

    order = []
    while item := ada.next():
        order.append(item["turn_id"])
        assert ada.answer(item, 1).status_code == 200

    assert order == [str(turn.id) for turn in (by_hand, split, sampled, later)]


def test_nobody_sees_what_the_judge_said_before_they_answered(tenant, ada):
    ask_about(tenant)
    judged(tenant, *SPLIT, user_text="When?")

    item = ada.next()
    listed = ada.call("get").json()["results"]
    read = ada.call("get", f"{item['id']}/").json()
    shown = str([item, listed, read])

    assert item["result"] is None
    assert item["turn"]["response"]
    for secret in ("Fine.", "split", "judge", "rationale", "score"):
        assert secret not in shown

    result = ada.answer(item, -1, "Wrong date.").json()["result"]

    assert (result["value"], result["judge_value"], result["stratum"]) == (-1, 1, "split")
    assert (result["rationale"], result["judge_model"]) == ("Fine.", "fake-1")


def test_an_answer_is_a_human_score_of_the_turn(tenant, ada):
    ask_about(tenant)
    turn = judged(tenant, *SURE[1])

    ada.answer(ada.next(), -1, "Wrong date.")

    with tenant_tx(tenant.id):
        score = Score.objects.for_tenant(tenant.id).get(turn_id=turn.id, kind="human")
        fresh = Turn.objects.for_tenant(tenant.id).get(id=turn.id)
    assert (score.value, score.comment, score.author) == (-1, "Wrong date.", "Ada")
    assert (fresh.score, fresh.reward_source) == (-1, "human")


def test_a_turn_is_with_one_person_at_a_time(tenant, ada, ben):
    ask_about(tenant)
    judged(tenant, *SURE[1])
    judged(tenant, *SURE[1])

    first, again, other = ada.next(), ada.next(), ben.next()
    nothing_left = Desk(tenant, "Cem").next()
    held = ben.answer(first, 1)

    assert first["id"] == again["id"] != other["id"]
    assert first["lease"]["is_yours"]
    assert first["lease"]["holder"] == "Ada"
    assert nothing_left is None
    assert (held.status_code, held.json()["code"]) == (409, "lease_held")
    assert "Ada" in held.json()["detail"]
    for path in ("lease/", "skip/"):
        assert ben.call("post", f"{first['id']}/{path}").status_code == 409


def test_a_lease_that_ran_out_leaves_the_turn_to_others(tenant, ada, ben):
    ask_about(tenant)
    judged(tenant, *SURE[1])
    item = ada.next()
    with tenant_tx(tenant.id):
        AnnotationLease.objects.for_tenant(tenant.id).update(
            expires_at=now() - timedelta(seconds=1)
        )

    taken = ben.next()
    late = ada.answer(item, 1)
    done = ben.answer(taken, 1)
    too_late = ada.answer(item, 1)

    assert taken["id"] == item["id"]
    assert late.json()["code"] == "lease_held"
    assert done.status_code == 200
    assert (too_late.status_code, too_late.json()["code"]) == (409, "item_answered")
    assert "Ben" in too_late.json()["detail"]


def test_giving_back_and_skipping(tenant, ada, ben):
    ask_about(tenant)
    judged(tenant, *SURE[1])
    item = ada.next()

    assert ada.call("delete", f"{item['id']}/lease/").status_code == 204
    assert ben.next()["id"] == item["id"]
    assert ben.call("post", f"{item['id']}/skip/").status_code == 200

    assert ben.next() is None
    assert ada.next()["id"] == item["id"]
    assert (ben.progress()["waiting"], ben.progress()["open_to_you"]) == (1, 0)


def test_putting_a_skipped_turn_there_by_hand_asks_everybody_again(tenant, ada):
    ask_about(tenant)
    turn = judged(tenant, *SURE[1])
    item = ada.next()
    ada.call("post", f"{item['id']}/skip/")
    again = ada.add(turn, "Please.")

    (kept,) = items(tenant)

    assert again.status_code == 201
    assert ada.next()["note"] == "Please."
    # It was picked by chance: it still counts for the agreement.
    assert kept.stratum == "passed"


def test_what_was_answered_is_not_asked_again(tenant, ada):
    turn = make_turn(tenant.id)
    ada.add(turn)
    ada.answer(ada.next(), 1)

    refused = ada.add(turn)

    assert (refused.status_code, refused.json()["code"]) == (409, "item_answered")


def test_a_turn_that_is_gone_is_passed_over(tenant, ada):
    ask_about(tenant)
    gone, there = judged(tenant, *SURE[1]), judged(tenant, *SURE[1])
    with tenant_tx(tenant.id):
        Turn.objects.for_tenant(tenant.id).filter(id=gone.id).delete()

    assert ada.next()["turn_id"] == str(there.id)
    assert [item.state for item in items(tenant, turn_id=gone.id)] == ["dropped"]


def test_progress_is_counted_by_the_workspaces_day(tenant, ada, ben):
    Tenant.objects.filter(id=tenant.id).update(time_zone="Pacific/Auckland")
    ask_about(tenant)
    for _ in range(4):
        judged(tenant, *SURE[1])
    for desk in (ada, ada, ben):
        desk.answer(desk.next(), 1)
    ada.next()
    with tenant_tx(tenant.id):
        first = AnnotationItem.objects.for_tenant(tenant.id).order_by("id").first()
        AnnotationItem.objects.for_tenant(tenant.id).filter(id=first.id).update(
            answered_at=now() - timedelta(days=1)
        )

    assert ben.progress() == {
        "waiting": 1,
        "open_to_you": 0,
        "being_read": 1,
        "answered_today": 2,
        "answered_by_you_today": 1,
        "answered": 3,
    }


def test_who_may_do_what(tenant, stranger_client):
    viewer, member = Desk(tenant, "Vic", "viewer"), Desk(tenant, "Mia", "member")
    turn = make_turn(tenant.id)

    assert viewer.add(turn).status_code == 403
    assert viewer.call("post", "next/").status_code == 403
    assert viewer.call("get", "progress/").status_code == 200
    assert member.add(turn).status_code == 201
    assert member.call("post", "next/").status_code == 403
    assert member.call("put", "policy/", share_passed=1).status_code == 403


def test_a_turn_of_elsewhere_or_nowhere_is_not_found(tenant, ada):
    foreign = make_turn(TenantFactory().id)

    for turn_id in (foreign.id, uuid7()):
        answer = ada.call("post", turn_id=str(turn_id))
        assert (answer.status_code, answer.json()["code"]) == (404, "turn_not_found")
    assert items(tenant) == []


def test_dropping_takes_it_out(tenant, ada):
    ada.add(make_turn(tenant.id))
    (item,) = items(tenant)

    assert ada.call("delete", f"{item.id}/").status_code == 204
    assert ada.next() is None


def at_once(*calls):
    """What these come to when they are made at the same moment, each on a connection of its own."""
    start = Barrier(len(calls))

    def run(call):
        try:
            start.wait()
            return call()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def queue_of(size):
    tenant = TenantFactory()
    for _ in range(size):
        turn = make_turn(tenant.id)
        services.item_add(tenant_id=tenant.id, actor=SYSTEM, turn_id=turn.id)
    return tenant


def asker(tenant, number):
    actor = Actor("user", str(number), f"Person {number}")

    def ask():
        found = services.item_next(tenant_id=tenant.id, actor=actor)
        return found and found.id

    return ask


@pytest.mark.usefixtures("committed_db")
def test_many_who_ask_at_once_get_a_turn_each():
    tenant = queue_of(8)

    got = at_once(*(asker(tenant, number) for number in range(8)))

    assert None not in got
    assert len(set(got)) == 8


@pytest.mark.usefixtures("committed_db")
def test_one_who_asks_twice_at_once_has_one_turn_also_while_its_lease_is_renewed():
    tenant = queue_of(8)
    ask, actor = asker(tenant, 1), Actor("user", "1", "Person 1")
    first = at_once(*[ask] * 6)

    def renew():
        return services.item_lease(tenant_id=tenant.id, actor=actor, item_id=first[0]).id

    again = at_once(*[ask, renew] * 4)

    assert len({*first, *again}) == 1
    with tenant_tx(tenant.id):
        assert AnnotationLease.objects.for_tenant(tenant.id).count() == 1
