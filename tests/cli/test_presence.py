"""`metaclaw presence`: platforms as they answer, and the command against the real interface."""

import pytest

from apps.core.tenancy import tenant_tx
from apps.tenants.services import key_create
from apps.tenants.types import SYSTEM
from apps.training.models import Presence
from metaclaw_web.cli.errors import Refused
from metaclaw_web.cli.presence import command
from metaclaw_web.cli.presence.command import Watch
from metaclaw_web.cli.presence.idle import CannotTell, idle_of_platform, of_ioreg

IOREG = '    | |   "HIDIdleTime" = 5230000000\n    | |   "Other" = 1\n'


def platform(answers: dict[str, str]):
    def run(command: list[str]) -> str:
        if command[0] not in answers:
            raise CannotTell(f"{command[0]} does not answer")
        return answers[command[0]]

    return run


@pytest.fixture(autouse=True)
def _desktop(monkeypatch):
    monkeypatch.setenv("XDG_SESSION_ID", "2")
    monkeypatch.setenv("DISPLAY", ":0")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)


@pytest.mark.parametrize(
    "name, answers, seconds",
    [
        ("linux", {"xprintidle": "61500\n"}, 61.5),
        ("linux", {"gdbus": "(uint64 4200,)\n"}, 4.2),
        ("linux", {"loginctl": "IdleHint=no\nIdleSinceHint=0\n"}, 0.0),
        ("darwin", {"ioreg": IOREG}, 5.23),
    ],
)
def test_each_platform_says_it_in_its_own_way(name, answers, seconds):
    idle = idle_of_platform(name, platform(answers))

    assert idle is not None
    assert idle() == pytest.approx(seconds)


def test_logind_says_since_when(monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1_000_000_090.0)
    answer = "IdleHint=yes\nIdleSinceHint=1000000000000000\n"

    idle = idle_of_platform("linux", platform({"loginctl": answer}))

    assert idle is not None
    assert idle() == 90.0


@pytest.mark.parametrize("name", ["linux", "darwin", "win32"])
def test_a_platform_that_says_nothing_is_not_guessed(name):
    assert idle_of_platform(name, platform({"ioreg": "nothing", "loginctl": "IdleHint=\n"})) is None


def test_an_x_server_under_wayland_is_not_believed(monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")

    idle = idle_of_platform("linux", platform({"xprintidle": "1", "gdbus": "(uint64 9000,)"}))

    assert idle is not None
    assert idle() == 9.0


def test_a_registry_without_the_number():
    with pytest.raises(CannotTell):
        of_ioreg("no such thing")


@pytest.fixture
def presence(metaclaw, tenant):
    _, key = key_create(tenant_id=tenant.id, actor=SYSTEM, name="laptop", scopes=["gateway"])

    def call(*options: str):
        return metaclaw("--api-key", key, "presence", "--once", *options)

    return call


def is_present(tenant) -> bool:
    with tenant_tx(tenant.id):
        return Presence.objects.for_tenant(tenant.id).exists()


def test_a_keyboard_in_use_is_told_with_a_gateway_key(presence, tenant, monkeypatch):
    monkeypatch.setattr(command, "idle_of_platform", lambda: lambda: 3.0)

    result = presence()

    assert (result.exit_code, "in use" in result.output) == (0, True), result.output
    assert is_present(tenant)


def test_an_idle_keyboard_is_not(presence, tenant, monkeypatch):
    monkeypatch.setattr(command, "idle_of_platform", lambda: lambda: 300.0)

    result = presence()

    assert "idle" in result.output
    assert not is_present(tenant)


def test_a_platform_that_cannot_tell_is_said_and_always_helps(presence, tenant, monkeypatch):
    monkeypatch.setattr(command, "idle_of_platform", lambda: None)

    refused, always = presence(), presence("--always")

    assert refused.exit_code == 2
    assert "--always" in refused.output
    assert always.exit_code == 0
    assert is_present(tenant)


class Console:
    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)

    def post(self, path: str) -> None:
        assert path == "training/presence/"
        if answer := self.answers.pop(0):
            raise answer


def test_a_console_that_restarts_is_waited_for_and_one_that_refuses_is_not():
    said: list[str] = []
    console = Console(
        Refused(503, "", "Away."), Refused(503, "", "Away."), None, Refused(401, "", "No.")
    )
    watch = Watch(console, lambda: 0.0, idle_after=60, say=said.append)  # type: ignore[arg-type]

    for _ in range(3):
        watch.look()

    assert said == ["Away.", "The keyboard is in use: nothing trains."]
    with pytest.raises(Refused):
        watch.look()
