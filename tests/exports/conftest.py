from pathlib import Path

import pytest

from apps.exports.services.deleting import running
from apps.training.services.checkpoints import LetGo


@pytest.fixture(autouse=True)
def exports_folder(settings, tmp_path) -> Path:
    settings.METACLAW_EXPORTS_DIR = tmp_path / "exports"
    return settings.METACLAW_EXPORTS_DIR


@pytest.fixture(autouse=True)
def trainers_that_answer(monkeypatch) -> None:
    """The trainers of the workspaces here are nowhere; a deletion would wait a day for them."""
    monkeypatch.setattr(running, "workspace_let_go", lambda tenant_id: LetGo(gone=0, left=0))
