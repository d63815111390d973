from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from apps.core.ids import uuid7
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants.selectors import key_exists
from apps.tenants.services import audit_record, config_changed
from apps.tenants.types import Actor
from apps.usage import selectors
from apps.usage.errors import LimitInvalid, LimitTaken
from apps.usage.models import Limit

_NUMBERS = (
    "requests_per_minute",
    "tokens_per_minute",
    "concurrent_streams",
    "day_micros",
    "month_micros",
)


def limit_create(
    *, tenant_id: UUID, actor: Actor, scope: str, subject: str = "", **numbers: int | None
) -> Limit:
    """Limit a workspace, a key or an agent. Raises LimitInvalid and LimitTaken.

    It holds in every gateway within a second.
    """
    with tenant_tx(tenant_id):
        row = Limit(id=uuid7(), tenant_id=tenant_id, scope=scope, subject=subject, **numbers)
        _check(row)
        try:
            with transaction.atomic():
                row.save()
        except IntegrityError as exc:
            raise LimitTaken(
                say("limit_taken", "There is a limit for that already: change it.")
            ) from exc
        _noted(row, actor, "limit.created")
        return row


def limit_update(*, tenant_id: UUID, actor: Actor, limit_id: UUID, **numbers: int | None) -> Limit:
    with tenant_tx(tenant_id):
        row = selectors.limit_get(tenant_id=tenant_id, limit_id=limit_id)
        for name, value in numbers.items():
            setattr(row, name, value)
        _check(row)
        row.save()
        _noted(row, actor, "limit.changed")
        return row


def limit_delete(*, tenant_id: UUID, actor: Actor, limit_id: UUID) -> None:
    with tenant_tx(tenant_id):
        row = selectors.limit_get(tenant_id=tenant_id, limit_id=limit_id)
        row.delete()
        _noted(row, actor, "limit.deleted")


def _check(row: Limit) -> None:
    if all(getattr(row, name) is None for name in _NUMBERS):
        raise LimitInvalid(
            say("limit_empty", "A limit has at least one number; delete it to lift it.")
        )
    if (row.scope == Limit.Scope.TENANT) == bool(row.subject):
        wrong = (
            say("limit_of_workspace", "This limit is about nobody but the workspace.")
            if row.subject
            else say("limit_of_whom", "This limit has to say whose it is.")
        )
        raise LimitInvalid.of("subject", wrong)
    if row.scope == Limit.Scope.KEY and not _is_key(row.tenant_id, row.subject):
        english = "It takes the id of a key of this workspace."
        raise LimitInvalid.of("subject", say("limit_no_key", english))


def _is_key(tenant_id: UUID, text: str) -> bool:
    try:
        return key_exists(tenant_id=tenant_id, key_id=UUID(text))
    except ValueError:
        return False


def _noted(row: Limit, actor: Actor, action: str) -> None:
    numbers: dict[str, Any] = {name: getattr(row, name) for name in _NUMBERS}
    stated = [f"{name}: {value}" for name, value in numbers.items() if value is not None]
    audit_record(
        tenant_id=row.tenant_id,
        actor=actor,
        action=action,
        subject=f"{row.scope} {row.subject}".rstrip(),
        detail=", ".join(stated),
    )
    config_changed(tenant_id=row.tenant_id)
