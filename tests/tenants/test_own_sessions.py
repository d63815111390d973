"""Where a person is signed in, and ending it there."""

import pytest
from allauth.usersessions.models import UserSession
from django.core.cache import cache

from apps.tenants.selectors.sign_in import is_signed_in
from tests.conftest import member_of
from tests.factories import UserFactory
from tests.tenants.signing_in import ACCOUNT, AUTH, PersonsBrowser

pytestmark = pytest.mark.usefixtures("no_earlier_attempts", "db")
SESSIONS = f"{AUTH}sessions"


@pytest.fixture
def mira(tenant):
    return member_of(tenant, "viewer")


def signed_in(user, name) -> PersonsBrowser:
    browser = PersonsBrowser()
    browser.client.defaults["HTTP_USER_AGENT"] = name
    assert browser.log_in(user).status_code == 200
    return browser


def listed(browser) -> dict[str, dict]:
    return {one["user_agent"]: one for one in browser.get(SESSIONS).json()["data"]}


def end(browser, *ids):
    return browser.send("DELETE", SESSIONS, {"sessions": ids})


def test_a_person_sees_their_own_browsers_and_which_is_this_one(mira):
    here, _ = signed_in(mira, "here"), signed_in(mira, "there")
    signed_in(UserFactory(), "somebody else")

    found = listed(here)

    assert {name: one["is_current"] for name, one in found.items()} == {
        "here": True,
        "there": False,
    }
    assert all("last_seen_at" in one for one in found.values())


def test_the_others_are_signed_out_and_this_one_stays(mira):
    here, there, elsewhere = [signed_in(mira, name) for name in ("here", "there", "elsewhere")]
    others = [one["id"] for one in listed(here).values() if not one["is_current"]]

    assert end(here, *others).status_code == 200

    assert (here.is_signed_in, there.is_signed_in, elsewhere.is_signed_in) == (True, False, False)
    assert set(listed(here)) == {"here"}


def test_nobody_ends_a_session_of_somebody_else(mira):
    here, theirs = signed_in(mira, "here"), signed_in(UserFactory(), "theirs")
    (their_id,) = [one["id"] for one in listed(theirs).values()]

    answer = end(here, their_id)

    # As for an id that there never was.
    assert answer.status_code == end(here, 10**6).status_code == 400
    assert theirs.is_signed_in


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_who_is_signed_out_has_none(mira, method):
    signed_in(mira, "there")

    assert PersonsBrowser().send(method, SESSIONS, {"sessions": []}).status_code == 401


def test_a_new_password_leaves_this_one_only(mira):
    here, there = signed_in(mira, "here"), signed_in(mira, "there")
    here.prove()

    changed = here.post(
        f"{ACCOUNT}password/change",
        {"current_password": "correct horse battery", "new_password": "another lighthouse"},
    )

    assert changed.status_code == 200
    assert not there.is_signed_in
    assert set(listed(here)) == {"here"}


def test_use_is_noted_once_a_minute(mira, django_assert_num_queries, monkeypatch):
    here = signed_in(mira, "here")
    here.get("/api/v1/session/")
    noted = UserSession.objects.get().last_seen_at

    here.get("/api/v1/session/")
    assert UserSession.objects.get().last_seen_at == noted
    cache.clear()
    here.get("/api/v1/session/")

    assert UserSession.objects.get().last_seen_at > noted


def test_sessions_from_before_they_were_listed_appear_with_their_next_use(mira):
    here = signed_in(mira, "here")
    UserSession.objects.all().delete()
    cache.clear()

    assert set(listed(here)) == {"here"}


@pytest.mark.parametrize("what", ["stays", "ended", "new password", "switched off", "another's"])
def test_a_session_counts_for_its_person_while_nothing_ended_it(mira, what):
    session = signed_in(mira, "here").client.session
    if what == "ended":
        session.flush()
    elif what == "new password":
        mira.set_password("another lighthouse")
        mira.save()
    elif what == "switched off":
        type(mira).objects.filter(id=mira.id).update(is_active=False)
    user = UserFactory() if what == "another's" else mira

    found = is_signed_in(user_id=user.id, session_key=session.session_key)

    assert found is (what == "stays")
