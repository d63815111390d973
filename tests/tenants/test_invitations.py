"""Invitations as those see them who send them."""

import smtplib
from datetime import timedelta

import pytest
from django.core import mail

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.tenants import services
from apps.tenants.models import AuditEvent, Invitation
from apps.tenants.types import Actor
from tests.conftest import client_of, member_of
from tests.factories import UserFactory

MAIL = "django.core.mail.backends.locmem.EmailBackend"
NEW = {"email": "new@example.com", "role": "reviewer"}


def at(tenant, *rest: str) -> str:
    return f"/api/v1/t/{tenant.slug}/invitations/" + "".join(f"{part}/" for part in rest)


def rows(tenant) -> list[Invitation]:
    with tenant_tx(tenant.id):
        return list(Invitation.objects.for_tenant(tenant.id).order_by("id"))


def actions(tenant) -> list[tuple[str, str, str]]:
    with tenant_tx(tenant.id):
        found = AuditEvent.objects.for_tenant(tenant.id).order_by("sequence")
        return list(found.values_list("action", "subject", "detail"))


def token_of(answer) -> str:
    return answer.json()["link"].rsplit("/", 1)[1]


@pytest.fixture
def mailing(settings):
    settings.METACLAW_SENDS_EMAIL = True
    settings.EMAIL_BACKEND = MAIL
    settings.DEFAULT_FROM_EMAIL = "MetaClaw <metaclaw@example.com>"
    mail.outbox = []


def test_a_link_is_told_once_and_stored_as_a_digest(tenant, admin_client, settings):
    settings.METACLAW_CONSOLE_URL = "https://claw.example.com/"

    made = admin_client.post(at(tenant), NEW | {"email": " New@Example.com "}, format="json")
    listed = admin_client.get(at(tenant))

    assert made.status_code == 201
    assert made.json()["link"].startswith("https://claw.example.com/invitations/mci_")
    assert made.json()["mail"] == "off"
    (row,) = rows(tenant)
    assert (row.email, row.role) == ("new@example.com", "reviewer")
    assert timedelta(days=6, hours=23) < row.expires_at - now() <= timedelta(days=7)
    assert token_of(made).encode() not in bytes(row.digest)
    (shown,) = listed.json()["results"]
    assert shown["email"] == "new@example.com"
    assert token_of(made) not in listed.content.decode()
    assert "digest" not in listed.content.decode()
    assert actions(tenant) == [("invitation.created", "new@example.com", "reviewer")]


@pytest.mark.parametrize(
    "caller, role, allowed",
    [
        ("owner", "owner", True),
        ("admin", "owner", False),
        ("admin", "admin", True),
        ("reviewer", "viewer", False),
        ("member", "viewer", False),
        ("viewer", "viewer", False),
    ],
)
def test_who_may_invite_as_what(tenant, caller, role, allowed):
    client = client_of(member_of(tenant, caller))

    answer = client.post(at(tenant), NEW | {"role": role}, format="json")

    assert answer.status_code == (201 if allowed else 403)
    assert len(rows(tenant)) == allowed
    assert client.get(at(tenant)).status_code == (200 if caller in ("owner", "admin") else 403)


def test_an_admin_touches_no_invitation_of_an_owner(tenant, admin_client, owner_client):
    made = owner_client.post(at(tenant), NEW | {"role": "owner"}, format="json").json()

    assert admin_client.post(at(tenant), NEW, format="json").status_code == 403
    for verb in ("renew", "revoke"):
        assert admin_client.post(at(tenant, made["id"], verb)).status_code == 403
    (row,) = rows(tenant)
    assert (row.role, row.revoked_at) == ("owner", None)


def test_the_same_address_again_gets_another_link_and_not_another_row(tenant, admin_client):
    first = admin_client.post(at(tenant), NEW, format="json")
    second = admin_client.post(at(tenant), NEW | {"role": "viewer"}, format="json")

    assert first.json()["id"] == second.json()["id"]
    assert token_of(first) != token_of(second)
    assert [row.role for row in rows(tenant)] == ["viewer"]
    assert [action for action, *_ in actions(tenant)] == [
        "invitation.created",
        "invitation.renewed",
    ]


def test_who_belongs_here_is_not_invited(tenant, admin_client):
    member = member_of(tenant, "viewer")

    answer = admin_client.post(at(tenant), NEW | {"email": member.email.upper()}, format="json")

    assert (answer.status_code, answer.json()["code"]) == (409, "already_member")


@pytest.mark.parametrize("email", ["", "nobody", "a@b", "a@example.com\nBcc: x@example.com"])
def test_what_is_no_address_is_refused(tenant, admin_client, email):
    assert admin_client.post(at(tenant), NEW | {"email": email}, format="json").status_code == 400


def test_renewing_ends_the_link_before_and_lets_an_expired_one_work_again(tenant, admin_client):
    made = admin_client.post(at(tenant), NEW, format="json")
    with tenant_tx(tenant.id):
        Invitation.objects.for_tenant(tenant.id).update(expires_at=now() - timedelta(hours=1))
    invited = UserFactory(email=NEW["email"])

    renewed = admin_client.post(at(tenant, made.json()["id"], "renew"))

    def accept(answer) -> int:
        url = "/api/v1/invitations/accept/"
        return client_of(invited).post(url, {"token": token_of(answer)}, format="json").status_code

    assert renewed.status_code == 200
    assert accept(made) == 404
    assert accept(renewed) == 200
    used = admin_client.post(at(tenant, made.json()["id"], "renew"))
    assert (used.status_code, used.json()["code"]) == (409, "invitation_used")
    assert admin_client.post(at(tenant, made.json()["id"], "revoke")).status_code == 409


def test_revoking_twice_is_revoking_once_and_what_is_revoked_is_not_listed(tenant, admin_client):
    made = admin_client.post(at(tenant), NEW, format="json").json()

    answers = [admin_client.post(at(tenant, made["id"], "revoke")) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].json()["revoked_at"] == answers[1].json()["revoked_at"]
    assert [action for action, *_ in actions(tenant)].count("invitation.revoked") == 1
    assert admin_client.get(at(tenant)).json()["results"] == []
    assert admin_client.post(at(tenant, made["id"], "renew")).json()["code"] == "invitation_revoked"
    # The address may be asked anew.
    assert admin_client.post(at(tenant), NEW, format="json").status_code == 201


def test_only_so_many_wait(tenant, admin_client, monkeypatch):
    monkeypatch.setattr("apps.tenants.services.invitations._WAITING_MOST", 1)
    admin_client.post(at(tenant), NEW, format="json")

    more = admin_client.post(at(tenant), NEW | {"email": "more@example.com"}, format="json")

    assert (more.status_code, more.json()["code"]) == (409, "too_many_invitations")
    assert admin_client.post(at(tenant), NEW, format="json").status_code == 201


@pytest.mark.parametrize("ending", ["removed", "demoted", "as admin"])
def test_nobody_comes_in_through_what_somebody_may_not_send_any_more(tenant, owner_client, ending):
    sender = member_of(tenant, "owner")
    client = client_of(sender)
    for role in ("owner", "viewer"):
        client.post(at(tenant), {"email": f"{role}@example.com", "role": role}, format="json")
    owner_client.post(at(tenant), {"email": "kept@example.com", "role": "owner"}, format="json")
    people = f"/api/v1/t/{tenant.slug}/members/"
    (own,) = [one for one in client.get(people).json()["results"] if one["is_you"]]

    if ending == "removed":
        owner_client.delete(f"{people}{own['id']}/")
    else:
        role = "viewer" if ending == "demoted" else "admin"
        owner_client.patch(f"{people}{own['id']}/", {"role": role}, format="json")

    waiting = {row.email for row in rows(tenant) if row.revoked_at is None}
    kept = {"kept@example.com"}
    assert waiting == (kept | {"viewer@example.com"} if ending == "as admin" else kept)


def test_the_link_goes_out_by_mail_where_there_is_a_server(tenant, mailing):
    sender = member_of(tenant, "admin")
    sender.name = "Mira\nBcc: everybody@example.com"
    sender.save()

    answer = client_of(sender).post(at(tenant), NEW, format="json")

    assert answer.json()["mail"] == "sent"
    assert answer.json()["emailed_at"]
    assert rows(tenant)[0].emailed_at is not None
    (sent,) = mail.outbox
    assert sent.to == ["new@example.com"]
    assert sent.from_email == "MetaClaw <metaclaw@example.com>"
    assert answer.json()["link"] in sent.body
    assert "as a reviewer" in sent.body
    assert sent.subject == f'Mira Bcc: everybody@example.com invites you to "{tenant.name}"'
    assert sent.message()["Bcc"] is None


@pytest.mark.parametrize("failure", [ConnectionRefusedError(), smtplib.SMTPException("no")])
def test_a_mail_server_that_fails_leaves_the_link_to_be_sent_by_hand(
    tenant, mailing, admin_client, monkeypatch, failure
):
    def fail(*_: object, **__: object) -> int:
        raise failure

    monkeypatch.setattr("django.core.mail.EmailMessage.send", fail)

    answer = admin_client.post(at(tenant), NEW, format="json")

    assert (answer.status_code, answer.json()["mail"]) == (201, "failed")
    assert "/invitations/mci_" in answer.json()["link"]
    assert rows(tenant)[0].emailed_at is None


def test_a_key_of_admins_may_invite(tenant, admin_key_client):
    assert admin_key_client.post(at(tenant), NEW, format="json").status_code == 201
    owner = admin_key_client.post(at(tenant), NEW | {"role": "owner"}, format="json")
    assert owner.status_code == 403


def test_the_answer_of_a_service_does_not_print_its_link(tenant):
    sender = member_of(tenant, "owner")
    actor = Actor("user", str(sender.id), sender.name)
    made = services.invitation_create(tenant_id=tenant.id, actor=actor, acting_as="owner", **NEW)

    assert "mci_" not in repr(made)
