"""Workers are killed (SIGKILL) while they export and delete: the end is the same."""

import os
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import pytest

from apps.core.tenancy import tenant_tx
from apps.exports.container.checking import verify
from apps.exports.models import Export, ExportFile
from apps.exports.services import rows
from apps.jobs.models import Job
from apps.tenants.models import Tenant
from tests import database
from tests.architecture.world import rows_of
from tests.exports.deleting import ask, let_time_pass, tables_with
from tests.exports.reading import finished, path_of, stored
from tests.factories import TenantFactory, make_export, make_skill, make_turn

ROOT = Path(__file__).parents[2]
NURSERY = """
import sys, uuid
import django
django.setup()
from tests.exports.kill_worker import main
main(uuid.UUID(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
"""
KILLS = 12


@pytest.fixture
def tenant(committed_db) -> Tenant:
    tenant = TenantFactory()
    make_skill(tenant.id)
    for number in range(20):
        make_turn(tenant.id, score=(-1) ** number)
    return tenant


def work_and_be_killed(tenant_id: UUID, kind: str, folder: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", NURSERY, str(tenant_id), kind, str(KILLS)],
        cwd=ROOT,
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "metaclaw_web.settings.test",
            "DATABASE_URL": database.url(),
            "METACLAW_EXPORTS_DIR": str(folder),
        },
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


def test_an_export_is_the_same_bytes(tenant, exports_folder, monkeypatch):
    monkeypatch.setattr(rows, "FILE_ROWS", 3)
    export = finished(make_export(tenant.id))
    whole = path_of(export).read_bytes()
    path_of(export).unlink()
    with tenant_tx(tenant.id):
        ExportFile.objects.for_tenant(tenant.id).delete()
        Export.objects.for_tenant(tenant.id).update(
            status="running", at_table=0, after_id=None, rows=0, sha256="", manifest=None
        )
        Job.objects.for_tenant(tenant.id).update(status="queued", finished_at=None)

    killed = work_and_be_killed(tenant.id, "exports.export", exports_folder)

    assert killed > 0
    assert stored(export).status == "ready"
    assert path_of(export).read_bytes() == whole
    assert verify(path_of(export)).rows == 20


def test_a_deletion_ends_where_it_would_have_ended(tenant, exports_folder):
    theirs = TenantFactory()
    make_turn(theirs.id)
    untouched = rows_of(theirs.id)
    finished(make_export(tenant.id))
    ask(tenant)
    let_time_pass(tenant)

    killed = work_and_be_killed(tenant.id, "exports.delete_workspace", exports_folder)

    assert killed > KILLS // 3
    assert not Tenant.objects.filter(id=tenant.id).exists()
    assert tables_with(str(tenant.id)) == {}
    assert not any(exports_folder.rglob("*.zip"))
    assert rows_of(theirs.id) == untouched
