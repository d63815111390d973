"""Passkeys: registered, used alone and beside a password."""

import pytest
from allauth.mfa.models import Authenticator

from apps.tenants.models import User
from tests.conftest import member_of
from tests.tenants.signing_in import ACCOUNT, AUTH, SESSION, PersonsBrowser, errors, flows
from tests.tenants.soft_passkey import SoftPasskey

pytestmark = pytest.mark.usefixtures("no_earlier_attempts", "db")
KEYS = f"{ACCOUNT}authenticators/webauthn"


@pytest.fixture
def mira(tenant):
    return member_of(tenant, "owner")


@pytest.fixture
def browser(mira) -> PersonsBrowser:
    browser = PersonsBrowser()
    browser.log_in(mira)
    browser.prove()
    return browser


def add(browser, key: SoftPasskey, name="Laptop"):
    options = browser.get(f"{KEYS}?passwordless").json()["data"]["creation_options"]
    return browser.post(KEYS, {"name": name, "credential": key.make(options)})


def use(browser, key: SoftPasskey, step: str, **how):
    options = browser.get(f"{AUTH}webauthn/{step}").json()["data"]["request_options"]
    return browser.post(f"{AUTH}webauthn/{step}", {"credential": key.use(options, **how)})


def test_a_passkey_signs_in_by_itself(browser, mira):
    key = SoftPasskey()
    assert add(browser, key).status_code == 200
    fresh = PersonsBrowser()

    answer = use(fresh, key, "login")

    assert answer.status_code == 200, answer.content
    assert fresh.get(SESSION).json()["user"]["id"] == str(mira.id)
    listed = browser.get("/api/v1/account/").json()["methods"]["passkeys"]
    assert [one["name"] for one in listed] == ["Laptop"]
    assert listed[0]["last_used_at"] is not None


def test_it_stands_in_for_the_code_after_the_password(browser, mira):
    key = SoftPasskey()
    add(browser, key)
    fresh = PersonsBrowser()

    half = fresh.log_in(mira)

    assert "webauthn" in flows(half)["mfa_authenticate"]["types"]
    assert not fresh.is_signed_in
    assert use(fresh, key, "authenticate").status_code == 200
    assert fresh.is_signed_in


@pytest.mark.parametrize("fault", ["another key", "not unlocked", "another site", "replayed"])
def test_what_is_not_the_persons_key_opens_nothing(browser, mira, fault):
    key = SoftPasskey()
    add(browser, key)
    fresh = PersonsBrowser()
    if fault == "another key":
        other = SoftPasskey()
        other._user, other._id = key._user, key._id
        key = other
    elif fault == "another site":
        key.origin = "https://evil.example"

    if fault == "replayed":
        options = fresh.get(f"{AUTH}webauthn/login").json()["data"]["request_options"]
        credential = {"credential": key.use(options)}
        assert fresh.post(f"{AUTH}webauthn/login", credential).status_code == 200
        fresh.log_out()
        fresh.get(f"{AUTH}webauthn/login")
        answer = fresh.post(f"{AUTH}webauthn/login", credential)
    else:
        answer = use(fresh, key, "login", unlocked=fault != "not unlocked")

    assert (answer.status_code, errors(answer)) == (400, ["incorrect_code"])
    assert not fresh.is_signed_in


def test_a_key_of_somebody_let_go_opens_nothing(browser, mira):
    key = SoftPasskey()
    add(browser, key)
    User.objects.filter(id=mira.id).update(is_active=False)
    fresh = PersonsBrowser()

    use(fresh, key, "login")

    assert not fresh.is_signed_in


def test_it_is_renamed_and_removed_by_its_person_only(browser, mira, other_tenant):
    add(browser, SoftPasskey())
    row = Authenticator.objects.get(type="webauthn")
    stranger = PersonsBrowser()
    stranger.log_in(member_of(other_tenant, "owner"))
    stranger.prove()

    for one in (
        stranger.send("PUT", KEYS, {"id": row.pk, "name": "Mine"}),
        stranger.send("DELETE", KEYS, {"authenticators": [row.pk]}),
    ):
        assert one.status_code == 400
    assert browser.send("PUT", KEYS, {"id": row.pk, "name": "Desk"}).status_code == 200
    row.refresh_from_db()
    assert row.wrap().name == "Desk"
    assert browser.send("DELETE", KEYS, {"authenticators": [row.pk]}).status_code == 200
    assert not Authenticator.objects.exists()


def test_it_proves_who_somebody_is(browser, mira):
    key = SoftPasskey()
    add(browser, key)
    fresh = PersonsBrowser()
    use(fresh, key, "login")

    assert fresh.get(f"{KEYS}?passwordless").status_code == 401
    assert use(fresh, key, "reauthenticate").status_code == 200
    assert fresh.get(f"{KEYS}?passwordless").status_code == 200


@pytest.mark.parametrize("credential", [{}, {"response": None}, {"response": {"userHandle": 7}}])
def test_nonsense_is_refused_with_an_answer(credential, db):
    fresh = PersonsBrowser()
    fresh.get(f"{AUTH}webauthn/login")

    assert fresh.post(f"{AUTH}webauthn/login", {"credential": credential}).status_code == 400
