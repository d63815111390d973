"""What taught a skill never trains the weights: the database sees to it, by itself (P6)."""

import random
from collections import Counter
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from apps.core.ids import uuid7
from apps.core.tenancy import tenant_tx
from tests.factories import make_sample, make_turn

TURNS = 40
MOVES = 10_000

SUPPORT = "UPDATE trajectories_turn SET is_support = true WHERE id = %(turn)s"
NO_SUPPORT = "UPDATE trajectories_turn SET is_support = false WHERE id = %(turn)s"
TRAINED = "UPDATE trajectories_turn SET is_trained = true WHERE id = %(turn)s"
NOT_TRAINED = "UPDATE trajectories_turn SET is_trained = false WHERE id = %(turn)s"
INTO_BATCH = """
INSERT INTO training_batchsample
  (id, tenant_id, created_at, batch_id, sample_id, turn_id, reward, advantage, weight)
VALUES (%(id)s, %(tenant)s, now(), %(batch)s, %(sample)s, %(turn)s, 1, 1, 1)
"""
OUT_OF_BATCH = "DELETE FROM training_batchsample WHERE turn_id = %(turn)s"
BOTH = """
SELECT count(*) FROM training_batchsample b
JOIN trajectories_turn t ON t.tenant_id = b.tenant_id AND t.id = b.turn_id
WHERE t.is_support OR NOT t.is_trained
"""
BATCH = """
INSERT INTO training_batch (id, tenant_id, created_at, groups, flat_groups, normalisation)
VALUES (%(id)s, %(tenant)s, now(), 1, 0, 'token')
"""
MOVED = (SUPPORT, NO_SUPPORT, TRAINED, NOT_TRAINED, INTO_BATCH, INTO_BATCH, OUT_OF_BATCH)


def is_done(cursor, statement: str, **values: UUID) -> bool:
    try:
        with transaction.atomic():
            cursor.execute(statement, values)
    except DatabaseError:
        return False
    return cursor.rowcount > 0


def count(cursor, statement: str) -> int:
    cursor.execute(statement)
    return int(cursor.fetchone()[0])


@pytest.fixture
def samples(tenant):
    return [make_sample(make_turn(tenant.id, score=1)) for _ in range(TURNS)]


def test_ten_thousand_moves_in_any_order_never_meet(tenant, samples):
    chance = random.Random(20_261_121)
    done: Counter[str] = Counter()
    batch = uuid7()
    with tenant_tx(tenant.id), connection.cursor() as cursor:
        cursor.execute(BATCH, {"id": batch, "tenant": tenant.id})
        for number in range(MOVES):
            sample, move = chance.choice(samples), chance.choice(MOVED)
            values = {"turn": sample.turn_id, "sample": sample.id, "id": uuid7()}
            if is_done(cursor, move, tenant=tenant.id, batch=batch, **values):
                done[move] += 1
            if number % 50 == 0:
                assert count(cursor, BOTH) == 0
        assert count(cursor, BOTH) == 0

    # Both sides had their way often enough for this to say something.
    assert done[SUPPORT] > 20
    assert done[INTO_BATCH] > 20


@pytest.mark.parametrize(
    "first, then",
    [(SUPPORT, INTO_BATCH), (INTO_BATCH, SUPPORT), (INTO_BATCH, NOT_TRAINED), (TRAINED, SUPPORT)],
)
def test_whoever_comes_second_is_refused(tenant, samples, first, then):
    sample, batch = samples[0], uuid7()
    values = {"turn": sample.turn_id, "sample": sample.id, "tenant": tenant.id, "batch": batch}
    with tenant_tx(tenant.id), connection.cursor() as cursor:
        cursor.execute(BATCH, {"id": batch, "tenant": tenant.id})

        assert is_done(cursor, first, id=uuid7(), **values)
        assert not is_done(cursor, then, id=uuid7(), **values)


def test_a_sample_does_not_pass_for_one_of_another_turn(tenant, samples):
    batch = uuid7()
    with tenant_tx(tenant.id), connection.cursor() as cursor:
        cursor.execute(BATCH, {"id": batch, "tenant": tenant.id})
        taught, free = samples[:2]
        assert is_done(cursor, SUPPORT, turn=taught.turn_id)

        assert not is_done(
            cursor,
            INTO_BATCH,
            id=uuid7(),
            tenant=tenant.id,
            batch=batch,
            sample=taught.id,
            turn=free.turn_id,
        )
