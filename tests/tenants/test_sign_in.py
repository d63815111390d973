"""Signing in as a browser does, over HTTP."""

import json

import pytest
from django.core.cache import cache
from django.test import Client

from apps.tenants.models import User
from tests.conftest import member_of
from tests.factories import UserFactory, make_upstream

PASSWORD = "correct horse battery"
AUTH = "/_allauth/browser/v1/"
SESSION = "/api/v1/session/"


@pytest.fixture(autouse=True)
def no_earlier_attempts():
    cache.clear()


@pytest.fixture
def browser(db) -> Client:
    """A browser with its CSRF cookie, as the console's first request leaves it."""
    browser = Client(enforce_csrf_checks=True)
    browser.get(SESSION)
    return browser


def post(browser, url, body, *, token=None):
    token = browser.cookies["csrftoken"].value if token is None else token
    return browser.post(
        url, json.dumps(body), content_type="application/json", headers={"x-csrftoken": token}
    )


def log_in(browser, email, password=PASSWORD):
    return post(browser, f"{AUTH}auth/login", {"email": email, "password": password})


def test_a_visitor_is_nobody_and_gets_a_csrf_cookie(db):
    browser = Client()

    answer = browser.get(SESSION)

    nobody = {
        "user": None,
        "tenants": [],
        "shut": [],
        "creation_refusal": None,
        "creation_refusal_said": [],
    }
    assert (answer.status_code, answer.json()) == (200, nobody)
    assert "csrftoken" in browser.cookies


def test_the_right_password_opens_the_workspaces_of_its_owner(browser, tenant, other_tenant):
    member = member_of(tenant, "reviewer")
    make_upstream(tenant.id, kind="practice")

    answer = log_in(browser, member.email.upper())

    assert answer.status_code == 200
    assert browser.get(SESSION).json() == {
        "user": {"id": str(member.id), "email": member.email, "name": member.name},
        "tenants": [
            {
                "slug": tenant.slug,
                "name": tenant.name,
                "role": "reviewer",
                "is_simulated": True,
                "is_demo": False,
                "time_zone": "UTC",
            }
        ],
        "shut": [],
        "creation_refusal": "Only people who own a workspace make others here.",
        "creation_refusal_said": [{"code": "workspaces_by_owners", "values": {}}],
    }


def test_a_wrong_password_and_an_unknown_person_look_the_same(browser):
    known = UserFactory()

    wrong = log_in(browser, known.email, "not the password")
    unknown = log_in(browser, "nobody@example.com")

    assert wrong.status_code == unknown.status_code == 400
    assert wrong.json() == unknown.json()
    assert browser.get(SESSION).json()["user"] is None


def test_guessing_passwords_is_slowed_down(browser):
    known, bystander = UserFactory(), UserFactory()

    for number in range(6):
        guess = log_in(browser, known.email, f"guess {number}")
    locked = log_in(browser, known.email)

    assert guess.json()["errors"][0]["code"] == "too_many_login_attempts"
    assert locked.status_code == 400
    # Somebody else's account is not locked with it.
    assert log_in(browser, bystander.email).status_code == 200


def test_behind_a_proxy_attempts_are_counted_for_people_not_for_the_proxy(db, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    known = UserFactory()
    guesser, other = (
        # What somebody claims of themselves comes before what the proxy saw.
        Client(enforce_csrf_checks=True, headers={"x-forwarded-for": f"198.51.100.9, {seen}"})
        for seen in ("203.0.113.1", "203.0.113.2")
    )
    for browser in (guesser, other):
        browser.get(SESSION)

    guesses = [log_in(guesser, f"nobody{n}@example.com", "guess") for n in range(11)]

    assert guesses[0].json()["errors"][0]["code"] != "too_many_login_attempts"
    assert guesses[-1].json()["errors"][0]["code"] == "too_many_login_attempts"
    assert log_in(other, known.email).status_code == 200


def test_somebody_who_was_let_go_cannot_sign_in(browser):
    gone = UserFactory(is_active=False)

    log_in(browser, gone.email)

    assert browser.get(SESSION).json()["user"] is None


def test_a_session_ends_with_its_account(browser, tenant):
    member = member_of(tenant, "owner")
    log_in(browser, member.email)

    User.objects.filter(id=member.id).update(is_active=False)

    assert browser.get(SESSION).json()["user"] is None
    assert browser.get(f"/api/v1/t/{tenant.slug}/settings/").status_code == 401


def test_signing_out_ends_the_session(browser, tenant):
    member = member_of(tenant, "owner")
    log_in(browser, member.email)
    token = browser.cookies["csrftoken"].value

    answer = browser.delete(f"{AUTH}auth/session", headers={"x-csrftoken": token})

    assert answer.status_code == 401  # allauth's way of saying: signed out
    assert browser.get(SESSION).json()["user"] is None
    assert browser.get(f"/api/v1/t/{tenant.slug}/settings/").status_code == 401


@pytest.mark.parametrize("token", ["", "x" * 64])
def test_a_form_on_another_site_cannot_act_for_somebody_signed_in(browser, tenant, token):
    member = member_of(tenant, "owner")
    log_in(browser, member.email)
    url = f"/api/v1/t/{tenant.slug}/keys/"

    forged = post(browser, url, {"name": "x", "scopes": ["admin"]}, token=token)
    real = post(browser, url, {"name": "x", "scopes": ["admin"]})

    assert forged.status_code == 403
    assert "CSRF" in forged.json()["detail"]
    assert real.status_code == 201


def test_nobody_makes_an_account_for_themselves(browser):
    answer = post(browser, f"{AUTH}auth/signup", {"email": "new@example.com", "password": PASSWORD})

    assert answer.status_code == 403
    assert not User.objects.filter(email="new@example.com").exists()
    assert browser.get(f"{AUTH}config").json()["data"]["account"]["is_open_for_signup"] is False


def test_no_cookie_can_be_read_by_scripts_or_sent_along_by_other_sites(browser, tenant):
    log_in(browser, member_of(tenant, "owner").email)

    session = browser.cookies["sessionid"]

    assert session["httponly"]
    assert session["samesite"] == browser.cookies["csrftoken"]["samesite"] == "Lax"
