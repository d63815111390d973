"""A small part of ``python -m bench.races``: what was approved is what becomes live, always."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.evolution.models import Proposal
from bench import races


def play_many(stage):
    for seed in range(200):
        races.play_in_order(stage, seed)


def test_generated_interleavings_end_as_the_model_says(db):
    assert races.play(60, at_once=0)["in_order"] == 60


def test_of_members_at_once_only_what_was_approved_goes_live(committed_db):
    found = races.play(0, at_once=25)

    assert found["live_of_those_at_once"] > 0


def test_a_service_that_forgets_the_hash_is_found_out(db, monkeypatch):
    stage = races.Stage()
    real = races.Stage.approve

    def forgetful(self, name, proposal_id, read):
        return real(self, name, proposal_id, self.read(proposal_id))

    monkeypatch.setattr(races.Stage, "approve", forgetful)

    with pytest.raises(races.Difference):
        play_many(stage)


def test_a_text_that_slips_in_behind_the_approval_is_found_out(db, monkeypatch):
    stage = races.Stage()
    real = races.Stage.read

    def slipping(self, proposal_id):
        read = real(self, proposal_id)
        with tenant_tx(self.tenant_id):
            Proposal.objects.for_tenant(self.tenant_id).filter(id=proposal_id).update(edition=99)
        return read[::-1]

    monkeypatch.setattr(races.Stage, "read", slipping)

    with pytest.raises(races.Difference):
        play_many(stage)
