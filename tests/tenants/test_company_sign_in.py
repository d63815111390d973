"""Signing in with the company's provider, which is a real server here."""

from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import rsa

from apps.core.tenancy import tenant_tx
from apps.tenants.models import AuditEvent, User
from metaclaw_web.env import BadSetting
from metaclaw_web.settings.company import company_apps
from tests.conftest import member_of
from tests.tenants.company import CLIENT_ID, CLIENT_SECRET, running_company
from tests.tenants.signing_in import ACCOUNT, AUTH, SESSION, PersonsBrowser, code_of, flows

pytestmark = pytest.mark.usefixtures("no_earlier_attempts", "clock", "db")
BEGIN = "/api/v1/sign-in/company/"


@pytest.fixture
def company(settings, monkeypatch):
    with running_company() as company:
        monkeypatch.setenv("METACLAW_OIDC_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("METACLAW_OIDC_CLIENT_SECRET", CLIENT_SECRET)
        provider = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        apps = company_apps(company.issuer, "Acme")
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": provider | {"APPS": apps}}
        settings.METACLAW_CONSOLE_URL = "http://localhost"
        yield company


@pytest.fixture
def mira(tenant):
    user = member_of(tenant, "owner")
    User.objects.filter(id=user.id).update(email="mira@example.com")
    user.refresh_from_db()
    return user


def walk(browser, next_page="/t/main/overview", process="login"):
    """What a browser does: there, and back with a code. Returns where it ends."""
    begun = browser.post(BEGIN, {"next": next_page, "process": process})
    assert begun.status_code == 200, begun.content
    there = httpx2.get(begun.json()["location"])
    back = urlsplit(there.headers["location"])
    assert f"{back.scheme}://{back.netloc}{back.path}" == (
        "http://localhost/_allauth/company/callback"
    )
    answer = browser.get(f"{back.path}?{back.query}")
    assert answer.status_code == 302, answer.content
    return answer["Location"]


def error_of(location):
    return parse_qs(urlsplit(location).query).get("error", [""])[0]


def test_somebody_known_here_gets_in_with_the_address_that_the_company_verified(company, mira):
    browser = PersonsBrowser()

    end = walk(browser)

    assert end == "/t/main/overview"
    assert browser.get(SESSION).json()["user"]["id"] == str(mira.id)
    account = browser.get("/api/v1/account/").json()
    assert account["company"] == "Acme"
    assert [one["email"] for one in account["methods"]["company_accounts"]] == ["Mira@Example.com"]


def test_from_then_on_the_account_counts_not_the_address(company, mira):
    walk(PersonsBrowser())
    company.person |= {"email": "mira.k@example.com", "email_verified": False}
    browser = PersonsBrowser()

    walk(browser)

    assert browser.get(SESSION).json()["user"]["id"] == str(mira.id)


def test_an_address_given_to_somebody_new_opens_nothing(company, mira):
    walk(PersonsBrowser())
    company.person["sub"] = "8"
    browser = PersonsBrowser()

    assert error_of(walk(browser)) == "signup_closed"
    assert not browser.is_signed_in


def test_the_password_ends_since_another_may_have_chosen_it(company, mira, tenant):
    elsewhere = PersonsBrowser()
    elsewhere.log_in(mira)

    walk(PersonsBrowser())

    assert not elsewhere.is_signed_in
    assert PersonsBrowser().log_in(mira).status_code == 400
    with tenant_tx(tenant.id):
        event = AuditEvent.objects.for_tenant(tenant.id).get(action="sign_in.added")
    assert event.detail == "company account, no password"


def test_unknown_people_get_no_account(company, mira):
    company.person |= {"sub": "9", "email": "somebody@example.com"}
    browser = PersonsBrowser()
    before = User.objects.count()

    end = walk(browser)

    assert error_of(end) == "signup_closed"
    assert urlsplit(end).path == "/t/main/overview"
    assert not browser.is_signed_in
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


@pytest.mark.parametrize("verified", [False, None, "false", "no", 0])
def test_an_unverified_address_is_nobodys(company, mira, verified):
    company.person["email_verified"] = verified
    browser = PersonsBrowser()

    assert error_of(walk(browser)) == "email_unverified"
    assert not browser.is_signed_in


def _another_key(company):
    company.signing_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _client_secret_as_key(company):
    company.signing_key, company.algorithm = CLIENT_SECRET * 2, "HS256"


def _unsigned(company):
    company.signing_key, company.algorithm = None, "none"


def _no_token(company):
    company.gives_id_token = False


def _somebody_elses_userinfo(company):
    company.claims = {"email": None}
    company.userinfo = {"sub": "8", "email": "mira@example.com", "email_verified": True}


@pytest.mark.parametrize(
    "lie",
    [
        _another_key,
        _client_secret_as_key,
        _unsigned,
        _no_token,
        _somebody_elses_userinfo,
        lambda c: c.claims.update(aud="another-client"),
        lambda c: c.claims.update(aud=[CLIENT_ID, "another"], azp="another"),
        lambda c: c.claims.update(iss="https://evil.example"),
        lambda c: c.claims.update(exp=1),
        lambda c: c.claims.update(sub=None),
    ],
    ids=["key", "hmac", "none", "missing", "userinfo", "aud", "azp", "iss", "exp", "sub"],
)
def test_a_token_that_is_not_the_companys_word_for_us_opens_nothing(company, mira, lie):
    lie(company)
    browser = PersonsBrowser()

    assert error_of(walk(browser)) == "unknown"
    assert not browser.is_signed_in
    assert not SocialAccount.objects.exists()


def test_an_address_may_come_from_userinfo_of_the_same_person(company, mira):
    company.claims = {"email": None}
    browser = PersonsBrowser()

    walk(browser)

    assert "/userinfo" in company.asked
    assert browser.is_signed_in


def test_a_second_factor_is_asked_for_all_the_same(company, mira):
    owner = PersonsBrowser()
    owner.log_in(mira)
    owner.prove()
    secret = owner.add_app()
    browser = PersonsBrowser()

    walk(browser)

    assert not browser.is_signed_in
    assert flows(browser.get(f"{AUTH}session"))["mfa_authenticate"]["is_pending"]
    assert browser.post(f"{AUTH}2fa/authenticate", {"code": code_of(secret)}).status_code == 200
    assert browser.is_signed_in


def test_somebody_let_go_stays_out(company, mira):
    walk(PersonsBrowser())
    User.objects.filter(id=mira.id).update(is_active=False)
    browser = PersonsBrowser()

    assert error_of(walk(browser)) == "permission_denied"
    assert not browser.is_signed_in


def test_a_code_without_the_sign_in_that_asked_for_it_opens_nothing(company, mira):
    victim, attacker = PersonsBrowser(), PersonsBrowser()
    begun = attacker.post(BEGIN, {}).json()["location"]
    back = urlsplit(httpx2.get(begun).headers["location"])

    answer = victim.get(f"{back.path}?{back.query}")

    assert urlsplit(answer["Location"])[2:4] == (
        "/sign-in",
        "step=company&error=unknown&error_process=login",
    )
    assert not victim.is_signed_in


def test_who_says_no_at_the_company_comes_back_with_that(company, mira):
    browser = PersonsBrowser()
    begun = browser.post(BEGIN, {"next": "/sign-in"}).json()["location"]
    state = parse_qs(urlsplit(begun).query)["state"][0]

    answer = browser.get(f"/_allauth/company/callback?error=access_denied&state={state}")

    assert error_of(answer["Location"]) == "cancelled"


def test_an_account_is_connected_by_somebody_who_proved_who_they_are(company, mira, tenant):
    company.person |= {"email": "private@example.com", "email_verified": False}
    browser = PersonsBrowser()
    connect = {"process": "connect", "next": "/account"}
    assert browser.post(BEGIN, connect).status_code == 401
    browser.log_in(mira)
    refused = browser.post(BEGIN, connect)
    assert (refused.status_code, refused.json()["code"]) == (403, "reauthentication_needed")
    browser.prove()

    assert walk(browser, "/account", "connect") == "/account"

    other = PersonsBrowser()
    walk(other)
    assert other.get(SESSION).json()["user"]["id"] == str(mira.id)
    # The password is hers: she had just given it.
    assert PersonsBrowser().log_in(mira).status_code == 200
    account = browser.get("/api/v1/account/").json()["methods"]["company_accounts"][0]
    gone = browser.send(
        "DELETE",
        f"{ACCOUNT}providers",
        {"provider": account["provider"], "account": account["uid"]},
    )
    assert gone.status_code == 200
    assert error_of(walk(PersonsBrowser())) == "email_unverified"
    with tenant_tx(tenant.id):
        events = AuditEvent.objects.for_tenant(tenant.id).filter(action__startswith="sign_in.")
        assert [(e.action, e.detail) for e in events.order_by("sequence")] == [
            ("sign_in.added", "company account"),
            ("sign_in.removed", "company account"),
        ]


def test_an_account_of_somebody_else_is_not_taken_over(company, mira, other_tenant):
    walk(PersonsBrowser())
    thief = PersonsBrowser()
    thief.log_in(member_of(other_tenant, "owner"))
    thief.prove()

    assert error_of(walk(thief, "/account", "connect")) == "connected_other"
    assert SocialAccount.objects.get().user == mira


def test_the_only_way_in_is_not_cut(company, mira):
    browser = PersonsBrowser()
    walk(browser)
    account = SocialAccount.objects.get()

    answer = browser.send(
        "DELETE", f"{ACCOUNT}providers", {"provider": account.provider, "account": account.uid}
    )

    assert answer.status_code == 400
    new = browser.post(f"{ACCOUNT}password/change", {"new_password": "a sentence of her own"})
    assert new.status_code == 200
    assert PersonsBrowser().log_in(mira, "a sentence of her own").status_code == 200


@pytest.mark.parametrize("next_page", ["//evil.example", "https://evil.example", "/\\evil", "x"])
def test_it_ends_on_a_page_of_the_console(company, next_page):
    assert PersonsBrowser().post(BEGIN, {"next": next_page}).status_code == 400


def test_no_page_elsewhere_can_begin_it(company):
    client = PersonsBrowser().client

    answer = client.post(BEGIN, "{}", content_type="application/json")

    assert answer.status_code == 403


@pytest.mark.parametrize(
    "fault", [{"issuer": "https://evil.example"}, {"authorization_endpoint": None}, "gone"]
)
def test_a_provider_that_is_not_itself_is_said_so(company, settings, fault):
    if fault == "gone":
        apps = company_apps("http://127.0.0.1:9", "Acme")
        provider = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
        settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": provider | {"APPS": apps}}
    else:
        company.discovery = fault

    answer = PersonsBrowser().post(BEGIN, {})

    assert answer.status_code == 502
    assert "Acme" in answer.json()["detail"]


def test_without_one_there_is_none(mira):
    browser = PersonsBrowser()
    assert browser.post(BEGIN, {}).status_code == 404
    assert browser.get("/_allauth/company/callback").status_code == 404
    assert browser.get("/_allauth/browser/v1/config").json()["data"]["socialaccount"] == {
        "providers": []
    }
    browser.log_in(mira)
    assert browser.get("/api/v1/account/").json()["company"] is None


def test_two_issuers_are_two_providers(monkeypatch):
    monkeypatch.setenv("METACLAW_OIDC_CLIENT_ID", CLIENT_ID)
    monkeypatch.setenv("METACLAW_OIDC_CLIENT_SECRET", CLIENT_SECRET)
    one, other = (company_apps(f"https://{name}.example", "Acme")[0] for name in ("a", "b"))

    assert one["provider_id"] != other["provider_id"]


def test_an_issuer_that_anybody_on_the_way_could_play_is_refused(monkeypatch):
    with pytest.raises(BadSetting, match="https"):
        company_apps("http://login.example.com", "Acme")
    monkeypatch.delenv("METACLAW_OIDC_CLIENT_ID", raising=False)
    with pytest.raises(BadSetting, match="METACLAW_OIDC_CLIENT_ID"):
        company_apps("https://login.example.com", "Acme")
