from types import SimpleNamespace

import pytest
from allauth.mfa.totp.internal import auth
from django.core.cache import cache

from tests.tenants.signing_in import NOW


@pytest.fixture
def no_earlier_attempts():
    """Limits of attempts and used codes are remembered in the process."""
    cache.clear()


@pytest.fixture
def clock(monkeypatch):
    """Codes of authenticator apps are checked at one moment; a test may move it."""
    time = SimpleNamespace(now=NOW)
    monkeypatch.setattr(auth, "time", SimpleNamespace(time=lambda: time.now))
    return time
