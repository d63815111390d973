"""Two workspaces that all tests of a module look at: made once, put back after each test."""

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.architecture.world import Workspace, make_workspace


@pytest.fixture(scope="module")
def worlds(django_db_setup, django_db_blocker) -> Iterator[tuple[Workspace, Workspace]]:
    """Our workspace and theirs, in a transaction that ends with the module.

    Each test runs in a transaction inside it (``db``), and what it writes goes with that one.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield make_workspace("ours"), make_workspace("theirs")
        transaction.set_rollback(True)


@pytest.fixture
def ours(worlds, db) -> Workspace:
    return worlds[0]


@pytest.fixture
def theirs(worlds, db) -> Workspace:
    return worlds[1]
