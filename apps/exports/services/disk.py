"""Where the files of exports are: a folder for each workspace, in it one for each export."""

import shutil
from pathlib import Path
from uuid import UUID

from django.conf import settings

_MODE = 0o700


def folder_of(tenant_id: UUID) -> Path:
    """Everything on disk of a workspace's exports."""
    root: Path = settings.METACLAW_EXPORTS_DIR
    return root / tenant_id.hex


def parts_folder(tenant_id: UUID, export_id: UUID) -> Path:
    """The folder in which an export is put together; made if it is not there."""
    folder = _parts(tenant_id, export_id)
    folder.mkdir(mode=_MODE, parents=True, exist_ok=True)
    return folder


def archive_path(tenant_id: UUID, export_id: UUID) -> Path:
    """The finished export."""
    return folder_of(tenant_id) / f"{export_id.hex}.zip"


def parts_remove(tenant_id: UUID, export_id: UUID) -> None:
    shutil.rmtree(_parts(tenant_id, export_id), ignore_errors=True)


def export_remove_files(tenant_id: UUID, export_id: UUID) -> None:
    """Whatever there is of an export. Safe to do again."""
    parts_remove(tenant_id, export_id)
    archive_path(tenant_id, export_id).unlink(missing_ok=True)


def workspace_remove_files(tenant_id: UUID) -> int:
    """All exports of a workspace; answers with how many files that were."""
    folder = folder_of(tenant_id)
    found = sum(path.is_file() for path in folder.rglob("*")) if folder.is_dir() else 0
    shutil.rmtree(folder, ignore_errors=True)
    return found


def workspaces_on_disk() -> list[UUID]:
    """Those of which there are files."""
    root: Path = settings.METACLAW_EXPORTS_DIR
    names = [entry.name for entry in root.iterdir()] if root.is_dir() else []
    return [UUID(hex=name) for name in names if len(name) == 32]


def _parts(tenant_id: UUID, export_id: UUID) -> Path:
    return folder_of(tenant_id) / export_id.hex
