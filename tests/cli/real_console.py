"""The command line against the real REST interface, in this process and this transaction."""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from rest_framework.test import APIClient
from typer.testing import CliRunner, Result

from apps.tenants.services import key_create
from apps.tenants.types import SYSTEM
from metaclaw_web.cli import http
from metaclaw_web.cli.app import app

Command = Callable[..., Result]


class _IntoDjango(httpx2.BaseTransport):
    """Requests as they would go over the wire, answered within the test's transaction."""

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        answer = APIClient().generic(
            request.method,
            request.url.raw_path.decode(),
            request.read(),
            content_type=request.headers.get("content-type", "application/octet-stream"),
            headers={"authorization": request.headers["authorization"]},
        )
        return httpx2.Response(
            answer.status_code, headers=dict(answer.items()), content=answer.content
        )


@pytest.fixture
def metaclaw(tenant, monkeypatch: pytest.MonkeyPatch, tmp_path_factory) -> Command:
    """Run a command with an admin key of the workspace."""
    _, key = key_create(tenant_id=tenant.id, actor=SYSTEM, name="cli", scopes=["admin"])

    def open_client(base_url: str, *, token: str = "", **_: object) -> httpx2.Client:
        headers = {"authorization": f"Bearer {token}"}
        return httpx2.Client(base_url=base_url, headers=headers, transport=_IntoDjango())

    monkeypatch.setattr(http, "open_client", open_client)
    options = ["--console-url", "http://localhost", "--tenant", tenant.slug, "--admin-key", key]
    nowhere: Path = tmp_path_factory.mktemp("var")

    def call(*arguments: str) -> Result:
        environment = {"COLUMNS": "200", "METACLAW_VAR_DIR": str(nowhere)}
        return CliRunner().invoke(app, [*options, *arguments], env=environment)

    return call
