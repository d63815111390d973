"""A provider, gateways as processes, a recorder, and a workspace they all know."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from apps.core.tenancy import tenant_tx
from apps.proxy.recorder.loop import Recorder
from apps.tenants.models import ApiKey
from apps.tenants.services import key_create, tenant_update
from apps.tenants.types import SYSTEM
from apps.trajectories.models import Turn
from tests import database
from tests.factories import TenantFactory, make_upstream
from tests.proxy.behaviours import KEY
from tests.proxy.provider import Provider, running_provider
from tests.proxy.running import RunningGateway


@dataclass
class Workspace:
    """A committed tenant with a key; ``anthropic`` providers need a workspace of their own."""

    id: UUID
    key: str
    key_id: UUID
    upstream_id: UUID | None = None
    extra: dict[str, Any] = field(default_factory=dict)

    def new_key(self, *scopes: str, **fields: Any) -> tuple[ApiKey, str]:
        wanted = scopes or (ApiKey.Scope.GATEWAY,)
        return key_create(tenant_id=self.id, actor=SYSTEM, name="k", scopes=wanted, **fields)

    def set(self, **fields: Any) -> None:
        tenant_update(tenant_id=self.id, actor=SYSTEM, **fields)

    def turns(self, **filters: Any) -> list[Turn]:
        with tenant_tx(self.id):
            return list(Turn.objects.for_tenant(self.id).filter(**filters).order_by("id"))


@pytest.fixture(scope="session")
def provider() -> Iterator[Provider]:
    with running_provider() as one:
        yield one


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Rows that other processes see, for all tests of a file."""
    with django_db_blocker.unblock():
        yield
        database.empty()


def make_workspace(kind: str, provider: Provider | None) -> Workspace:
    tenant = TenantFactory()
    upstream = None
    if provider is not None:
        upstream = make_upstream(tenant.id, kind=kind, base_url=provider.url, api_key=KEY)
    row, text = key_create(
        tenant_id=tenant.id, actor=SYSTEM, name="gateway", scopes=[ApiKey.Scope.GATEWAY]
    )
    return Workspace(tenant.id, text, row.id, upstream and upstream.id)


@pytest.fixture(scope="module")
def openai(committed: None, provider: Provider) -> Workspace:
    return make_workspace("openai", provider)


@pytest.fixture(scope="module")
def anthropic(committed: None, provider: Provider) -> Workspace:
    return make_workspace("anthropic", provider)


@pytest.fixture(params=["openai", "anthropic"])
def dialect(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def workspace(dialect: str, openai: Workspace, anthropic: Workspace) -> Workspace:
    """The workspace whose provider speaks ``dialect``."""
    return anthropic if dialect == "anthropic" else openai


@pytest.fixture(scope="session")
def gateway_process(
    django_db_setup: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningGateway]:
    one = RunningGateway(tmp_path_factory.mktemp("gateway")).launch()
    try:
        yield one.wait()
    finally:
        one.stop()


@pytest.fixture
def gateway(gateway_process: RunningGateway, request: pytest.FixtureRequest) -> RunningGateway:
    """The gateway most tests share; signs with the key of the test's workspace."""
    names = set(request.fixturenames)
    if "workspace" in names:
        gateway_process.key = request.getfixturevalue("workspace").key
    elif "openai" in names:
        gateway_process.key = request.getfixturevalue("openai").key
    return gateway_process


@pytest.fixture
def new_gateway(committed: None, tmp_path: Path) -> Iterator[Callable[..., RunningGateway]]:
    """Makes gateways of the test's own, which it may kill."""
    made: list[RunningGateway] = []

    def make(**environment: str) -> RunningGateway:
        folder = tmp_path / f"gateway{len(made)}"
        folder.mkdir()
        made.append(RunningGateway(folder, **environment).launch())
        return made[-1]

    yield make
    for one in made:
        one.stop()


@pytest.fixture(scope="session")
def _recorder(gateway_process: RunningGateway) -> Recorder:
    return Recorder(gateway_process.spool)


@dataclass
class Recorded:
    """Stores what the gateway spooled, and answers with rows."""

    recorder: Recorder

    def turn(self, workspace: Workspace, turn_id: str) -> Turn:
        give_up = time.monotonic() + 10
        while time.monotonic() < give_up:
            self.recorder.step()
            found = workspace.turns(id=turn_id)
            if found:
                return found[0]
            time.sleep(0.02)
        raise AssertionError(f"turn {turn_id} was not recorded")


@pytest.fixture
def recorded(_recorder: Recorder, committed: None) -> Recorded:
    return Recorded(_recorder)


def record_all(folder: Path, seconds: float = 10) -> Recorder:
    """Run a recorder of its own over a folder until nothing is left to do."""
    recorder = Recorder(folder)
    give_up = time.monotonic() + seconds
    quiet = 0
    while quiet < 3 and time.monotonic() < give_up:
        quiet = 0 if recorder.step() else quiet + 1
        time.sleep(0.02)
    return recorder


def chat_body(model: str = "ok", **fields: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
    return body | fields
