"""What a caller is at the moment, and whose roles that is enough for."""

from uuid import UUID

from apps.core.errors import Forbidden, NotFound
from apps.core.said import say
from apps.tenants import selectors
from apps.tenants.models import Membership, Tenant
from apps.tenants.types import Actor

_OWNER = Membership.Role.OWNER
_ADMIN = Membership.Role.ADMIN


def role_now(*, tenant_id: UUID, actor: Actor, acting_as: str) -> str:
    """The caller's role as it is now; from here on to the commit nobody else changes members.

    Who was demoted while their request was on its way acts as what they are by then.
    """
    # The row that audit_record takes: whoever does both waits for one lock only.
    Tenant.objects.select_for_update(no_key=True).values_list("id").get(id=tenant_id)
    if actor.kind != "user":
        return acting_as
    own = selectors.member_find(tenant_id=tenant_id, user_id=UUID(actor.id))
    if own is None:
        raise NotFound
    return own.role


def role_check(acting_as: str, *concerned: str) -> None:
    """Raises Forbidden for who may not take or give one of these roles."""
    needed = _OWNER if _OWNER in concerned else _ADMIN
    if not may_give(acting_as, *concerned):
        if needed == _OWNER:
            english = "Only owners make and unmake owners; your role here is {role}."
            why = say("owners_only", english, role=acting_as)
        else:
            english = "This takes the role {needed}; yours here is {role}."
            why = say("role_needed", english, needed=needed, role=acting_as)
        raise Forbidden(why, needed=needed)


def may_give(acting_as: str, *concerned: str) -> bool:
    needed = _OWNER if _OWNER in concerned else _ADMIN
    return selectors.role_rank(acting_as) >= selectors.role_rank(needed)
