"""Who belongs to a workspace, and as what.

Owners do everything. Admins do what concerns nobody's ownership. Nobody raises themselves, and
somebody who owns the workspace is always left.
"""

from uuid import UUID

from apps.core.events import Changed, publish_on_commit
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants import selectors
from apps.tenants.errors import LastOwner
from apps.tenants.models import Membership
from apps.tenants.services.audit import audit_record
from apps.tenants.services.invitations import invitations_withdraw
from apps.tenants.services.standing import role_check, role_now
from apps.tenants.types import Actor

_OWNER = Membership.Role.OWNER


def member_change(
    *, tenant_id: UUID, actor: Actor, acting_as: str, member_id: UUID, role: str
) -> Membership:
    """Give a member another role; the same again changes nothing.

    ``acting_as``: the role the caller came with. Raises NotFound, Forbidden, LastOwner.
    """
    with tenant_tx(tenant_id):
        acting_as = role_now(tenant_id=tenant_id, actor=actor, acting_as=acting_as)
        row = selectors.member_get(tenant_id=tenant_id, member_id=member_id)
        role_check(acting_as, row.role, role)
        if row.role == role:
            return row
        _keep_an_owner(row)
        before, row.role = row.role, role
        row.save(update_fields=["role"])
        _tell(row, "member.changed")
        _withdraw(row, actor, role)
        _noted(row, actor, "member.changed", f"{before} → {role}")
    return row


def member_remove(*, tenant_id: UUID, actor: Actor, acting_as: str, member_id: UUID) -> None:
    """End a membership; anybody may end their own. The person's account stays.

    Their open pages lose the workspace with the commit. Raises NotFound, Forbidden, LastOwner.
    """
    with tenant_tx(tenant_id):
        acting_as = role_now(tenant_id=tenant_id, actor=actor, acting_as=acting_as)
        row = selectors.member_get(tenant_id=tenant_id, member_id=member_id)
        is_own = actor.kind == "user" and actor.id == str(row.user_id)
        if not is_own:
            role_check(acting_as, row.role)
        _keep_an_owner(row)
        Membership.objects.for_tenant(tenant_id).filter(id=row.id).delete()
        action = "member.left" if is_own else "member.removed"
        _tell(row, action)
        _withdraw(row, actor, None)
        _noted(row, actor, action, f"was {row.role}")


def _keep_an_owner(row: Membership) -> None:
    if row.role == _OWNER and not selectors.owner_other_than(
        tenant_id=row.tenant_id, member_id=row.id
    ):
        english = "This is the last owner. Make somebody else an owner first."
        raise LastOwner(say("last_owner", english))


def _withdraw(row: Membership, actor: Actor, role: str | None) -> None:
    # Nobody comes in through what somebody may not give any more.
    invitations_withdraw(
        tenant_id=row.tenant_id, actor=actor, invited_by_id=str(row.user_id), role=role
    )


def _tell(row: Membership, action: str) -> None:
    # Before all else that is told of: what follows may not be theirs to hear any more.
    publish_on_commit(row.tenant_id, Changed("tenants.member", str(row.id), action))


def _noted(row: Membership, actor: Actor, action: str, detail: str) -> None:
    audit_record(
        tenant_id=row.tenant_id, actor=actor, action=action, subject=row.user.email, detail=detail
    )
