"""What a verdict of the judge cost, when it was given, and what a day of them comes to."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution import services
from apps.tenants.models import Tenant
from apps.tenants.types import SYSTEM
from apps.trajectories.models import Score
from apps.usage.services import price_set
from apps.usage.types import Price
from tests.factories import make_run, make_turn
from tests.fakes import FakeModel

# Three votes of 10 tokens in and 5 out, in micro-units per million tokens.
PRICE, COST = Price(2_000_000, 4_000_000, 0, 0), 3 * (10 * 2 + 5 * 4)


def judge(tenant, **how):
    """A turn, judged by ``fake-1``."""
    turn = make_turn(tenant.id)
    services.turn_score(
        run=make_run(tenant.id),
        turn_id=turn.id,
        model=FakeModel({"vote": 1, "rationale": "Fine."}),
        **({"is_simulated": False} | how),
    )
    return turn


def cost_of(turn):
    with tenant_tx(turn.tenant_id):
        return Score.objects.for_tenant(turn.tenant_id).get(turn_id=turn.id).cost_micros


def set_price(tenant, price=PRICE):
    price_set(tenant_id=tenant.id, actor=SYSTEM, pattern="fake-*", price=price)


def move(turn, at):
    with tenant_tx(turn.tenant_id):
        Score.objects.for_tenant(turn.tenant_id).filter(turn_id=turn.id).update(created_at=at)


@pytest.mark.parametrize(
    "how, cost", [({}, COST), ({"is_free": True}, 0), ({"is_simulated": True}, 0)]
)
def test_a_verdict_costs_what_its_votes_cost(tenant, how, cost):
    set_price(tenant)

    assert cost_of(judge(tenant, **how)) == cost


def test_without_a_price_nobody_knows_what_it_cost(tenant):
    assert cost_of(judge(tenant)) is None


def test_a_new_price_leaves_what_was_paid_before_as_it_was(tenant):
    set_price(tenant)
    before = judge(tenant)
    set_price(tenant, Price(0, 1_000_000_000, 0, 0))
    after = judge(tenant)

    assert (cost_of(before), cost_of(after)) == (COST, 15_000)


def test_a_turn_shows_what_its_verdict_cost(tenant, viewer_client):
    set_price(tenant)
    turn = judge(tenant)

    (score,) = viewer_client.get(f"/api/v1/t/{tenant.slug}/turns/{turn.id}/").json()["scores"]

    assert (score["input_tokens"], score["output_tokens"], score["cost_micros"]) == (30, 15, COST)


def test_the_sum_of_a_day_ends_at_the_workspaces_midnight(tenant, viewer_client):
    zone = ZoneInfo("Asia/Tokyo")
    Tenant.objects.filter(id=tenant.id).update(time_zone=zone.key)
    unpriced = judge(tenant)
    set_price(tenant)
    late, early = judge(tenant), judge(tenant)
    today = datetime.now(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first = today.date()
    for turn, at in ((unpriced, today), (late, today.replace(hour=23, minute=59))):
        move(turn, at)
    move(early, datetime(2000, 1, 1, tzinfo=zone))

    answer = viewer_client.get(
        f"/api/v1/t/{tenant.slug}/judge-spending/?since={first}&until={first}"
    ).json()

    numbers = {
        "scores": 2,
        "unpriced": 1,
        "input_tokens": 60,
        "output_tokens": 30,
        "cost_micros": COST,
    }
    assert answer["days"] == [numbers | {"day": first.isoformat()}]
    assert answer["total"] == numbers


def test_people_cost_nothing_and_days_without_a_verdict_are_left_out(tenant, viewer_client):
    turn = make_turn(tenant.id)
    services.verdict_give(tenant_id=tenant.id, actor=SYSTEM, turn_id=turn.id, value=1, comment="")

    answer = viewer_client.get(f"/api/v1/t/{tenant.slug}/judge-spending/").json()

    assert answer["days"] == []
    assert answer["total"]["scores"] == answer["total"]["cost_micros"] == 0
    assert (date.fromisoformat(answer["until"]) - date.fromisoformat(answer["since"])).days == 29
