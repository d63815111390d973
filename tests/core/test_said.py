from datetime import UTC, datetime
from typing import Any

import pytest
from rest_framework.test import APIClient

from apps.core.said import Said, say, sentences_of, together
from apps.core.said_field import SaidField
from apps.core.tenancy import tenant_tx
from apps.tenants.models import Tenant
from apps.training.models import TrainingJob
from tests.training.factories import make_policy, make_training_job

SINCE = datetime(2026, 11, 20, 23, 50, tzinfo=UTC)


def test_a_sentence_is_its_english_and_knows_what_it_was_made_of() -> None:
    said = say("served", "Serves {share:.0%} since {since:%H:%M} UTC.", share=0.1, since=SINCE)

    assert said == "Serves 10% since 23:50 UTC."
    assert said.sentences == (
        {"code": "served", "values": {"share": 0.1, "since": "2026-11-20T23:50:00+00:00"}},
    )


def test_what_somebody_wrote_stands_among_sentences_as_it_is() -> None:
    said = together(say("taken_back", "Taken back by {who}.", who="{Ada}"), "", "It was rude.")

    assert said == "Taken back by {Ada}. It was rude."
    assert [one["code"] for one in said.sentences] == ["taken_back", "as_it_is"]
    assert sentences_of("") == ()


@pytest.mark.parametrize("kept", ["", "Only a text, as in rows from before.", "A {brace}"])
def test_a_text_without_sentences_is_kept_as_it_was(kept: str) -> None:
    field: Any = SaidField()

    stored = field.get_prep_value(kept)

    assert stored == kept
    assert field.from_db_value(stored) == kept


def test_a_column_gives_back_the_sentences_and_rest_answers_with_both(
    admin_client: APIClient, tenant: Tenant
) -> None:
    note = together(say("job_paused", "Paused by {who}.", who="Ada"), "Why not.")
    with tenant_tx(tenant.id):
        job = make_training_job(make_policy(tenant.id), note=note)

        found = TrainingJob.objects.for_tenant(tenant.id).get(id=job.id).note

    answer = admin_client.get(f"/api/v1/t/{tenant.slug}/training/jobs/{job.id}/").json()

    assert isinstance(found, Said)
    assert (found, found.sentences) == (note, note.sentences)
    assert answer["note"] == "Paused by Ada. Why not."
    assert [one["code"] for one in answer["note_said"]] == ["job_paused", "as_it_is"]
