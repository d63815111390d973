"""The first workspace, and the way back in when its keys are lost."""

import io
import json

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from rest_framework.test import APIClient

from apps.core.clock import now
from apps.core.tenancy import tenant_tx
from apps.tenants import keys, selectors
from apps.tenants.models import AuditEvent, Tenant, User
from tests.conftest import client_of
from tests.factories import TenantFactory

SHOWN = ["email", "password", "tenant", "api_key", "admin_key"]


def run(command, **options):
    out = io.StringIO()
    call_command(command, stdout=out, **options)
    return json.loads(out.getvalue())


def grant_of(text):
    return selectors.key_grant_find(key=keys.parse(text), at=now())


def check_access(said):
    """Everything that was said opens what it is for."""
    tenant = Tenant.objects.get(slug=said["tenant"])
    assert User.objects.get(email=said["email"]).check_password(said["password"])
    assert grant_of(said["api_key"]).scopes == {"gateway"}
    assert grant_of(said["admin_key"]).scopes == {"read", "review", "admin"}
    client = APIClient(headers={"authorization": f"Bearer {said['admin_key']}"})
    assert client.get(f"/api/v1/t/{tenant.slug}/settings/").status_code == 200


def test_the_first_run_says_what_opens_the_workspace_and_keeps_it(db, tmp_path):
    kept = tmp_path / "first-run.json"

    said = run("first_run", keep=kept)

    assert said["created"] is True
    check_access(said)
    assert json.loads(kept.read_text()) == {name: said[name] for name in SHOWN}
    assert kept.stat().st_mode & 0o777 == 0o600


def test_what_cannot_be_kept_is_not_made(db, tmp_path):
    with pytest.raises(FileNotFoundError):
        run("first_run", keep=tmp_path / "no-such-folder" / "first-run.json")

    assert not Tenant.objects.exists()
    assert not User.objects.exists()


def test_a_second_run_makes_and_says_nothing(db, tmp_path):
    kept = tmp_path / "first-run.json"
    run("first_run", keep=kept)
    before = kept.read_text()

    again = run("first_run", keep=kept)

    assert again == {"created": False, "tenant": "main"}
    assert kept.read_text() == before


def test_lost_access_is_made_new_and_agents_go_on(db, tmp_path):
    kept = tmp_path / "first-run.json"
    first = run("first_run")

    said = run("reset_access", keep=kept)

    check_access(said)
    assert json.loads(kept.read_text()) == said
    assert said["email"] == first["email"]
    assert not {said[name] for name in ("password", "api_key", "admin_key")} & set(first.values())
    assert not User.objects.get(email=first["email"]).check_password(first["password"])
    assert grant_of(first["api_key"]) is not None


def test_who_is_signed_in_with_the_old_password_is_signed_out(db):
    first = run("first_run")
    browser = client_of(User.objects.get(email=first["email"]))
    before = browser.get("/api/v1/t/main/settings/").status_code

    run("reset_access")

    assert (before, browser.get("/api/v1/t/main/settings/").status_code) == (200, 401)


def test_new_access_asks_for_no_second_factor_that_may_be_lost_with_the_rest(db):
    first = run("first_run")
    owner = User.objects.get(email=first["email"])
    Authenticator.objects.create(user=owner, type="totp", data={})

    run("reset_access")

    assert not Authenticator.objects.filter(user=owner).exists()


def test_new_access_is_in_the_audit_log_without_the_password(db):
    run("first_run")

    said = run("reset_access")

    tenant = Tenant.objects.get(slug="main")
    with tenant_tx(tenant.id):
        events = AuditEvent.objects.for_tenant(tenant.id)
        assert events.get(action="access.reset").subject == said["email"]
        noted = str(list(events.values()))
    for name in ("password", "api_key", "admin_key"):
        assert said[name] not in noted


def test_another_workspace_is_named_and_left_alone_otherwise(db):
    run("first_run")
    TenantFactory(slug="ownerless")

    with pytest.raises(CommandError, match="nowhere"):
        run("reset_access", tenant="nowhere")
    with pytest.raises(CommandError, match="no owner"):
        run("reset_access", tenant="ownerless")
