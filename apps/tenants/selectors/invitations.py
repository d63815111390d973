from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from apps.core import crypto
from apps.core.clock import now
from apps.core.errors import NotFound
from apps.core.said import say
from apps.core.tenancy import directory, tenant_tx
from apps.tenants import keys
from apps.tenants.errors import (
    InvitationExpired,
    InvitationForAnother,
    InvitationRevoked,
    InvitationUsed,
)
from apps.tenants.models import Invitation, User
from apps.tenants.selectors.access import member_find
from apps.tenants.types import NO_DIGEST


def invitation_list(*, tenant_id: UUID) -> QuerySet[Invitation]:
    """Those that wait for an answer, or waited for too long."""
    rows = Invitation.objects.for_tenant(tenant_id)
    return rows.filter(accepted_at__isnull=True, revoked_at__isnull=True)


def invitation_get(*, tenant_id: UUID, invitation_id: UUID) -> Invitation:
    found = Invitation.objects.for_tenant(tenant_id).filter(id=invitation_id).first()
    if found is None:
        raise NotFound
    return found


def person_find(*, email: str) -> User | None:
    """Whose account this address belongs to."""
    return User.objects.filter(email__iexact=email).first()


def invitation_open(*, text: str, reader: User | None) -> Invitation:
    """What a link leads to, for ``reader`` (None: nobody is signed in).

    One that ``reader`` accepted is still theirs to see. Raises NotFound for what never was, and
    a Conflict that says why for what is over or not theirs.
    """
    row = _find(text)
    if row is None:
        english = "There is no such invitation. Perhaps the link was cut off on its way."
        raise NotFound(say("invitation_unknown", english))
    if reader is not None and reader.email.lower() != row.email:
        english = (
            "This invitation is for another address than {who}. Sign out, then open the link again."
        )
        raise InvitationForAnother(say("invitation_for_another", english, who=reader.email))
    if reader is None or not invitation_is_theirs(row, reader):
        invitation_check(row)
    return row


def invitation_is_theirs(row: Invitation, reader: User) -> bool:
    """Whether ``reader`` accepted it and still belongs to the workspace."""
    with tenant_tx(row.tenant_id):
        return (
            row.accepted_by == reader.pk
            and member_find(tenant_id=row.tenant_id, user_id=reader.pk) is not None
        )


def invitation_check_ended(row: Invitation) -> None:
    """Raises how it ended for good."""
    if row.accepted_at is not None:
        raise InvitationUsed(say("invitation_used", "This invitation was used already."))
    if row.revoked_at is not None:
        english = "This invitation was taken back. Ask for a new one."
        raise InvitationRevoked(say("invitation_revoked", english))


def invitation_check(row: Invitation) -> None:
    """Raises why it cannot be accepted any more."""
    invitation_check_ended(row)
    if row.expires_at <= now():
        raise InvitationExpired(
            say("invitation_expired", "This invitation has expired. Ask for a new one.")
        )


def _find(text: str) -> Invitation | None:
    key = keys.parse(text, keys.INVITATION_PREFIX)
    if key is None:
        return None
    with directory():
        staying = Invitation.objects.across_tenants().filter(tenant__deleting_since__isnull=True)
        row = staying.filter(public_id=key.public_id).select_related("tenant").first()
    # An unknown id costs the same comparison as a known one.
    known = bytes(row.digest) if row else NO_DIGEST
    matches = crypto.same(known, crypto.keyed_digest(settings.METACLAW_KEY_PEPPER, key.secret))
    return row if matches else None
