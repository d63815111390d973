from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F

from apps.core import crypto
from apps.core.bell import publish
from apps.core.events import Changed, publish_on_commit
from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants import selectors
from apps.tenants.errors import SecondFactorFirst, TenantTaken
from apps.tenants.models import Tenant, User
from apps.tenants.selectors.sign_in import has_second_factor
from apps.tenants.services.audit import audit_record
from apps.tenants.types import CONFIG_CHANNEL, Actor


def user_create(*, email: str, password: str, name: str = "") -> User:
    return User.objects.create_user(email, password, name=name)


def tenant_create(*, slug: str, name: str) -> Tenant:
    """Make a workspace with a data key of its own. Raises TenantTaken."""
    tenant_id = uuid7()
    sealed = crypto.seal(
        settings.METACLAW_MASTER_KEY, crypto.new_key(), context=f"tenant:{tenant_id}"
    )
    try:
        with transaction.atomic():
            return Tenant.objects.create(id=tenant_id, slug=slug, name=name, sealed_data_key=sealed)
    except IntegrityError as exc:
        english = "There is a workspace called {slug} already."
        raise TenantTaken(say("workspace_taken", english, slug=slug)) from exc


def tenant_mark_demo(*, tenant_id: UUID) -> None:
    """Say that nothing in it happened; for one that was just made, and for good."""
    Tenant.objects.filter(id=tenant_id).update(is_demo=True)


def tenant_update(*, tenant_id: UUID, actor: Actor, **fields: Any) -> Tenant:
    """Change settings of the workspace; they reach every gateway within a second.

    Raises SecondFactorFirst.
    """
    if fields.get("needs_second_factor") and actor.kind == "user":
        _second_factor_check(UUID(actor.id))
    with tenant_tx(tenant_id):
        Tenant.objects.filter(id=tenant_id).update(**fields)
        audit_record(
            tenant_id=tenant_id,
            actor=actor,
            action="settings.changed",
            detail=", ".join(f"{name}: {value}" for name, value in sorted(fields.items())),
        )
        settings_changed(tenant_id)
        return selectors.tenant_get(tenant_id=tenant_id)


def _second_factor_check(user_id: UUID) -> None:
    """Nobody asks of others what they have not done, or is shut out by their own rule."""
    if not has_second_factor(user_id=user_id):
        english = "Set up your own second factor first, on your account page."
        problem = say("second_factor_first", english)
        raise SecondFactorFirst.of("needs_second_factor", problem)


def settings_changed(tenant_id: UUID) -> None:
    """Tell gateways, and open pages."""
    config_changed(tenant_id=tenant_id)
    publish_on_commit(tenant_id, Changed("tenants.settings", str(tenant_id), "changed"))


def config_changed(*, tenant_id: UUID) -> None:
    """Say that keys, upstreams, live skills or settings moved: gateways load them anew.

    The number in the row is what counts; the message only makes it quick.
    """
    Tenant.objects.filter(id=tenant_id).update(config_version=F("config_version") + 1)
    transaction.on_commit(lambda: publish(CONFIG_CHANNEL, str(tenant_id)), robust=True)
