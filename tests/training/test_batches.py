"""Samples and the batches made of them."""

from uuid import uuid4

import pytest
from django.db import DatabaseError, transaction

from apps.core.tenancy import tenant_tx
from apps.skills.services import skill_edit
from apps.tenants.types import SYSTEM
from apps.training import selectors
from apps.training.errors import NothingToTrainOn, SampleInvalid
from apps.training.models import BatchSample, Sample
from apps.training.services import BatchWish, batch_form, batch_release
from apps.trajectories.models import Turn
from apps.trajectories.services import turns_mark_support
from tests.factories import make_doc, make_sample, make_skill, make_turn


def group_of(tenant, *scores, **fields):
    """Turns of one prompt with these scores, and their samples."""
    group_id = uuid4()
    return [
        make_sample(make_turn(tenant.id, score=score, **fields), group_id=group_id)
        for score in scores
    ]


def batched(tenant, batch):
    with tenant_tx(tenant.id):
        rows = BatchSample.objects.for_tenant(tenant.id).filter(batch=batch)
        return {row.sample_id: row.advantage for row in rows}


def turn_of(tenant, sample):
    with tenant_tx(tenant.id):
        return Turn.objects.for_tenant(tenant.id).get(id=sample.turn_id)


def test_tokens_and_log_probabilities_come_back_as_they_went_in(tenant):
    sample = make_sample(make_turn(tenant.id), tokens=(7, 2**31 - 1), logprobs=(-0.1, -9.5))

    assert bytes(sample.tokens) == b"\x07\0\0\0\xff\xff\xff\x7f"
    assert sample.token_count == 2
    assert bytes(sample.logprobs)[:4] == b"\xcd\xcc\xcc\xbd"


@pytest.mark.parametrize(
    "fields",
    [
        {"tokens": (), "logprobs": ()},
        {"prompt_tokens": ()},
        {"logprobs": (-0.5,)},
        {"tokens": (4, -1)},
        {"logprobs": (-0.5, float("nan"))},
        {"logprobs": (-0.5, 0.3)},
        {"temperature": -1.0},
    ],
)
def test_what_no_sampler_says_is_refused(tenant, fields):
    turn = make_turn(tenant.id)

    with pytest.raises(SampleInvalid):
        make_sample(turn, **fields)

    with tenant_tx(tenant.id):
        assert not selectors.has_tokens(tenant_id=tenant.id, turn_id=turn.id)


def test_a_turn_keeps_the_sample_it_has(tenant):
    turn = make_turn(tenant.id)
    first = make_sample(turn)

    again = make_sample(turn, tokens=(9,), logprobs=(-1.0,))

    assert (again.id, again.token_count) == (first.id, 2)


def test_a_batch_takes_groups_that_say_something(tenant):
    better, worse = group_of(tenant, 1, -1)
    group_of(tenant, 1, 1)
    group_of(tenant, 1)
    make_sample(make_turn(tenant.id, score=1))

    batch = batch_form(tenant_id=tenant.id, wish=BatchWish(groups=1))

    found = batched(tenant, batch)
    assert found.keys() == {better.id, worse.id}
    assert found[better.id] == -found[worse.id] > 0
    assert batch.flat_groups == 1
    assert turn_of(tenant, better).is_trained


def test_without_enough_to_learn_from_the_reason_is_counted(tenant):
    group_of(tenant, 1, 1)
    group_of(tenant, 0)

    with pytest.raises(NothingToTrainOn, match="0 groups to learn from, 1 are wanted; 1 more"):
        batch_form(tenant_id=tenant.id, wish=BatchWish(groups=1))


def test_no_sample_is_used_twice(tenant):
    group_of(tenant, 1, -1)
    batch_form(tenant_id=tenant.id, wish=BatchWish(groups=1))

    with pytest.raises(NothingToTrainOn):
        batch_form(tenant_id=tenant.id, wish=BatchWish(groups=1))


def test_a_batch_that_is_given_back_frees_its_turns(tenant):
    better, _ = group_of(tenant, 1, -1)
    batch = batch_form(tenant_id=tenant.id, wish=BatchWish(groups=1))

    batch_release(tenant_id=tenant.id, batch_id=batch.id)

    assert not turn_of(tenant, better).is_trained
    batch_form(tenant_id=tenant.id, wish=BatchWish(groups=1))


def test_a_turn_that_taught_a_skill_leaves_its_group(tenant):
    samples = group_of(tenant, 1, -1, 0)
    with tenant_tx(tenant.id):
        turns_mark_support(tenant_id=tenant.id, turn_ids=[samples[1].turn_id])

    batch = batch_form(tenant_id=tenant.id, wish=BatchWish(groups=1))

    assert batched(tenant, batch).keys() == {samples[0].id, samples[2].id}


def test_only_samples_whose_skills_changed_are_out(tenant):
    skill, other = make_skill(tenant.id, "dates"), make_skill(tenant.id, "units")
    with_dates = [(skill.live_version_id, "dates", 1)]
    with_units = [(other.live_version_id, "units", 1)]
    group_of(tenant, 1, -1, skills=with_dates)
    kept = group_of(tenant, 1, -1, skills=with_units)
    skill_edit(
        tenant_id=tenant.id,
        actor=SYSTEM,
        slug="dates",
        text=make_doc("dates", body="# Dates\n\n1. Write dates as YYYY-MM-DD, always.").text,
        sha256=skill.live_version.sha256,
    )

    batch = batch_form(tenant_id=tenant.id, wish=BatchWish(groups=1))

    assert batched(tenant, batch).keys() == {one.id for one in kept}
    with tenant_tx(tenant.id):
        found = selectors.funnel(tenant_id=tenant.id)
    assert (found.captured, found.eligible) == (4, 0)
    assert found.refused == {"older_skills": 2, "trained": 2}


def test_another_workspaces_samples_are_nobodys_business(tenant, other_tenant):
    group_of(other_tenant, 1, -1)

    with pytest.raises(NothingToTrainOn):
        batch_form(tenant_id=tenant.id, wish=BatchWish(groups=1))
    with tenant_tx(tenant.id):
        assert selectors.funnel(tenant_id=tenant.id).captured == 0


def test_what_was_sampled_is_not_rewritten(tenant):
    sample = make_sample(make_turn(tenant.id))

    with (
        pytest.raises(DatabaseError, match="permission denied"),
        tenant_tx(tenant.id),
        transaction.atomic(),
    ):
        Sample.objects.for_tenant(tenant.id).filter(id=sample.id).update(temperature=0.0)
