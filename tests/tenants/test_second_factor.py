"""Authenticator apps and recovery codes, over the endpoints that the console uses."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command

from apps.core.tenancy import tenant_tx
from apps.tenants.models import AuditEvent
from apps.tenants.services import member_add
from tests.conftest import member_of
from tests.factories import UserFactory
from tests.tenants.signing_in import ACCOUNT, AUTH, PersonsBrowser, code_of, errors, flows

pytestmark = pytest.mark.usefixtures("no_earlier_attempts", "clock", "db")
TOTP = f"{ACCOUNT}authenticators/totp"
CODES = f"{ACCOUNT}authenticators/recovery-codes"


@pytest.fixture
def mira(tenant):
    return member_of(tenant, "owner")


@pytest.fixture
def browser(mira) -> PersonsBrowser:
    """Mira's, signed in, her password given again a moment ago."""
    browser = PersonsBrowser()
    browser.log_in(mira)
    assert browser.prove().status_code == 200
    return browser


def account(browser):
    return browser.get("/api/v1/account/").json()["methods"]


def test_the_app_counts_once_a_code_of_it_was_given(browser, mira):
    begun = browser.post("/api/v1/account/authenticator-app/")

    assert begun.headers["cache-control"] == "no-store"
    assert begun.json()["secret"] in begun.json()["address"]
    assert begun.json()["address"].startswith("otpauth://totp/")
    assert "issuer=MetaClaw" in begun.json()["address"]
    assert "<svg" in begun.json()["picture"]
    wrong = browser.post(TOTP, {"code": "000000"})
    assert (wrong.status_code, errors(wrong)) == (400, ["incorrect_code"])
    assert account(browser)["app_since"] is None

    right = browser.post(TOTP, {"code": code_of(begun.json()["secret"])})

    assert right.status_code == 200
    assert account(browser)["app_since"] is not None
    assert account(browser)["recovery_codes_left"] == 10
    assert PersonsBrowser().log_in(mira).status_code == 401


def test_a_password_alone_does_not_open_an_account_with_an_app(browser, mira):
    secret = browser.add_app()
    other = PersonsBrowser()

    half = other.log_in(mira)

    pending = flows(half)["mfa_authenticate"]
    assert half.status_code == 401
    assert pending["is_pending"]
    assert set(pending["types"]) == {"totp", "recovery_codes"}
    assert not other.is_signed_in
    assert errors(other.post(f"{AUTH}2fa/authenticate", {"code": "123456"})) == ["incorrect_code"]
    assert not other.is_signed_in
    whole = other.post(f"{AUTH}2fa/authenticate", {"code": code_of(secret)})
    assert whole.status_code == 200
    assert other.is_signed_in


def test_a_code_opens_nothing_without_the_password(browser):
    secret = browser.add_app()
    other = PersonsBrowser()

    answer = other.post(f"{AUTH}2fa/authenticate", {"code": code_of(secret)})

    assert answer.status_code == 401
    assert not other.is_signed_in


def test_a_code_is_good_once_and_not_for_long(browser, mira, clock):
    secret = browser.add_app()
    first, second, late = PersonsBrowser(), PersonsBrowser(), PersonsBrowser()
    for one in (first, second, late):
        one.log_in(mira)
    code = {"code": code_of(secret)}

    assert first.post(f"{AUTH}2fa/authenticate", code).status_code == 200
    assert errors(second.post(f"{AUTH}2fa/authenticate", code)) == ["incorrect_code"]
    clock.now += 30
    assert errors(late.post(f"{AUTH}2fa/authenticate", code)) == ["incorrect_code"]
    assert (
        late.post(f"{AUTH}2fa/authenticate", {"code": code_of(secret, step=1)}).status_code == 200
    )


def test_guessing_codes_is_slowed_down(browser, mira):
    secret = browser.add_app()
    other = PersonsBrowser()
    other.log_in(mira)

    guesses = [
        errors(other.post(f"{AUTH}2fa/authenticate", {"code": f"{number:06d}"}))
        for number in range(8)
    ]
    right = other.post(f"{AUTH}2fa/authenticate", {"code": code_of(secret)})

    assert guesses[0] == ["incorrect_code"]
    assert guesses[-1] == ["too_many_login_attempts"]
    assert errors(right) == ["too_many_login_attempts"]


def test_a_recovery_code_is_shown_once_and_opens_once(browser, mira):
    browser.add_app()
    codes = browser.get(CODES).json()["data"]["unused_codes"]

    assert len(set(codes)) == 10
    assert "unused_codes" not in browser.get(CODES).json()["data"]
    first, second = PersonsBrowser(), PersonsBrowser()
    first.log_in(mira)
    second.log_in(mira)
    assert first.post(f"{AUTH}2fa/authenticate", {"code": codes[0]}).status_code == 200
    assert errors(second.post(f"{AUTH}2fa/authenticate", {"code": codes[0]})) == ["incorrect_code"]
    assert account(first)["recovery_codes_left"] == 9


def test_renewed_recovery_codes_end_the_old_ones(browser, mira):
    browser.add_app()
    old = browser.get(CODES).json()["data"]["unused_codes"]

    new = browser.post(CODES).json()["data"]["unused_codes"]

    assert not set(old) & set(new)
    other = PersonsBrowser()
    other.log_in(mira)
    assert errors(other.post(f"{AUTH}2fa/authenticate", {"code": old[0]})) == ["incorrect_code"]
    assert other.post(f"{AUTH}2fa/authenticate", {"code": new[0]}).status_code == 200


@pytest.mark.parametrize(
    "method, url, body",
    [
        ("POST", TOTP, None),
        ("DELETE", TOTP, {}),
        ("GET", CODES, {}),
        ("POST", CODES, {}),
        ("GET", f"{ACCOUNT}authenticators/webauthn", {}),
    ],
)
def test_ways_to_sign_in_change_only_for_somebody_who_proved_who_they_are(
    browser, mira, method, url, body
):
    # The app itself is what one of these would add.
    secret = browser.add_app() if body is not None else ""
    stolen = PersonsBrowser()
    stolen.log_in(mira)
    if secret:
        stolen.post(f"{AUTH}2fa/authenticate", {"code": code_of(secret)})
    else:
        body = {"code": code_of(stolen.get(TOTP).json()["meta"]["secret"])}
        begun = stolen.post("/api/v1/account/authenticator-app/")
        assert (begun.status_code, begun.json()["code"]) == (403, "reauthentication_needed")
    assert stolen.is_signed_in
    before = Authenticator.objects.count()

    answer = stolen.send(method, url, body) if method != "GET" else stolen.get(url)

    assert answer.status_code == 401
    assert answer.json()["meta"]["is_authenticated"]
    assert "reauthenticate" in flows(answer)
    assert Authenticator.objects.count() == before
    stolen.prove()
    answer = stolen.send(method, url, body) if method != "GET" else stolen.get(url)
    assert answer.status_code == 200


def test_a_code_proves_it_too(browser, mira):
    secret = browser.add_app()
    other = PersonsBrowser()
    other.log_in(mira)
    other.post(f"{AUTH}2fa/authenticate", {"code": code_of(secret)})
    codes = browser.get(CODES).json()["data"]["unused_codes"]

    assert other.post(f"{AUTH}2fa/reauthenticate", {"code": codes[0]}).status_code == 200
    assert other.send("DELETE", TOTP).status_code == 200
    # With nothing left to recover, the codes go, too.
    assert not Authenticator.objects.exists()
    assert PersonsBrowser().log_in(mira).status_code == 200


def test_neither_secret_stands_in_the_database(browser):
    secret = browser.add_app()
    app = Authenticator.objects.get(type="totp")
    codes = Authenticator.objects.get(type="recovery_codes")

    assert secret not in str(app.data)
    assert app.wrap().validate_code(code_of(secret))
    # A hexadecimal seed would be one that is not sealed.
    assert set(codes.data["seed"]) - set("0123456789abcdef")


def test_each_change_stands_in_the_log_of_every_workspace_of_the_person(
    browser, mira, tenant, other_tenant, django_capture_on_commit_callbacks
):
    member_add(tenant_id=other_tenant.id, user_id=mira.id, role="viewer")
    for change in (
        browser.add_app,
        lambda: browser.post(CODES),
        lambda: browser.send("DELETE", TOTP),
    ):
        with django_capture_on_commit_callbacks(execute=True):
            change()

    for one in (tenant, other_tenant):
        with tenant_tx(one.id):
            events = AuditEvent.objects.for_tenant(one.id).filter(action__startswith="sign_in.")
            found = [(e.action, e.subject, e.detail) for e in events.order_by("sequence")]
        assert found == [
            ("sign_in.added", mira.email, "authenticator app"),
            ("sign_in.renewed", mira.email, "recovery codes"),
            ("sign_in.removed", mira.email, "authenticator app"),
        ]


def test_an_operator_lets_somebody_in_who_lost_everything(browser, mira, capsys):
    browser.add_app()

    call_command("reset_sign_in", mira.email.upper())

    password = capsys.readouterr().out.strip()
    assert not browser.is_signed_in
    assert PersonsBrowser().log_in(mira, password).status_code == 200
    with pytest.raises(CommandError, match="Nobody"):
        call_command("reset_sign_in", "nobody@example.com")


def test_an_account_is_read_and_renamed_by_its_person_only(browser, mira, admin_key_client):
    stranger = UserFactory()

    renamed = browser.send("PATCH", "/api/v1/account/", {"name": "Mira K."})

    assert (renamed.status_code, renamed.json()["name"]) == (200, "Mira K.")
    mira.refresh_from_db()
    stranger.refresh_from_db()
    assert (mira.name, stranger.name) == ("Mira K.", stranger.name)
    assert stranger.name != "Mira K."
    for other in (admin_key_client, PersonsBrowser().client):
        assert other.get("/api/v1/account/").status_code == 401


def test_a_new_password_takes_the_old_one_and_ends_the_other_sessions(browser, mira):
    elsewhere = PersonsBrowser()
    elsewhere.log_in(mira)
    change = f"{ACCOUNT}password/change"
    new = "a longer sentence of words"

    wrong = browser.post(change, {"current_password": "not it", "new_password": new})
    short = browser.post(change, {"current_password": "correct horse battery", "new_password": "x"})
    right = browser.post(change, {"current_password": "correct horse battery", "new_password": new})

    assert wrong.status_code == short.status_code == 400
    assert right.status_code == 200
    assert browser.is_signed_in
    assert not elsewhere.is_signed_in
    assert PersonsBrowser().log_in(mira).status_code == 400
    assert PersonsBrowser().log_in(mira, new).status_code == 200


def test_the_present_password_cannot_be_guessed_for_ever(browser):
    change = f"{ACCOUNT}password/change"
    tries = [
        browser.post(change, {"current_password": f"guess {n}", "new_password": "a new sentence"})
        for n in range(7)
    ]

    assert tries[0].status_code == 400
    assert tries[-1].status_code == 429


@pytest.mark.parametrize(
    "url",
    [
        f"{ACCOUNT}email",
        f"{ACCOUNT}phone",
        f"{AUTH}password/request",
        f"{AUTH}password/reset",
        f"{AUTH}email/verify",
        f"{AUTH}provider/token",
        f"{AUTH}provider/signup",
        f"{AUTH}provider/redirect",
    ],
)
def test_what_the_console_does_not_use_is_not_there(browser, url):
    assert browser.get(url).status_code == 404
    assert browser.post(url, {"email": "another@example.com"}).status_code == 404
