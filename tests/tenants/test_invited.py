"""What the link of an invitation opens, for whom, and what it tells to whom it is not for."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.tenants import keys, services
from apps.tenants.models import AuditEvent, Invitation, Membership, Tenant, User
from apps.tenants.types import Actor
from tests.conftest import client_of, member_of
from tests.factories import TenantFactory, UserFactory

EMAIL = "new@example.com"
PASSWORD = "a long enough one"
LOOK, ACCEPT, JOIN = (f"/api/v1/invitations/{verb}/" for verb in ("look", "accept", "join"))


@pytest.fixture(autouse=True)
def no_earlier_tries():
    cache.clear()
    yield
    cache.clear()


def invite(tenant: Tenant, *, email: str = EMAIL, role: str = "reviewer") -> str:
    sender = member_of(tenant, "owner")
    made = services.invitation_create(
        tenant_id=tenant.id,
        actor=Actor("user", str(sender.id), "Mira"),
        acting_as="owner",
        email=email,
        role=role,
    )
    return made.link.rsplit("/", 1)[1]


@pytest.fixture
def token(tenant) -> str:
    return invite(tenant)


def change(tenant: Tenant, **fields) -> None:
    with tenant_tx(tenant.id):
        Invitation.objects.for_tenant(tenant.id).update(**fields)


def members(tenant: Tenant) -> dict[str, str]:
    with tenant_tx(tenant.id):
        rows = Membership.objects.for_tenant(tenant.id).filter(user__email=EMAIL)
        return dict(rows.values_list("user__email", "role"))


def post(client, url, **body):
    return client.post(url, body, format="json")


def join(client, token, **change):
    return post(client, JOIN, **({"token": token, "name": "Nora", "password": PASSWORD} | change))


def test_a_visitor_reads_where_the_link_leads(tenant, token):
    answer = post(APIClient(), LOOK, token=token)

    said = answer.json()
    assert answer.status_code == 200
    assert (said["workspace"], said["role"], said["invited_by"]) == (
        tenant.name,
        "reviewer",
        "Mira",
    )
    assert (said["email"], said["has_account"], said["tenant"]) == (EMAIL, False, None)
    UserFactory(email=EMAIL)
    assert post(APIClient(), LOOK, token=token).json()["has_account"] is True


def test_somebody_new_makes_an_account_and_is_signed_in(tenant, token):
    browser = APIClient()

    answer = join(browser, token)

    assert (answer.status_code, answer.json()) == (200, {"tenant": tenant.slug})
    session = browser.get("/api/v1/session/").json()
    assert (session["user"]["email"], session["user"]["name"]) == (EMAIL, "Nora")
    assert [(one["slug"], one["role"]) for one in session["tenants"]] == [(tenant.slug, "reviewer")]
    with tenant_tx(tenant.id):
        last = AuditEvent.objects.for_tenant(tenant.id).order_by("-sequence").first()
    assert (last.actor_label, last.action, last.subject) == ("Nora", "member.joined", EMAIL)
    assert last.detail == "reviewer, invited by Mira"
    # The password is theirs: another browser signs in with it.
    other = Client()
    other.get("/api/v1/session/")
    signed_in = other.post(
        "/_allauth/browser/v1/auth/login",
        json.dumps({"email": EMAIL, "password": PASSWORD}),
        content_type="application/json",
    )
    assert signed_in.status_code == 200


def test_signing_in_by_joining_counts_as_giving_the_password(tenant, token):
    browser = APIClient()
    join(browser, token)

    assert browser.session["account_authentication_methods"][0]["method"] == "password"


@pytest.mark.parametrize("password", ["short", "password123", " "])
def test_a_weak_password_is_refused_and_nothing_is_used_up(tenant, token, password):
    browser = APIClient()

    weak = join(browser, token, password=password)
    chinese = join(APIClient(headers={"accept-language": "zh-Hans"}), token, password=password)

    assert weak.status_code in (400, 422)
    assert weak.json()["fields"]["password"][0].isascii()
    assert not chinese.json()["fields"]["password"][0].isascii()
    assert not User.objects.filter(email=EMAIL).exists()
    assert join(browser, token).status_code == 200


def test_an_account_that_exists_is_not_taken_over(tenant, token):
    known = UserFactory(email="New@example.com")
    browser = APIClient()

    answer = join(browser, token)

    assert (answer.status_code, answer.json()["code"]) == (409, "account_exists")
    assert browser.get("/api/v1/session/").json()["user"] is None
    assert known.check_password("correct horse battery")
    assert members(tenant) == {}


def test_somebody_signed_in_accepts_with_one_click_and_twice_is_once(tenant, token):
    client = client_of(UserFactory(email=EMAIL))

    answers = [post(client, ACCEPT, token=token) for _ in range(2)]

    assert [answer.json() for answer in answers] == [{"tenant": tenant.slug}] * 2
    assert members(tenant) == {EMAIL: "reviewer"}
    assert post(client, LOOK, token=token).json()["tenant"] == tenant.slug
    with tenant_tx(tenant.id):
        joined = AuditEvent.objects.for_tenant(tenant.id).filter(action="member.joined")
        assert joined.count() == 1


def test_who_was_removed_does_not_come_back_by_the_old_link(tenant, token):
    client = client_of(UserFactory(email=EMAIL))
    post(client, ACCEPT, token=token)
    with tenant_tx(tenant.id):
        Membership.objects.for_tenant(tenant.id).filter(user__email=EMAIL).delete()

    for url in (LOOK, ACCEPT):
        assert post(client, url, token=token).json()["code"] == "invitation_used"
    assert members(tenant) == {}


def test_who_belongs_there_by_now_keeps_their_role(tenant, token):
    user = UserFactory(email=EMAIL)
    services.member_add(tenant_id=tenant.id, user_id=user.id, role="viewer")

    assert post(client_of(user), ACCEPT, token=token).status_code == 200
    assert members(tenant) == {EMAIL: "viewer"}


@pytest.mark.parametrize("url", [LOOK, ACCEPT, JOIN])
def test_another_person_learns_nothing_but_that_it_is_not_theirs(tenant, token, url):
    other = UserFactory()

    answer = post(client_of(other), url, token=token, name="x", password=PASSWORD)

    assert answer.status_code == 409
    assert answer.json()["code"] in ("invitation_for_another", "conflict")
    for secret in (tenant.name, tenant.slug, EMAIL, "reviewer", "Mira"):
        assert secret not in answer.content.decode()
    # It says the same of one that is over.
    change(tenant, revoked_at=now())
    assert post(client_of(other), url, token=token, name="x", password=PASSWORD).json() == (
        answer.json()
    )
    assert members(tenant) == {}


ENDINGS = {
    "invitation_used": {
        "accepted_at": now(),
        "accepted_by": "00000000-0000-7000-8000-000000000001",
    },
    "invitation_revoked": {"revoked_at": now()},
    "invitation_expired": {"expires_at": now() - timedelta(seconds=1)},
}


@pytest.mark.parametrize("code", ENDINGS)
def test_what_is_over_says_how_it_ended_and_not_of_which_workspace(tenant, token, code):
    change(tenant, **ENDINGS[code])
    invited = UserFactory(email=EMAIL)

    answers = [
        post(APIClient(), LOOK, token=token),
        post(client_of(invited), LOOK, token=token),
        post(client_of(invited), ACCEPT, token=token),
        join(APIClient(), token),
    ]

    for answer in answers:
        assert (answer.status_code, answer.json()["code"]) == (409, code)
        for secret in (tenant.name, tenant.slug, EMAIL, "Mira"):
            assert secret not in answer.content.decode()
    assert members(tenant) == {}


def forged(token: str) -> str:
    """Another secret behind the id of a real one, with a checksum that fits."""
    real = keys.parse(token, keys.INVITATION_PREFIX)
    other = keys.KeyText(real.public_id, "0" * 43)
    return f"{keys.INVITATION_PREFIX}{other.public_id}_{other.secret}{keys._crc(other)}"


@pytest.mark.parametrize("url", [LOOK, ACCEPT, JOIN])
def test_unknown_forged_and_cut_off_links_look_the_same(tenant, token, url):
    going = TenantFactory()
    link_of_going = invite(going)
    Tenant.objects.filter(id=going.id).update(delete_after=now() - timedelta(days=1))
    Tenant.objects.filter(id=going.id).update(deleting_since=now())
    api_key = services.key_create(
        tenant_id=tenant.id,
        actor=Actor("system", "", "x"),
        name="x",
        scopes=["read"],
    )[1]
    client = APIClient() if url != ACCEPT else client_of(UserFactory(email=EMAIL))

    answers = [
        post(client, url, token=text, name="x", password=PASSWORD)
        for text in (
            keys.mint(keys.INVITATION_PREFIX)[1],
            forged(token),
            token[:-1],
            link_of_going,
            api_key,
            "x",
        )
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert members(tenant) == {}


def test_a_visitor_cannot_accept_for_anybody(tenant, token):
    assert post(APIClient(), ACCEPT, token=token).status_code == 401
    assert members(tenant) == {}


def test_an_invitation_opens_its_own_workspace_only(tenant, other_tenant, token):
    browser = APIClient()

    join(browser, token)

    assert browser.get(f"/api/v1/t/{tenant.slug}/settings/").status_code == 200
    assert browser.get(f"/api/v1/t/{other_tenant.slug}/settings/").status_code == 404
    with tenant_tx(other_tenant.id):
        assert not Membership.objects.for_tenant(other_tenant.id).exists()


def test_a_key_of_a_workspace_is_nobody_here(tenant, token):
    caller = APIClient(headers={"authorization": f"Bearer {keys.mint()[1]}"})

    assert post(caller, ACCEPT, token=token).status_code == 401


def test_tries_are_counted_with_those_of_signing_in(tenant, token):
    client = APIClient()
    wrong = keys.mint(keys.INVITATION_PREFIX)[1]

    codes = [post(client, LOOK, token=wrong).status_code for _ in range(31)]

    assert codes == [404] * 30 + [429]
    assert int(post(client, LOOK, token=token)["Retry-After"]) > 0


@pytest.mark.parametrize("url", [LOOK, JOIN])
def test_a_form_on_another_site_cannot_act_for_a_visitor(tenant, token, url):
    browser = APIClient(enforce_csrf_checks=True)
    browser.get("/api/v1/session/")
    body = {"token": token, "name": "x", "password": PASSWORD}

    forged = browser.post(url, body, format="json")
    real = browser.post(
        url, body, format="json", headers={"x-csrftoken": browser.cookies["csrftoken"].value}
    )

    assert (forged.status_code, real.status_code) == (403, 200)
    assert "CSRF" in forged.json()["detail"]
