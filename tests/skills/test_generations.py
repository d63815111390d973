"""The whole library, back at an earlier state."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.skills import selectors, services
from apps.skills.errors import GenerationUnknown
from apps.skills.models import LibraryGeneration
from apps.tenants.models import AuditEvent
from apps.tenants.types import Actor
from tests.factories import make_doc, make_skill

ADA = Actor("user", "1", "Ada")


def text(slug: str, step: str) -> str:
    return make_doc(slug, body=f"# {slug}\n\n## Steps\n\n1. Write {step}.").text


def library(tenant):
    with tenant_tx(tenant.id):
        found = selectors.library_get(tenant_id=tenant.id)
    return {skill.slug: skill.version for skill in found.skills}


def generation(tenant):
    with tenant_tx(tenant.id):
        return selectors.generation_get(tenant_id=tenant.id)


def edit(tenant, slug, step):
    with tenant_tx(tenant.id):
        live = selectors.skill_text_find(tenant_id=tenant.id, slug=slug)
    assert live is not None
    services.skill_edit(
        tenant_id=tenant.id, actor=ADA, slug=slug, text=text(slug, step), sha256=live.sha256
    )


def restore(tenant, number):
    return services.library_restore(tenant_id=tenant.id, actor=ADA, number=number)


@pytest.fixture
def states(tenant):
    """Every state that a small library went through, by generation."""
    seen = {}

    def note():
        seen[generation(tenant)] = library(tenant)

    make_skill(tenant.id, "first")
    note()
    make_skill(tenant.id, "second")
    note()
    edit(tenant, "first", "dates as YYYY-MM-DD")
    note()
    services.skill_retire(tenant_id=tenant.id, actor=ADA, slug="second")
    note()
    services.skill_activate(tenant_id=tenant.id, actor=ADA, slug="first", number=1)
    note()
    services.skill_scope(tenant_id=tenant.id, actor=ADA, slug="first", agents=["coder"])
    note()
    services.skills_import(
        tenant_id=tenant.id,
        actor=ADA,
        docs=[make_doc("second", body="# Two\n\n## Steps\n\n1. Write it."), make_doc("third")],
        source="imported",
    )
    note()
    return seen


@pytest.mark.parametrize("number", range(1, 8))
def test_every_state_can_be_had_again(tenant, states, number):
    restore(tenant, number)

    assert library(tenant) == states[number]


def test_restoring_is_a_state_of_its_own_that_can_be_undone(tenant, states):
    newest = generation(tenant)

    restored = restore(tenant, 3)
    assert restored.generation == generation(tenant) == newest + 1
    restore(tenant, newest)

    assert library(tenant) == states[newest]


def test_what_it_did_is_in_the_audit_log(tenant, states):
    restore(tenant, 1)

    with tenant_tx(tenant.id):
        event = AuditEvent.objects.for_tenant(tenant.id).get(action="library.restored")
    assert (event.subject, event.detail) == ("generation 1", "second retired, third retired")


def test_restoring_what_is_there_changes_nothing(tenant, states):
    newest = generation(tenant)

    assert restore(tenant, newest).moves == {}
    assert generation(tenant) == newest


def test_a_state_nobody_knows_is_refused(tenant, states):
    with pytest.raises(GenerationUnknown, match="no generation 99"):
        restore(tenant, 99)


def test_a_state_from_before_moves_were_kept_is_refused(tenant, states):
    with tenant_tx(tenant.id):
        LibraryGeneration.objects.for_tenant(tenant.id).filter(number=4).update(moves=None)

    with pytest.raises(GenerationUnknown, match="older than the record"):
        restore(tenant, 3)
    restore(tenant, 4)
    assert library(tenant) == states[4]
