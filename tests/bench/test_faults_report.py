"""Rows that are run, and what is printed and kept of them."""

import json
import random

import pytest

from bench import report
from bench.aims import Aim
from bench.errors import BenchError
from bench.faults import finding, run, soak, tables
from bench.faults.finding import Finding, none_of
from tests.bench.test_report import make_report

FINE = Finding([none_of("things lost", 0, of="100")], {"fine: things": 100.0})


def broken(stage, extent) -> Finding:
    raise OSError("no such thing")


def run_rows(monkeypatch, tmp_path, only=(), **rows) -> run.Faults:
    monkeypatch.setattr(run, "ROWS", rows)
    return run.run(finding.quick(), only=only, folder=tmp_path, say=lambda line: None)


def test_a_row_that_breaks_has_failed_and_the_others_go_on(monkeypatch, tmp_path):
    found = run_rows(monkeypatch, tmp_path, broken=broken, fine=lambda stage, extent: FINE)

    assert [(aim.name, aim.is_met) for aim in found.aims] == [
        ("broken", False),
        ("things lost", True),
    ]
    assert not found.is_met
    assert list(tmp_path.iterdir()) == []


def test_only_the_rows_that_were_named_are_run(monkeypatch, tmp_path):
    found = run_rows(
        monkeypatch, tmp_path, ["fine"], broken=broken, fine=lambda stage, extent: FINE
    )

    assert found.is_met
    with pytest.raises(BenchError, match="there is only broken"):
        run_rows(monkeypatch, tmp_path, ["soke"], broken=broken)


def test_a_count_of_nothing_is_what_is_wanted():
    assert none_of("lost", 0, of="9").is_met
    assert none_of("lost", 1, of="9") == Aim("lost", "0", "1 of 9", is_met=False)


@pytest.mark.parametrize(
    "mb_an_hour, noise, is_met", [(0.0, 0.3, True), (40.0, 0.05, False), (-40.0, 0.05, True)]
)
def test_memory_that_grows_is_told_from_memory_that_trembles(mb_an_hour, noise, is_met):
    shaken = random.Random(3)
    points = [
        (float(s), 140 + s * mb_an_hour / 3600 + shaken.uniform(-noise, noise)) for s in range(300)
    ]

    assert soak.of_slope(points, minutes=5).is_met is is_met


def test_the_tables_say_what_is_excluded(monkeypatch, tmp_path):
    found = run_rows(monkeypatch, tmp_path, fine=lambda stage, extent: FINE)

    for text in (tables.text(found), tables.markdown(found)):
        assert "things lost" in text
        assert text.index("things lost") < text.index("Excluded") < text.index("- Power loss")
    assert "Excluded" in report.text(make_report(True))


def test_speed_and_faults_keep_each_others_results(monkeypatch, tmp_path):
    found = run_rows(monkeypatch, tmp_path, fine=lambda stage, extent: FINE)
    path, document = tmp_path / "results.json", tmp_path / "benchmarks.md"
    document.write_text(
        "<!-- results: begin -->\n<!-- results: end -->\n"
        "<!-- faults: begin -->\nof last year\n<!-- faults: end -->\nThe rest.\n"
    )

    report.write_json(make_report(True), path)
    tables.write_json(found, path)
    report.write_json(make_report(True), path)
    tables.write_into(document, found)
    report.write_into(document, make_report(True))

    kept = json.loads(path.read_text())
    assert kept["faults"]["aims"][0]["measured"] == "0 of 100"
    assert kept["machine"]["cores"] == 2
    written = document.read_text()
    assert "things lost" in written
    assert "req/s" in written
    assert "of last year" not in written
    assert written.endswith("<!-- faults: end -->\nThe rest.\n")
