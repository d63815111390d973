"""Asking somebody to join: a link that is told once, as an API key is, and works once."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from apps.core import crypto
from apps.core.clock import now
from apps.core.events import Changed, publish_on_commit
from apps.core.said import say
from apps.core.tenancy import tenant_tx
from apps.tenants import keys, selectors
from apps.tenants.errors import AccountExists, AlreadyMember, PasswordWeak, TooManyInvitations
from apps.tenants.models import Invitation, Tenant, User
from apps.tenants.services.access import member_add
from apps.tenants.services.audit import audit_record
from apps.tenants.services.invitation_mail import invitation_mail
from apps.tenants.services.standing import may_give, role_check, role_now
from apps.tenants.services.tenant import user_create
from apps.tenants.types import Actor

_LASTS = timedelta(days=7)
# So many may wait in a workspace: whoever got hold of an admin cannot write to half the world.
_WAITING_MOST = 200
Mail = Literal["sent", "failed", "off"]


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation with its link, which nobody can ever see again; and what became of the mail."""

    row: Invitation
    link: str
    mail: Mail

    def __repr__(self) -> str:
        return f"Invited({self.row.email}, {self.mail})"


def invitation_create(
    *, tenant_id: UUID, actor: Actor, acting_as: str, email: str, role: str
) -> Invited:
    """Invite an address; one that waits for the same address gets a new link and this role.

    Raises Forbidden, AlreadyMember, TooManyInvitations.
    """
    email = email.strip().lower()
    with tenant_tx(tenant_id):
        acting_as = role_now(tenant_id=tenant_id, actor=actor, acting_as=acting_as)
        role_check(acting_as, role)
        if selectors.member_list(tenant_id=tenant_id).filter(user__email__iexact=email).exists():
            english = "{who} is a member already. Change their role in the list."
            raise AlreadyMember(say("already_member", english, who=email))
        waiting = selectors.invitation_list(tenant_id=tenant_id)
        row = waiting.filter(email=email).first()
        if row is not None:
            role_check(acting_as, row.role)
        elif waiting.count() >= _WAITING_MOST:
            english = "{limit} invitations wait already. Revoke some that nobody needs."
            raise TooManyInvitations(say("invitations_wait", english, limit=_WAITING_MOST))
        row = row or Invitation(tenant_id=tenant_id, email=email)
        row.role = role
        text = _give(row, actor)
    return _told(row, text)


def invitation_renew(
    *, tenant_id: UUID, actor: Actor, acting_as: str, invitation_id: UUID
) -> Invited:
    """Another link with seven days of its own in the place of the one before, which ends."""
    with tenant_tx(tenant_id):
        acting_as = role_now(tenant_id=tenant_id, actor=actor, acting_as=acting_as)
        row = selectors.invitation_get(tenant_id=tenant_id, invitation_id=invitation_id)
        role_check(acting_as, row.role)
        selectors.invitation_check_ended(row)
        text = _give(row, actor)
    return _told(row, text)


def invitation_revoke(
    *, tenant_id: UUID, actor: Actor, acting_as: str, invitation_id: UUID
) -> Invitation:
    """Take a link back. Revoking twice changes nothing; what was used is a membership by now."""
    with tenant_tx(tenant_id):
        acting_as = role_now(tenant_id=tenant_id, actor=actor, acting_as=acting_as)
        row = selectors.invitation_get(tenant_id=tenant_id, invitation_id=invitation_id)
        role_check(acting_as, row.role)
        if row.revoked_at is None:
            selectors.invitation_check_ended(row)
            _revoke(row, actor)
    return row


def invitations_withdraw(
    *, tenant_id: UUID, actor: Actor, invited_by_id: str, role: str | None
) -> None:
    """Revoke what a member with the new ``role`` (None: gone) could not send any more."""
    with tenant_tx(tenant_id):
        for row in selectors.invitation_list(tenant_id=tenant_id).filter(
            invited_by_id=invited_by_id
        ):
            if role is None or not may_give(role, row.role):
                _revoke(row, actor)


def invitation_accept(*, text: str, user: User) -> str:
    """Make ``user`` a member, and say of which workspace; the same again changes nothing.

    Who belongs there already keeps their role. Raises NotFound and what ``invitation_open`` does.
    """
    row = selectors.invitation_open(text=text, reader=user)
    with tenant_tx(row.tenant_id):
        row = _held(row)
        if not selectors.invitation_is_theirs(row, user):
            selectors.invitation_check(row)
            _join(row, user)
    return row.tenant.slug


def invitation_join(*, text: str, name: str, password: str) -> tuple[User, str]:
    """Make an account for whoever was invited, and a member of it.

    Raises AccountExists, PasswordWeak and what ``invitation_open`` does.
    """
    row = selectors.invitation_open(text=text, reader=None)
    if selectors.person_find(email=row.email) is not None:
        english = "There is an account for this address already. Sign in to accept."
        raise AccountExists(say("account_exists", english))
    try:
        validate_password(password, User(email=row.email, name=name))
    except ValidationError as exc:
        raise PasswordWeak(
            say("password_weak", "Choose another password."), fields={"password": exc.messages}
        ) from exc
    with tenant_tx(row.tenant_id):
        row = _held(row)
        selectors.invitation_check(row)
        try:
            with transaction.atomic():
                user = user_create(email=row.email, password=password, name=name)
        except IntegrityError as exc:
            english = "There is an account for this address by now. Sign in."
            raise AccountExists(say("account_made", english)) from exc
        _join(row, user)
    return user, row.tenant.slug


def _give(row: Invitation, actor: Actor) -> str:
    """A new link for it; its text."""
    is_new = row._state.adding
    key, text = keys.mint(keys.INVITATION_PREFIX)
    row.public_id = key.public_id
    row.digest = crypto.keyed_digest(settings.METACLAW_KEY_PEPPER, key.secret)
    row.expires_at, row.emailed_at = now() + _LASTS, None
    row.invited_by, row.invited_by_id = actor.label, actor.id
    row.save()
    _noted(row, actor, "invitation.created" if is_new else "invitation.renewed")
    return text


def _told(row: Invitation, text: str) -> Invited:
    """The link, and the mail with it; no transaction is open while a server is waited for."""
    link = f"{settings.METACLAW_CONSOLE_URL.rstrip('/')}/invitations/{text}"
    if not settings.METACLAW_SENDS_EMAIL:
        return Invited(row, link, "off")
    workspace = selectors.tenant_get(tenant_id=row.tenant_id).name
    if not invitation_mail(row=row, workspace=workspace, link=link):
        return Invited(row, link, "failed")
    row.emailed_at = now()
    with tenant_tx(row.tenant_id):
        same = Invitation.objects.for_tenant(row.tenant_id).filter(public_id=row.public_id)
        same.update(emailed_at=row.emailed_at)
    return Invited(row, link, "sent")


def _held(row: Invitation) -> Invitation:
    """The row as it is now, with everybody else waiting who would change it."""
    tenant = Tenant.objects.select_for_update(no_key=True).get(id=row.tenant_id)
    row = selectors.invitation_get(tenant_id=tenant.id, invitation_id=row.id)
    row.tenant = tenant
    return row


def _join(row: Invitation, user: User) -> None:
    row.accepted_at, row.accepted_by = now(), user.pk
    row.save(update_fields=["accepted_at", "accepted_by"])
    member = selectors.member_find(tenant_id=row.tenant_id, user_id=user.pk)
    if member is None:
        member = member_add(tenant_id=row.tenant_id, user_id=user.pk, role=row.role)
    actor = Actor("user", str(user.pk), user.name or user.email)
    _noted(row, actor, "member.joined", f"{member.role}, invited by {row.invited_by}")
    publish_on_commit(row.tenant_id, Changed("tenants.member", str(member.id), "joined"))


def _revoke(row: Invitation, actor: Actor) -> None:
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    _noted(row, actor, "invitation.revoked")


def _noted(row: Invitation, actor: Actor, action: str, detail: str = "") -> None:
    audit_record(
        tenant_id=row.tenant_id,
        actor=actor,
        action=action,
        subject=row.email,
        detail=detail or row.role,
    )
    publish_on_commit(row.tenant_id, Changed("tenants.invitation", str(row.id), action))
