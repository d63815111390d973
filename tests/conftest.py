"""The cast of every test: a workspace, the people in it, and a stranger."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from uuid import UUID

import pytest
from rest_framework.test import APIClient

from apps.tenants.models import ApiKey, Membership, Tenant, User
from apps.tenants.services import key_create, member_add
from apps.tenants.types import SYSTEM
from tests import database
from tests.factories import TenantFactory, UserFactory

# Synchronous Playwright runs an event loop in the test's thread, where Django would refuse
# to use its ORM.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker) -> Iterator[None]:
    with django_db_blocker.unblock():
        database.create()
    yield
    with django_db_blocker.unblock():
        database.drop()


@pytest.fixture
def committed_db(django_db_setup, django_db_blocker) -> Iterator[None]:
    """A database that other processes see too. Slower than ``db``: rows are really committed."""
    with django_db_blocker.unblock():
        yield
        database.empty()


@pytest.fixture
def tenant(db) -> Tenant:
    return TenantFactory()


@pytest.fixture
def other_tenant(db) -> Tenant:
    return TenantFactory()


def client_of(user: User) -> APIClient:
    client = APIClient()
    client.force_login(user)
    return client


def client_with_key(tenant_id: UUID, *scopes: str) -> APIClient:
    _, text = key_create(tenant_id=tenant_id, actor=SYSTEM, name="test", scopes=scopes)
    return APIClient(headers={"authorization": f"Bearer {text}"})


def member_of(tenant: Tenant, role: str) -> User:
    user = UserFactory()
    member_add(tenant_id=tenant.id, user_id=user.id, role=role)
    return user


@pytest.fixture
def owner_client(tenant) -> APIClient:
    return client_of(member_of(tenant, Membership.Role.OWNER))


@pytest.fixture
def admin_client(tenant) -> APIClient:
    return client_of(member_of(tenant, Membership.Role.ADMIN))


@pytest.fixture
def reviewer_client(tenant) -> APIClient:
    return client_of(member_of(tenant, Membership.Role.REVIEWER))


@pytest.fixture
def viewer_client(tenant) -> APIClient:
    return client_of(member_of(tenant, Membership.Role.VIEWER))


@pytest.fixture
def stranger_client(other_tenant) -> APIClient:
    """Signed in, owner of another workspace, nobody here."""
    return client_of(member_of(other_tenant, Membership.Role.OWNER))


@pytest.fixture
def admin_key_client(tenant) -> APIClient:
    return client_with_key(tenant.id, ApiKey.Scope.READ, ApiKey.Scope.ADMIN)


@pytest.fixture
def gateway_key_client(tenant) -> APIClient:
    return client_with_key(tenant.id, ApiKey.Scope.GATEWAY)


@pytest.fixture(scope="session")
def practice_url() -> Iterator[str]:
    """The practice model as users run it: its own process, a real socket."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "apps.integrations.practice", "--port", str(port)]
    process = subprocess.Popen(
        [*command, "--delay-ms", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_until_healthy(process, url)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_until_healthy(process: "subprocess.Popen[bytes]", url: str) -> None:
    for _ in range(200):
        assert process.poll() is None, "the practice model ended at once"
        try:
            with urllib.request.urlopen(f"{url}/healthz", timeout=1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the practice model did not come up")
