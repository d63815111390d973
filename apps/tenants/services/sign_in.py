"""How a person gets in is theirs, not a workspace's; who works with them may know of changes."""

import logging
import secrets

from allauth.mfa.models import Authenticator
from django.db import transaction

from apps.tenants import selectors
from apps.tenants.models import User
from apps.tenants.services.audit import audit_record
from apps.tenants.types import SYSTEM, Actor

logger = logging.getLogger(__name__)


def person_rename(*, user: User, name: str) -> User:
    user.name = name
    user.save(update_fields=["name"])
    return user


def sign_in_changed(*, user: User, change: str, detail: str, actor: Actor | None = None) -> None:
    """Note in every workspace of a person that their way in is another now.

    ``change`` is what happened (``added``), ``detail`` to what.
    """
    logger.info("sign_in.changed", extra={"user_id": str(user.pk), "change": change})
    who = actor or Actor("user", str(user.pk), user.name or user.email)
    for tenant, _ in selectors.tenants_of_user(user_id=user.pk):
        audit_record(
            tenant_id=tenant.id,
            actor=who,
            action=f"sign_in.{change}",
            subject=user.email,
            detail=detail,
        )


@transaction.atomic
def second_factors_remove(*, user: User) -> None:
    """For somebody who has lost them all, once an operator knows who asks."""
    removed, _ = Authenticator.objects.filter(user_id=user.pk).delete()
    if removed:
        sign_in_changed(
            user=user, change="reset", detail="second factors and passkeys", actor=SYSTEM
        )


@transaction.atomic
def sign_in_reset(*, user: User) -> str:
    """A new password and no second factor; the person's sessions end with the old one."""
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save(update_fields=["password"])
    second_factors_remove(user=user)
    sign_in_changed(user=user, change="reset", detail="password", actor=SYSTEM)
    return password
