"""A person of their own, so that everybody else goes on signing in with a password alone."""

import base64
import hashlib
import hmac
import json
import re
import struct
import time

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import beside_stack

pytestmark = pytest.mark.e2e

PASSWORD = "a lighthouse with four doors"
_ADD = """
import sys
from apps.tenants.selectors import tenant_find
from apps.tenants.services import member_add, user_create
email, password, slug = sys.argv[1:]
tenant = tenant_find(slug=slug)
user = user_create(email=email, password=password, name="Ines")
member_add(tenant_id=tenant.id, user_id=user.id, role="reviewer")
"""


@pytest.fixture
def person(stack):
    """Their address; they are a reviewer of the first workspace."""
    email = f"ines-{time.time_ns()}@example.com"
    beside_stack(_ADD, email, PASSWORD, stack["tenant"])
    return email


@pytest.fixture
def page(browser, stack):
    """A browser of nobody yet, at the one name without TLS under which passkeys work."""
    context = browser.new_context(
        base_url=stack["console_url"].replace("127.0.0.1", "localhost"), reduced_motion="reduce"
    )
    page = context.new_page()
    problems = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on(
        "console",
        lambda line: problems.append(line.text) if "Content Security Policy" in line.text else None,
    )
    yield page
    context.close()
    assert problems == []


def code_of(secret):
    """What an authenticator app shows, from the beginning of a period on."""
    while time.time() % 30 > 25:
        time.sleep(0.5)
    digest = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1
    ).digest()
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


def sign_in(page, email):
    page.goto("/")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


def open_account(page):
    page.get_by_role("button", name="Ines").click()
    page.get_by_role("menuitem", name="Account").click()
    expect(page.get_by_role("heading", name="Account", exact=True)).to_be_visible()


def prove(page):
    dialog = page.get_by_role("dialog", name="Show that it is you")
    dialog.get_by_label("Password").fill(PASSWORD)
    dialog.get_by_role("button", name="Continue").click()


def sign_out(page):
    page.goto("/")
    page.get_by_role("button", name="Ines").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def test_a_second_factor_is_set_up_and_asked_for_from_then_on(page, person):
    sign_in(page, person)
    open_account(page)

    page.get_by_role("button", name="Set up").click()
    prove(page)
    secret = page.get_by_test_id("app-secret").inner_text().replace(" ", "")
    picture = page.get_by_role("img", name="QR code")
    assert picture.evaluate("image => image.naturalWidth") > 0
    page.get_by_label("Code that the app shows now").fill(code_of(secret))
    page.keyboard.press("Enter")
    codes = page.get_by_test_id("recovery-codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    recovery = codes.all_inner_texts()
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("10 codes left")).to_be_visible()
    sign_out(page)

    sign_in(page, person)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_label("Code").fill("000000")
    page.keyboard.press("Enter")
    expect(page.get_by_text("This code is not right")).to_be_visible()
    page.get_by_label("Code").fill(code_of(secret))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/t/main/"))
    sign_out(page)

    sign_in(page, person)
    page.get_by_role("button", name="Use a recovery code").click()
    page.get_by_label("Recovery code").fill(recovery[0])
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/t/main/"))
    open_account(page)
    expect(page.get_by_text("9 codes left")).to_be_visible()


def test_a_passkey_is_made_and_signs_in_without_a_password(page, person):
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    devices.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )
    sign_in(page, person)
    open_account(page)
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_label("Name", exact=True).last.fill("Test device")
    page.get_by_role("button", name="Continue").click()
    prove(page)
    page.get_by_role("button", name="I have kept them").click()
    expect(page.get_by_text("Test device")).to_be_visible()
    expect(page.get_by_text("never used")).to_be_visible()
    sign_out(page)

    page.get_by_role("button", name="Use a passkey").click()

    expect(page).to_have_url(re.compile("/t/main/"))
    session = json.loads(page.request.get("/api/v1/session/").text())
    assert session["user"]["email"] == person
    sign_out(page)

    # The password alone is not enough any more.
    sign_in(page, person)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/t/main/"))


def test_under_a_number_the_page_says_that_passkeys_need_a_name(browser, stack, person):
    context = browser.new_context(base_url=stack["console_url"])
    page = context.new_page()
    sign_in(page, person)
    open_account(page)

    expect(page.get_by_text("Passkeys need a name in the address")).to_be_visible()
    expect(page.get_by_role("button", name="Add a passkey")).to_be_disabled()
    context.close()
