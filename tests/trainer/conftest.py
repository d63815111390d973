"""One trainer for all tests of a worker, and two tenants that use it."""

import gc
import warnings
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.trainer.process import TrainerProcess

NEEDED = ("torch", "tinker", "transformers")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker("trainer")
            # The SDK leaves sockets to the garbage collector when a client is closed.
            item.add_marker(
                pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
            )


MISSING = [name for name in NEEDED if find_spec(name) is None]
# Modules that import what is not installed cannot even be read; test_present says so.
if MISSING:
    able = {"test_keys.py", "test_present.py"}
    collect_ignore = [
        path.name for path in Path(__file__).parent.glob("test_*.py") if path.name not in able
    ]


@pytest.fixture(autouse=True)
def quiet(monkeypatch) -> None:
    """The SDK must neither report to anybody nor find somebody's own key."""
    monkeypatch.setenv("TINKER_TELEMETRY", "0")
    for name in ("TINKER_API_KEY", "TINKER_BASE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="package", autouse=True)
def sockets_left_behind() -> Iterator[None]:
    """Collected here, where nobody minds, and not during the tests that follow."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.fixture(scope="session")
def trainer(tmp_path_factory) -> Iterator[TrainerProcess]:
    process = TrainerProcess(tmp_path_factory.mktemp("trainer") / "data")
    process.key("nobody")
    yield process.start()
    process.stop()


@pytest.fixture(scope="session")
def key(trainer) -> str:
    return trainer.key("ours")


@pytest.fixture(scope="session")
def other_key(trainer) -> str:
    return trainer.key("theirs")


@pytest.fixture
def connect(trainer) -> Iterator[Callable[..., Any]]:
    """Clients of the real SDK, closed after the test."""
    from tests.trainer.sdk import service

    opened = []

    def make(key: str, url: str = trainer.url) -> Any:
        opened.append(service(url, key))
        return opened[-1]

    yield make
    for client in opened:
        client.close("success").result(timeout=30)


@pytest.fixture
def client(connect, key) -> Any:
    return connect(key)
