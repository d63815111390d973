"""Two walls: the manager and row level security. With either one gone, nothing leaks."""

from contextlib import suppress

import pytest
from django.db import DatabaseError, connection, transaction

from apps.core.ids import uuid7
from apps.core.tenancy import UnscopedQuery, directory, tenant_tx
from apps.evolution.models import Evidence
from apps.skills.models import Skill, SkillVersion
from apps.trajectories.models import Score, Turn
from tests.architecture.world import TENANT_MODELS
from tests.factories import make_skill, make_turn

each_model = pytest.mark.parametrize("model", TENANT_MODELS, ids=lambda model: model._meta.label)


@each_model
def test_rows_cannot_be_read_without_naming_a_tenant(model):
    for read in ("all", "first", "count", "get", "filter", "exclude", "values", "aggregate"):
        with pytest.raises(UnscopedQuery):
            getattr(model.objects, read)()


@each_model
def test_reading_across_tenants_takes_the_directory(db, model):
    with pytest.raises(UnscopedQuery):
        model.objects.across_tenants()
    with directory():
        model.objects.across_tenants().first()
    with pytest.raises(UnscopedQuery):
        model.objects.across_tenants()


@each_model
def test_without_the_manager_the_database_still_hides_other_tenants(tenant, theirs, model):
    with tenant_tx(theirs.tenant.id):
        visible_to_them = model.unscoped.count()
    with tenant_tx(tenant.id):
        visible_to_us = model.unscoped.exclude(tenant_id=tenant.id).count()
    visible_to_nobody = model.unscoped.count()

    assert visible_to_us == visible_to_nobody == 0
    # The rest would prove nothing about a table without rows.
    assert visible_to_them > 0 or model._meta.label in {
        "trajectories.Piece",
        "trajectories.TurnSkill",
        "skills.SkillEmbedding",
        "skills.SkillStat",
        "evolution.Review",
        "exports.Deletion",
        "training.BatchSample",
    }


@each_model
def test_without_row_level_security_the_manager_still_hides_other_tenants(tenant, theirs, model):
    with directory():  # its role bypasses row level security
        everything = model.objects.across_tenants()
        theirs_seen = everything.filter(tenant_id=theirs.tenant.id).count()
        ours_seen = model.objects.for_tenant(tenant.id)

        assert not ours_seen.exclude(tenant_id=tenant.id).exists()
        assert model.objects.for_tenant(theirs.tenant.id).count() == theirs_seen


@each_model
def test_other_tenants_rows_cannot_be_changed_or_removed(tenant, theirs, model):
    with tenant_tx(theirs.tenant.id):
        before = model.unscoped.count()

    touched = [
        _touched(
            tenant.id, f"{statement.format(model._meta.db_table)} WHERE tenant_id = %s", theirs
        )
        for statement in ("UPDATE {} SET tenant_id = tenant_id", "DELETE FROM {}")
    ]

    assert set(touched) <= {0, None}
    with tenant_tx(theirs.tenant.id):
        assert model.unscoped.count() == before


def _touched(tenant_id, statement, theirs):
    """How many rows the statement reached; None where the table refuses it altogether."""
    with tenant_tx(tenant_id), connection.cursor() as cursor, suppress(DatabaseError):
        with transaction.atomic():
            cursor.execute(statement, [theirs.tenant.id])
        return cursor.rowcount
    return None


def test_a_row_cannot_be_written_into_another_tenant(tenant, theirs):
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        tenant_tx(tenant.id),
    ):
        Skill.objects.create(
            tenant_id=theirs.tenant.id, slug="planted", status="retired", source="written"
        )


def test_a_row_cannot_be_moved_into_another_tenant(tenant, theirs):
    skill = make_skill(tenant.id)

    with (
        pytest.raises(DatabaseError, match="row-level security"),
        tenant_tx(tenant.id),
    ):
        Skill.objects.for_tenant(tenant.id).filter(id=skill.id).update(tenant_id=theirs.tenant.id)


def _child_of_their_turn(tenant_id, theirs):
    return Score(
        tenant_id=tenant_id,
        turn_id=theirs.turn.id,
        value=1,
        votes=[],
        judge_model="m",
        prompt_version="p",
    )


def _version_of_their_skill(tenant_id, theirs):
    return SkillVersion(
        tenant_id=tenant_id,
        skill_id=theirs.skill.id,
        number=9,
        text="t",
        sha256="0" * 64,
        description="d",
        category="general",
        reach="relevant",
        body="b",
        tokens=1,
        author="a",
        source="written",
    )


def _evidence_for_their_proposal(tenant_id, theirs):
    turn = make_turn(tenant_id)
    return Evidence(
        tenant_id=tenant_id,
        proposal_id=theirs.proposal.id,
        turn_id=turn.id,
        session_id=turn.session_id,
    )


def _turn_after_theirs(tenant_id, theirs):
    turn = make_turn(tenant_id)
    turn.id, turn.parent_id, turn._state.adding = uuid7(), theirs.turn.id, True
    return turn


@pytest.mark.parametrize(
    "child",
    [
        _child_of_their_turn,
        _version_of_their_skill,
        _evidence_for_their_proposal,
        _turn_after_theirs,
    ],
)
def test_a_child_of_another_tenants_row_is_refused(tenant, theirs, child):
    """Foreign keys do not look at row level security: only the tenant in the key stops this."""
    row = child(tenant.id, theirs)

    with pytest.raises(DatabaseError, match="violates foreign key constraint"):
        _insert(tenant.id, row)


def _insert(tenant_id, row):
    with tenant_tx(tenant_id), connection.cursor() as cursor:
        row.save(force_insert=True)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO tenants_user (id, password, is_superuser, email, name, is_staff, is_active,"
        " created_at) VALUES (gen_random_uuid(), '', true, 'x@example.com', '', true, true, now())",
        "UPDATE skills_skill SET slug = 'taken-over'",
        "DELETE FROM trajectories_turn",
        "TRUNCATE jobs_job",
        "CREATE TABLE planted (id int)",
    ],
)
def test_the_directory_cannot_write(theirs, statement):
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        directory(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


def test_the_directory_ends_with_its_block_even_when_that_fails(theirs):
    with pytest.raises(ZeroDivisionError), directory():
        raise ZeroDivisionError

    assert Turn.unscoped.count() == 0
    with pytest.raises(UnscopedQuery):
        Turn.objects.across_tenants()


def test_the_inner_block_of_another_tenant_gives_way_to_the_outer_one(tenant, theirs):
    ours = make_turn(tenant.id)

    with tenant_tx(tenant.id):
        with tenant_tx(theirs.tenant.id):
            inner = set(Turn.unscoped.values_list("tenant_id", flat=True))
        with pytest.raises(ZeroDivisionError), tenant_tx(theirs.tenant.id):
            raise ZeroDivisionError
        outer = set(Turn.unscoped.values_list("id", flat=True))

    assert (inner, outer) == ({theirs.tenant.id}, {ours.id})
