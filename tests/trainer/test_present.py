"""Whether the trainer is here at all."""

import pytest

from tests.trainer.conftest import MISSING


def test_the_trainers_packages_are_installed():
    if MISSING:
        pytest.skip(f"{', '.join(MISSING)} is not installed; make trainer-environment brings it")
