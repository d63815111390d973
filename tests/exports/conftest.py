from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def exports_folder(settings, tmp_path) -> Path:
    settings.METACLAW_EXPORTS_DIR = tmp_path / "exports"
    return settings.METACLAW_EXPORTS_DIR
