"""What changes in the console is in every running gateway within a second."""

import time
from collections.abc import Callable

import pytest

from apps.exports.services import deletion_ask, deletion_undo
from apps.skills.services import skill_retire
from apps.tenants.selectors import tenant_get
from apps.tenants.services import key_revoke
from apps.tenants.types import SYSTEM
from apps.upstreams.services import upstream_update
from tests.exports.deleting import OWNER
from tests.factories import make_skill
from tests.proxy.conftest import Workspace, chat_body, make_workspace
from tests.proxy.provider import Provider
from tests.proxy.running import RunningGateway, free_port

NewGateway = Callable[..., RunningGateway]


@pytest.fixture(scope="module", params=["push", "polling"])
def gateways(
    request: pytest.FixtureRequest, committed: None, tmp_path_factory: pytest.TempPathFactory
) -> object:
    """Two gateways; with ``polling`` there is no Redis for them to hear anything from."""
    away = {"REDIS_URL": f"redis://127.0.0.1:{free_port()}/0"}
    environment = away if request.param == "polling" else {}
    made = [
        RunningGateway(tmp_path_factory.mktemp("push"), **environment).launch() for _ in range(2)
    ]
    yield [one.wait() for one in made]
    for one in made:
        one.stop()


@pytest.fixture
def seconds(request: pytest.FixtureRequest) -> float:
    return 1.6 if "polling" in request.node.name else 1.0


@pytest.fixture
def workspace(committed: None, provider: Provider, gateways: list[RunningGateway]) -> Workspace:
    """One that both gateways have in memory."""
    made = make_workspace("openai", provider)
    for one in gateways:
        assert one.chat(chat_body(), key=made.key).status == 200
    return made


def _until(
    gateways: list[RunningGateway], seconds: float, arrived: Callable[[RunningGateway], bool]
) -> None:
    began = time.monotonic()
    for one in gateways:
        while not arrived(one):
            assert time.monotonic() - began < seconds, "it did not arrive in time"
            time.sleep(0.02)


def test_a_skill_is_live_everywhere(
    gateways: list[RunningGateway], workspace: Workspace, seconds: float
) -> None:
    make_skill(workspace.id, "iso-dates", reach="always")

    _until(
        gateways,
        seconds,
        lambda one: one.chat(chat_body(), key=workspace.key).skills == ["iso-dates@1"],
    )
    skill_retire(tenant_id=workspace.id, actor=SYSTEM, slug="iso-dates")
    _until(gateways, seconds, lambda one: not one.chat(chat_body(), key=workspace.key).skills)


def test_a_revoked_key_is_refused_everywhere(
    gateways: list[RunningGateway], workspace: Workspace, seconds: float
) -> None:
    key_revoke(tenant_id=workspace.id, actor=SYSTEM, key_id=workspace.key_id)

    _until(gateways, seconds, lambda one: one.chat(chat_body(), key=workspace.key).status == 401)


def test_the_keys_of_a_workspace_that_is_to_go_are_refused_everywhere_until_that_is_undone(
    gateways: list[RunningGateway], workspace: Workspace, seconds: float
) -> None:
    name = tenant_get(tenant_id=workspace.id).name
    deletion_ask(tenant_id=workspace.id, actor=OWNER, name=name)

    _until(gateways, seconds, lambda one: one.chat(chat_body(), key=workspace.key).status == 401)
    deletion_undo(tenant_id=workspace.id, actor=OWNER)
    _until(gateways, seconds, lambda one: one.chat(chat_body(), key=workspace.key).status == 200)


def test_a_new_key_works_at_once(gateways: list[RunningGateway], workspace: Workspace) -> None:
    _, key = workspace.new_key()

    assert [one.chat(chat_body(), key=key).status for one in gateways] == [200, 200]


def test_a_new_key_works_while_an_older_change_is_still_being_loaded(
    gateways: list[RunningGateway], workspace: Workspace
) -> None:
    for _ in range(8):
        row, _ = workspace.new_key()
        key_revoke(tenant_id=workspace.id, actor=SYSTEM, key_id=row.id)
        _, key = workspace.new_key()

        assert [one.chat(chat_body(), key=key).status for one in gateways] == [200, 200]


def test_settings_and_providers_arrive_too(
    gateways: list[RunningGateway], workspace: Workspace, seconds: float
) -> None:
    assert workspace.upstream_id is not None
    upstream_update(
        tenant_id=workspace.id,
        actor=SYSTEM,
        upstream_id=workspace.upstream_id,
        base_url=f"http://127.0.0.1:{free_port()}/v1",
        api_key="new",
    )

    _until(gateways, seconds, lambda one: one.chat(chat_body(), key=workspace.key).status == 502)
