"""Turns go when their workspace no longer wants them, and take nothing with them that stays."""

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection

from apps.core.clock import now
from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from apps.evolution.models import Evidence
from apps.tenants.models import Tenant
from apps.trajectories import partitions, selectors, services
from apps.trajectories.models import Piece, Score, Session, Turn, TurnSkill
from apps.trajectories.months import first_id, month_at, next_month
from tests import database
from tests.factories import TenantFactory, make_proposal, make_record, make_turn

LAST_MONTH = month_at(month_at(now()) - timedelta(days=1))


def id_at(at: datetime) -> UUID:
    return UUID(int=first_id(at).int | (uuid7().int & ((1 << 76) - 1)))


def turn_at(tenant, at: datetime, **fields) -> Turn:
    return make_turn(tenant.id, id=id_at(at), started_at=at, finished_at=at, **fields)


def turns(tenant) -> set[UUID]:
    with tenant_tx(tenant.id):
        return set(Turn.objects.for_tenant(tenant.id).values_list("id", flat=True))


def talk(tenant, times: list[datetime]) -> list[Turn]:
    """A conversation with a turn at each of the times."""
    session, said, made = uuid7(), [], []
    for number, at in enumerate(times):
        said = [*said, {"role": "user", "content": f"message {number} " + "x" * 500}]
        answer = {"role": "assistant", "content": f"answer {number}"}
        body = json.dumps({"system": "Be brief. " * 200, "messages": said}).encode()
        fields = {"session_id": session, "session_source": "header"}
        made.append(turn_at(tenant, at, messages=said, answer=answer, body=body, **fields))
        said = [*said, answer]
    return made


def test_turns_older_than_the_window_go_with_all_that_hangs_on_them(tenant, other_tenant):
    skill = [(uuid7(), "iso-dates", 1)]
    old = now() - timedelta(days=8)
    young = now() - timedelta(days=6)
    gone = turn_at(tenant, old, score=-1, skills=skill, system="old " * 500)
    kept = turn_at(tenant, young, score=1, skills=skill)
    theirs = turn_at(other_tenant, old, score=-1, skills=skill)
    Tenant.objects.filter(id=tenant.id).update(retention_days=7)

    services.turns_sweep()

    assert (turns(tenant), turns(other_tenant)) == ({kept.id}, {theirs.id})
    with tenant_tx(tenant.id):
        for model in (Score, TurnSkill):
            assert {row.turn_id for row in model.objects.for_tenant(tenant.id)} == {kept.id}
        sessions = Session.objects.for_tenant(tenant.id)
        assert set(sessions.values_list("id", flat=True)) == {kept.session_id}
    assert gone.id not in turns(tenant)


def test_without_a_window_everything_stays(tenant):
    old = turn_at(tenant, now() - timedelta(days=4000))

    services.turns_sweep()

    assert turns(tenant) == {old.id}


@pytest.mark.parametrize("days", [[20, 19, 3, 2], [40, 39, 3, 2]], ids=["", "over months"])
def test_a_conversation_that_goes_on_keeps_its_later_turns_whole(tenant, days):
    at = month_at(now()) + timedelta(days=27)
    made = talk(tenant, [at - timedelta(days=back) for back in days])
    bodies = {}
    with tenant_tx(tenant.id):
        for turn in made:
            built = selectors.request_built(tenant_id=tenant.id, turn_id=turn.id)
            bodies[turn.id] = built.body

    gone = services.turns_forget(tenant_id=tenant.id, before=at - timedelta(days=10))

    assert gone == 2
    assert turns(tenant) == {turn.id for turn in made[2:]}
    with tenant_tx(tenant.id):
        for turn in made[2:]:
            built = selectors.request_built(tenant_id=tenant.id, turn_id=turn.id)
            assert built.body == bodies[turn.id]
        left = Turn.objects.for_tenant(tenant.id)
        assert list(left.filter(parent_id__in=[made[0].id, made[1].id])) == []
        # What was said before is part of the conversation that goes on, and shown with it.
        assert len(selectors.asked_of(tenant_id=tenant.id, turn_id=made[3].id).messages) == 7


def test_evidence_goes_with_its_turn(tenant):
    proposal, _ = make_proposal(tenant.id)
    with tenant_tx(tenant.id):
        assert Evidence.objects.for_tenant(tenant.id).filter(proposal=proposal).exists()

    services.turns_forget(tenant_id=tenant.id, before=now() + timedelta(days=1))

    assert turns(tenant) == set()
    with tenant_tx(tenant.id):
        assert not Evidence.objects.for_tenant(tenant.id).exists()


def test_instructions_that_no_turn_needs_any_more_go(tenant):
    old = now() - timedelta(days=70)
    turn_at(tenant, old, system="old " * 500, body=b'{"system":"' + b"old " * 500 + b'"}')
    turn_at(tenant, now(), system="new " * 500, body=b'{"system":"' + b"new " * 500 + b'"}')
    services.turns_forget(tenant_id=tenant.id, before=now() - timedelta(days=30))

    with tenant_tx(tenant.id):
        assert Piece.objects.for_tenant(tenant.id).count() == 1


def part_of(turn: Turn) -> str:
    with tenant_tx(turn.tenant_id), connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass FROM trajectories_turn WHERE id = %s", [turn.id])
        return cursor.fetchone()[0]


def test_turns_lie_in_the_table_of_their_month_and_none_is_refused(tenant):
    this = month_at(now())

    assert part_of(turn_at(tenant, now())) == f"trajectories_turn_{this:%Y_%m}"
    following = next_month(this)
    assert part_of(turn_at(tenant, following)) == f"trajectories_turn_{following:%Y_%m}"
    for odd in (datetime(1999, 1, 1, tzinfo=UTC), datetime(2190, 1, 1, tzinfo=UTC)):
        assert part_of(turn_at(tenant, odd)) == "trajectories_turn_other"


def test_the_application_cannot_reach_a_part_of_the_table(tenant):
    turn = turn_at(tenant, now())

    with (
        pytest.raises(DatabaseError, match="permission denied"),
        tenant_tx(tenant.id),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"SELECT 1 FROM {part_of(turn)}")


# Tables are really dropped, which other tests must not see: these commit, and clean up.


@pytest.fixture
def last_month(committed_db):
    """The table of the month before, made as the owner."""
    name = f"trajectories_turn_{LAST_MONTH:%Y_%m}"
    with database.owner_of_test_database() as owner:
        owner.execute("SELECT turns_month_make(%s)", [LAST_MONTH])
    yield LAST_MONTH
    with database.owner_of_test_database() as owner:
        owner.execute("TRUNCATE trajectories_turn CASCADE")
        if owner.execute("SELECT to_regclass(%s)", [name]).fetchone()[0]:
            owner.execute(f"ALTER TABLE trajectories_turn DETACH PARTITION {name}")
            owner.execute(f"DROP TABLE {name}")


def _of(model, turn) -> dict:
    return {"id": turn.session_id} if model is Session else {"turn_id": turn.id}


def test_a_month_that_nobody_wants_is_dropped_as_a_whole(last_month):
    tenants = [TenantFactory(retention_days=1), TenantFactory(retention_days=1)]
    old = [turn_at(one, last_month, score=-1, skills=[(uuid7(), "s", 1)]) for one in tenants]
    new = [turn_at(one, now()) for one in tenants]

    services.turns_sweep()

    assert last_month not in partitions.months_kept()
    assert [turns(one) for one in tenants] == [{turn.id} for turn in new]
    for one, turn in zip(tenants, old, strict=True):
        with tenant_tx(one.id):
            for model in (Score, TurnSkill, Session):
                assert not model.objects.for_tenant(one.id).filter(**_of(model, turn)).exists()


def test_a_month_that_somebody_wants_stays_for_them(last_month):
    careful, forgetful = TenantFactory(), TenantFactory(retention_days=1)
    kept, gone = turn_at(careful, last_month), turn_at(forgetful, last_month)

    services.turns_sweep()
    is_dropped = partitions.month_drop(last_month)

    assert not is_dropped
    assert last_month in partitions.months_kept()
    assert (turns(careful), turns(forgetful)) == ({kept.id}, set())
    assert gone.id not in turns(forgetful)


def test_an_empty_month_goes_even_when_workspaces_keep_everything(last_month):
    TenantFactory()

    assert partitions.month_drop(last_month)
    assert last_month not in partitions.months_kept()


def test_the_current_month_is_never_dropped(db):
    assert not partitions.month_drop(month_at(now()))
    assert month_at(now()) in partitions.months_kept()


def test_months_are_made_ahead_by_the_sweep(db):
    services.turns_sweep()

    ahead = next_month(next_month(month_at(now())))
    assert ahead in partitions.months_kept()


def test_a_record_of_a_new_month_does_not_wait_for_the_sweep(tenant, monkeypatch):
    monkeypatch.setattr(partitions, "_made", set())
    following = next_month(month_at(now()))

    record = make_record(tenant.id, id=id_at(following))
    services.turns_record(tenant_id=tenant.id, records=[record])

    assert following in partitions.months_kept()
    assert turns(tenant) == {record.id}
