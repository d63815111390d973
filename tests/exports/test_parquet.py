"""Turns as Parquet: the same rows, typed, checked like lines."""

import io
import json
import zipfile

import pytest

from apps.core.tenancy import tenant_tx
from apps.exports.container import checking, writing
from apps.exports.container.checking import verify
from apps.exports.errors import ExportImpossible
from apps.exports.models import Export, ExportFile
from apps.exports.services import rows
from apps.jobs.models import Job
from apps.trajectories.selectors import TURN_COLUMNS
from tests.exports.reading import finished, lines_of, manifest_of, path_of
from tests.factories import make_export, make_turn


def read(path) -> list[dict]:
    parquet = pytest.importorskip("pyarrow.parquet")
    found = []
    with zipfile.ZipFile(path) as archive:
        for entry in manifest_of(path)["files"]:
            found += parquet.read_table(io.BytesIO(archive.read(entry["name"]))).to_pylist()
    return found


@pytest.fixture
def export(tenant, monkeypatch) -> Export:
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(rows, "FILE_ROWS", 2)
    for score in (-1, None, 1):
        make_turn(tenant.id, score=score)
    return finished(make_export(tenant.id, encoding="parquet"))


def test_a_turn_is_the_same_as_in_lines(tenant, export):
    lines = lines_of(path_of(finished(make_export(tenant.id))))

    table = read(path_of(export))

    assert list(table[0]) == list(TURN_COLUMNS)
    for row, line in zip(table, lines, strict=True):
        for name, kind in TURN_COLUMNS.items():
            value = row[name]
            plain = json.loads(value) if kind == "json" and value is not None else value
            assert plain == line[name], name


def test_its_files_have_the_same_columns_whatever_is_empty_in_them(export):
    parquet = pytest.importorskip("pyarrow.parquet")
    with zipfile.ZipFile(path_of(export)) as archive:
        names = [entry["name"] for entry in manifest_of(path_of(export))["files"]]
        schemas = [parquet.read_schema(io.BytesIO(archive.read(name))) for name in names]

    assert len(schemas) == 2
    assert schemas[0] == schemas[1]


def test_it_is_checked_like_any_other(export):
    assert verify(path_of(export)).rows == 3
    assert verify(path_of(export)).is_whole


def test_made_again_it_is_the_same_bytes(tenant, export):
    whole = path_of(export).read_bytes()
    with tenant_tx(tenant.id):
        ExportFile.objects.for_tenant(tenant.id).delete()
        Export.objects.for_tenant(tenant.id).update(
            status="running", at_table=0, after_id=None, rows=0, sha256="", manifest=None
        )
        Job.objects.for_tenant(tenant.id).update(status="queued", finished_at=None)

    finished(export)

    assert path_of(export).read_bytes() == whole


def test_rows_that_cannot_be_counted_are_said_to_be_so(export, monkeypatch):
    monkeypatch.setattr(checking, "_rows_in", lambda file: None)

    report = verify(path_of(export))

    assert report.is_whole
    assert len(report.uncounted) == 2


def test_without_the_package_it_is_refused(tenant, monkeypatch):
    def missing():
        raise writing.ParquetMissing("not installed")

    monkeypatch.setattr(writing, "_pyarrow", missing)

    with pytest.raises(ExportImpossible, match="no Parquet"):
        make_export(tenant.id, encoding="parquet")
